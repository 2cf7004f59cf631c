import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Channel } from '../../src/channels/channel.ts'
import type { Landing } from '../../src/channels/pages-landing.ts'
import type { PagesChannelOptions } from '../../src/channels/pages.ts'
import type { Package } from '../../src/model.ts'
import { gitIn } from '../../testing/git.ts'
import { type Site, startSite } from '../github/site.ts'
import { facts, releaseOf, textOf } from '../site/setting.ts'
import { openChannel } from './pages-channel.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
})
afterEach(async () => {
  await site.close()
})

const branch = 'gh-pages'

function landingOf(mode: 'auto' | 'true'): Landing {
  return {
    mode,
    facts,
    describe: async ({ name, version }) => releaseOf(version, { name }),
  }
}

function open(
  mode: 'auto' | 'true' | 'false',
  options: Partial<PagesChannelOptions> = {},
): Channel {
  return openChannel(site, {
    baseUrl: facts.baseUrl,
    landing: mode === 'false' ? undefined : landingOf(mode),
    ...options,
  })
}

async function released(version: string, name = 'demo'): Promise<Package> {
  const made = await site.pack({ version, name })
  const asset = {
    name: made.fileName,
    content: `archive of ${name} ${version}`,
  }
  const [release] = site.server.releases()
  if (release === undefined)
    await site.server.createRelease({ tag: 'all', assets: [asset] })
  else site.server.addAsset(release.id, asset)
  return made
}

async function publish(
  channel: Channel,
  ...made: readonly Package[]
): Promise<void> {
  await channel.publish(made.map((one) => ({ package: one })))
}

async function read(file: string): Promise<string> {
  return String(await site.server.readBranchFile(branch, file))
}

async function files(): Promise<readonly string[]> {
  return await site.server.listBranchFiles(branch)
}

const older = { '.nojekyll': '', 'notes.txt': 'kept by hand\n' }

describe('the page', () => {
  test('comes with the index, in one commit', async () => {
    await publish(open('auto'), await released('1.2.3'))
    expect(await files()).toEqual([
      '.nojekyll',
      'index.html',
      'index.yaml',
      'landing-page.json',
    ])
    expect(await site.server.branchCommits(branch)).toHaveLength(1)
    expect(await read('index.html')).toContain('1.2.3')
  })

  test('follows the next version, and remembers other charts', async () => {
    await publish(open('auto'), await released('1.2.3'))
    await publish(open('auto'), await released('0.1.0', 'other'))
    expect(await site.server.branchCommits(branch)).toHaveLength(2)
    const page = await read('index.html')
    expect(page).toContain('<bdi>other</bdi>')
    expect(textOf(page)).toContain('oci://ghcr.io/acme/charts/demo')
  })

  test('P4: again changes nothing', async () => {
    const made = await released('1.2.3')
    await publish(open('true'), made)
    site.forget()
    expect(await open('true').locate(made)).toMatchObject({ lacks: [] })
    await publish(open('true'), made)
    expect(site.mutations()).toEqual([])
  })

  test('of many charts is written where it changes only', async () => {
    const made = []
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      made.push(await released('1.0.0', name))
    await publish(open('auto'), ...made)
    expect(await files()).toContain('charts/e.html')
    site.forget()
    await publish(open('auto'), await released('1.1.0', 'c'))
    const changed = await gitIn(site.server.gitDirectory)([
      'diff',
      '--name-only',
      `${branch}~1`,
      branch,
    ])
    expect(String(changed).trim().split('\n')).toEqual([
      'charts/c.html',
      'index.html',
      'index.yaml',
      'landing-page.json',
    ])
    // Many files are no more requests than one.
    expect(site.mutations().filter((one) => one.includes('git/'))).toHaveLength(
      3,
    )
  })

  test('P6: a chart’s page that somebody else wrote stays', async () => {
    const made = []
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      made.push(await released('1.0.0', name))
    await site.server.commitToBranch(branch, {
      ...older,
      'charts/c.html': '<title>Ours</title>\n',
    })
    await publish(open('true'), ...made)
    expect(await read('charts/c.html')).toBe('<title>Ours</title>\n')
    expect(await read('charts/d.html')).toContain('1.0.0')
  })

  test('P6: one that was written over by hand stays, too', async () => {
    await publish(open('auto'), await released('1.2.3'))
    await site.server.commitToBranch(branch, { 'index.html': 'Mine\n' })
    await publish(open('auto'), await released('1.3.0'))
    await publish(open('true'), await released('1.4.0'))
    expect(await read('index.html')).toBe('Mine\n')
  })
})

describe('an older branch', () => {
  test('auto: gets none', async () => {
    await site.server.commitToBranch(branch, older)
    await publish(open('auto'), await released('1.2.3'))
    expect(await files()).toEqual(['.nojekyll', 'index.yaml', 'notes.txt'])
    expect(site.logged.join('\n')).not.toContain('landing page')
  })

  test('true: gets one, also when the version is there already', async () => {
    await site.server.commitToBranch(branch, older)
    const made = await released('1.2.3')
    await publish(open('auto'), made)
    const channel = open('true')
    const location = await channel.locate(made)
    expect(location).toMatchObject({ state: 'found', lacks: ['landing page'] })
    const [found] = location.state === 'found' ? location.publications : []
    await channel.publish([{ package: made, found }])
    expect(await read('index.html')).toContain('1.2.3')
    expect((await site.server.branchCommits(branch))[0]).toMatchObject({
      message: 'Add what is missing to the Helm repository',
    })
  })

  test.each(['index.html', 'index.md', 'README.md', '_config.yml'])(
    'P6: true: never beside %s, with a warning',
    async (home) => {
      await site.server.commitToBranch(branch, { ...older, [home]: 'Mine\n' })
      const made = await released('1.2.3')
      await publish(open('true'), made)
      expect(await read(home)).toBe('Mine\n')
      expect(await files()).not.toContain('landing-page.json')
      expect(site.logged).toContainEqual(
        expect.stringMatching(
          /^pages-site: no landing page .* Remove that file/,
        ),
      )
      expect(await open('true').locate(made)).toMatchObject({ lacks: [] })
    },
  )

  test.each<[string, Record<string, string>]>([
    ['a memory', { 'landing-page.json': '{}\n' }],
    ['a file in the place of the pages', { charts: 'Mine\n' }],
  ])('P6: true: nor beside %s of somebody else', async (_, there) => {
    await site.server.commitToBranch(branch, { ...older, ...there })
    await publish(open('true'), await released('1.2.3'))
    expect(await files()).not.toContain('index.html')
    expect(site.logged.join('\n')).toContain('this action did not write it')
  })

  test('false: gets none, and one that is there stays', async () => {
    await publish(open('auto'), await released('1.2.3'))
    const page = await read('index.html')
    await publish(open('false'), await released('1.3.0'))
    expect(await read('index.html')).toBe(page)
  })
})

test('lies beside an index in a folder', async () => {
  await site.server.commitToBranch(branch, { ...older, 'index.html': 'Mine\n' })
  await publish(open('true', { directory: 'a/b' }), await released('1.2.3'))
  expect(await files()).toEqual([
    '.nojekyll',
    'a/b/index.html',
    'a/b/index.yaml',
    'a/b/landing-page.json',
    'index.html',
    'notes.txt',
  ])
})

test('is part of the pull request', async () => {
  await site.server.commitToBranch(branch, older)
  const options = { proposalBranch: 'chart-release/gh-pages/v1.2.3' }
  const made = await released('1.2.3')
  await publish(open('true', options), made)
  await publish(open('true', options), made)
  expect(await files()).toEqual(['.nojekyll', 'notes.txt'])
  expect(await site.server.listBranchFiles(options.proposalBranch)).toContain(
    'index.html',
  )
  expect(site.server.pulls()).toHaveLength(1)
})

test('a second proposal keeps what the first one knew', async () => {
  await publish(open('auto'), await released('0.1.0', 'other'))
  const options = { proposalBranch: 'chart-release/gh-pages/main' }
  await publish(open('auto', options), await released('1.2.3'))
  await publish(open('auto', options), await released('0.2.0', 'other'))
  const page = String(
    await site.server.readBranchFile(options.proposalBranch, 'index.html'),
  )
  for (const command of [
    'helm install demo oci://ghcr.io/acme/charts/demo --version 1.2.3',
    'git clone --depth 1 --branch v0.2.0',
  ])
    expect(textOf(page)).toContain(command)
})

test('a page that cannot be made keeps no version from being listed', async () => {
  const broken: Landing = {
    ...landingOf('auto'),
    facts: { ...facts, baseUrl: 'no address', repositoryUrl: '' },
  }
  await publish(open('auto', { landing: broken }), await released('1.2.3'))
  expect(await files()).toEqual(['.nojekyll', 'index.yaml'])
  expect(site.logged.join('\n')).toContain('The landing page is not written')
})

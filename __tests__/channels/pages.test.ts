import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Publication } from '../../src/model.ts'
import type { Channel } from '../../src/channels/channel.ts'
import type { PagesChannelOptions } from '../../src/channels/pages.ts'
import { digestOf } from '../../src/digest.ts'
import type { Package } from '../../src/model.ts'
import { startPages } from '../../testing/pages.ts'
import { type Site, startSite } from '../github/site.ts'
import { openChannel } from './pages-channel.ts'
import { indexOf } from './index-text.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
})
afterEach(async () => {
  await site.close()
})

const branch = 'gh-pages'
const wanted = { name: 'demo', version: '1.2.3' }

function open(options: Partial<PagesChannelOptions> = {}): Channel {
  return openChannel(site, options)
}

/** A package whose archive can be downloaded from a release. */
async function released(wish: {
  version: string
  name?: string
}): Promise<Package> {
  const made = await site.pack(wish)
  const content = `archive of ${made.name} ${made.version}`
  const asset = { name: made.fileName, content }
  const [release] = site.server.releases()
  if (release === undefined)
    await site.server.createRelease({ tag: 'all', assets: [asset] })
  else site.server.addAsset(release.id, asset)
  return made
}

async function index(file = 'index.yaml'): Promise<string> {
  return String(await site.server.readBranchFile(branch, file))
}

describe('publishing', () => {
  test('makes the branch with the index and .nojekyll', async () => {
    const made = await released(wanted)
    const channel = open()
    expect(await channel.locate(wanted)).toEqual({ state: 'absent' })
    const [publication] = await channel.publish([{ package: made }])
    expect(await site.server.listBranchFiles(branch)).toEqual([
      '.nojekyll',
      'index.yaml',
    ])
    expect(await site.server.branchCommits(branch)).toMatchObject([
      { message: 'Add demo 1.2.3 to the Helm repository', parents: [] },
    ])
    expect(publication).toMatchObject({
      channel: 'pages',
      target: 'https://acme.github.io/charts/index.yaml',
      reference: `${site.server.serverUrl}/acme/charts/releases/download/all/demo-1.2.3.tgz`,
      digest: made.digest,
    })
    expect(await index()).toContain(`digest: ${made.digest.slice(7)}`)
    expect(await index()).toContain(String(publication?.reference))
  })

  test('P4: again changes nothing', async () => {
    const made = await released(wanted)
    const channel = open()
    await channel.publish([{ package: made }])
    site.forget()
    expect(await channel.locate(wanted)).toMatchObject({
      state: 'found',
      publications: [{ packageDigest: made.digest }],
      lacks: [],
    })
    await channel.publish([{ package: made }])
    expect(site.mutations()).toEqual([])
  })

  test('several charts come in one commit', async () => {
    const one = await released(wanted)
    const other = await released({ name: 'other', version: '0.1.0' })
    await open().publish([{ package: one }, { package: other }])
    expect(await site.server.branchCommits(branch)).toMatchObject([
      {
        message:
          'Add 2 charts to the Helm repository\n\ndemo 1.2.3\nother 0.1.0',
      },
    ])
    expect((await open().locate(wanted)).state).toBe('found')
    expect((await open().locate(other)).state).toBe('found')
  })

  test('P6: on an older branch only the index changes, and only by lines', async () => {
    const made = await released({ version: '1.3.0' })
    const before = indexOf({ url: 'demo-1.2.3.tgz', digest: digestOf('x') })
    const others = { 'README.md': '# Charts\r\n', 'demo-1.2.3.tgz': 'x' }
    await site.server.commitToBranch(branch, {
      ...others,
      'index.yaml': before,
    })
    await open().publish([{ package: made }])
    expect(await site.server.listBranchFiles(branch)).toEqual([
      'README.md',
      'demo-1.2.3.tgz',
      'index.yaml',
    ])
    for (const [file, content] of Object.entries(others))
      expect(await index(file)).toBe(content)
    const after = (await index()).split('\n')
    const kept = before.split('\n')
    expect(after.filter((line) => kept.includes(line)).length).toBeGreaterThan(
      kept.length - 1,
    )
    expect(await index()).toMatch(/^# kept by hand\n/)
  })

  test('the index of a folder is found and written there', async () => {
    const made = await released(wanted)
    const channel = open({ directory: 'helm/stable' })
    await channel.publish([{ package: made }])
    expect(await site.server.listBranchFiles(branch)).toEqual([
      '.nojekyll',
      'helm/stable/index.yaml',
    ])
    expect((await channel.locate(wanted)).state).toBe('found')
    expect(await open().locate(wanted)).toEqual({ state: 'absent' })
  })

  test("two charts' jobs at once lose no entry", async () => {
    const one = await released(wanted)
    const other = await released({ name: 'other', version: '0.1.0' })
    await Promise.all(
      [one, other].map(
        async (made) =>
          await open({ github: site.connect() }).publish([{ package: made }]),
      ),
    )
    expect((await open().locate(one)).state).toBe('found')
    expect((await open().locate(other)).state).toBe('found')
  })

  test('P3: an archive that cannot be downloaded is not listed', async () => {
    const made = await site.pack(wanted)
    await expect(open().publish([{ package: made }])).rejects.toThrow(
      expect.objectContaining({ code: 'PAGES_FAILED' }),
    )
    expect(await site.server.branchHead(branch)).toBeNull()
  })

  test('P3: nor is one that is served with other bytes', async () => {
    await released(wanted)
    const made = await site.pack({ ...wanted, content: 'other' })
    await expect(open().publish([{ package: made }])).rejects.toThrow(
      /serves sha256:/,
    )
    expect(await site.server.branchHead(branch)).toBeNull()
  })

  test('P5: a version that is listed with another digest stays', async () => {
    const made = await released(wanted)
    const before = indexOf({ url: 'demo-1.2.3.tgz', digest: digestOf('x') })
    await site.server.commitToBranch(branch, { 'index.yaml': before })
    site.forget()
    await expect(open().publish([{ package: made }])).rejects.toThrow(
      expect.objectContaining({ code: 'VERSION_CONFLICT' }),
    )
    expect(site.mutations()).toEqual([])
  })

  test('a file that is no index is INDEX_INVALID, and stays', async () => {
    const made = await released(wanted)
    await site.server.commitToBranch(branch, { 'index.yaml': 'hello: world\n' })
    site.forget()
    const refusal = expect.objectContaining({ code: 'INDEX_INVALID' })
    await expect(open().locate(wanted)).rejects.toThrow(refusal)
    await expect(open().publish([{ package: made }])).rejects.toThrow(refusal)
    expect(site.mutations()).toEqual([])
  })
})

describe('what is listed', () => {
  const first = ({ publications }: { publications: readonly Publication[] }) =>
    publications[0] as Publication

  async function located(text: string): Promise<Publication> {
    await site.server.commitToBranch(branch, { 'index.yaml': text })
    const found = await open().locate(wanted)
    if (found.state !== 'found') throw new Error(found.state)
    return first(found)
  }

  test.each([
    'demo-1.2.3.tgz',
    './demo-1.2.3.tgz?download',
    'https://acme.github.io/charts/demo%2D1.2.3.tgz',
  ])('%s is read from the branch, which has it before Pages', async (url) => {
    await site.server.commitToBranch(branch, { 'demo-1.2.3.tgz': 'on it' })
    const digest = digestOf('on it')
    const publication = await located(indexOf({ url, digest }))
    expect(publication).toMatchObject({ reference: url, digest })
    const { archive } = await open().download(wanted, publication)
    expect(String(archive)).toBe('on it')
  })

  test('an archive elsewhere is downloaded, without the token', async () => {
    const made = await released(wanted)
    const url = `${site.server.serverUrl}/acme/charts/releases/download/all/${made.fileName}`
    const publication = await located(indexOf({ url, digest: made.digest }))
    site.forget()
    const { archive } = await open().download(wanted, publication)
    expect(digestOf(archive)).toBe(made.digest)
    const own = site.server.door.requests.filter(({ path }) =>
      path.startsWith('/acme/'),
    )
    expect(own).toHaveLength(1)
    expect(own[0]?.headers['authorization']).toBeUndefined()
  })

  test('a relative one that the branch lacks is asked of the site', async () => {
    const pages = await startPages(site.server)
    try {
      await site.server.commitToBranch(branch, { 'charts/demo-1.2.3.tgz': 'x' })
      // The channel looks in another folder than the one that is served.
      const channel = open({
        directory: 'other',
        baseUrl: `${pages.url}/charts`,
      })
      const text = indexOf({ url: 'demo-1.2.3.tgz', digest: digestOf('x') })
      await site.server.commitToBranch(branch, { 'other/index.yaml': text })
      const found = await channel.locate(wanted)
      const { archive } = await channel.download(
        wanted,
        first(found as { publications: readonly Publication[] }),
      )
      expect(String(archive)).toBe('x')
    } finally {
      await pages.close()
    }
  })

  test('without a digest is downloaded and hashed', async () => {
    const made = await released(wanted)
    const url = `${site.server.serverUrl}/acme/charts/releases/download/all/${made.fileName}`
    expect(await located(indexOf({ url }))).toMatchObject({
      digest: made.digest,
      packageDigest: made.digest,
    })
  })

  test.each([
    'oci://ghcr.io/acme/charts/demo:1.2.3',
    'https://',
    'file:///etc/passwd',
    'http://127.0.0.1:1/demo.tgz',
  ])('P7: without a digest, and at %s, cannot be told', async (url) => {
    await expect(located(indexOf({ url }))).rejects.toThrow(
      expect.objectContaining({
        code: 'PAGES_FAILED',
        message: expect.stringContaining(url),
      }),
    )
  })

  test('several times is several publications', async () => {
    const text = indexOf({ url: 'a.tgz', digest: digestOf('a') })
    const entry = /  - apiVersion[^]*version: 1\.2\.3\n/.exec(text)?.[0] ?? ''
    const twice = entry.replace(digestOf('a').slice(7), digestOf('b').slice(7))
    await site.server.commitToBranch(branch, {
      'index.yaml': text.replace('generated', `${twice}generated`),
    })
    expect(await open().locate(wanted)).toMatchObject({
      publications: [
        { packageDigest: digestOf('a') },
        { packageDigest: digestOf('b') },
      ],
    })
  })
})

test.each([500, 403, 401])(
  'P7: a %i for the branch is not absence',
  async (status) => {
    site.server.door.inject({
      path: /\/git\/ref\/heads/,
      times: 99,
      effect: { kind: 'status', status },
    })
    await expect(open().locate(wanted)).rejects.toThrow(
      expect.objectContaining({
        code: status === 401 ? 'PERMISSION_DENIED' : 'PAGES_FAILED',
      }),
    )
  },
)

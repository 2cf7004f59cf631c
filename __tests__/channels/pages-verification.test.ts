import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { digestOf } from '../../src/digest.ts'
import { fastClock } from '../../testing/clock.ts'
import type { PagesSettings } from '../../testing/github.ts'
import {
  packReal,
  type PagesSetting,
  type RealPackage,
  type SettingOptions,
  startPagesSetting,
} from './pages-setting.ts'
import { indexOf } from './index-text.ts'
import { releaseStore } from './release-store.ts'

let real: RealPackage
let next: RealPackage
let third: RealPackage
let forged: RealPackage
const settings: PagesSetting[] = []

beforeAll(async () => {
  real = await packReal('1.2.3')
  next = await packReal('1.2.4')
  third = await packReal('1.2.5')
  forged = await packReal('1.2.3', 'forged')
})
afterEach(async () => {
  for (const one of settings.splice(0)) await one.close()
})

async function start(options?: SettingOptions): Promise<PagesSetting> {
  const setting = await startPagesSetting(options)
  settings.push(setting)
  return setting
}

/** Changes the Pages settings, as a maintainer would. */
function change(
  { site, pages }: PagesSetting,
  changes: Partial<PagesSettings>,
): void {
  site.server.setPages({
    html_url: `${pages.url}/`,
    build_type: 'legacy',
    source: { branch: 'gh-pages', path: '/' },
    ...changes,
  })
}

const settingsPage = '/acme/charts/settings/pages'
const onlyVerifies = 'then re-run this job: it will only verify.'

describe('a stranger', () => {
  test.each([4, 3] as const)(
    'P9: with Helm %i pulls the very bytes, in two processes',
    async (helm) => {
      const setting = await start({ helm })
      expect(await setting.release(real)).toEqual({ verified: 'installable' })
      expect(setting.helmRuns.map((run) => run.split(' ')[0])).toEqual([
        'repo',
        'pull',
      ])
    },
  )

  test('P8: carries no login, neither to the site nor to the archive', async () => {
    const setting = await start()
    await setting.release(real)
    const { server } = setting.site
    const asked = [
      ...setting.pages.door.requests,
      ...server.storage.requests,
      ...server.door.requests.filter(({ path }) => path.startsWith('/acme/')),
    ]
    expect(asked.length).toBeGreaterThan(5)
    for (const { headers } of asked) {
      expect(Object.keys(headers)).not.toContain('authorization')
      expect(JSON.stringify(headers)).not.toContain(server.token)
    }
  })

  test('looks past the caches', async () => {
    const setting = await start()
    await setting.release(real)
    await setting.release(next)
    const looks = setting.pages.door.requests.filter(({ path }) =>
      path.includes('?'),
    )
    expect(new Set(looks.map(({ path }) => path)).size).toBe(looks.length)
    expect(looks[0]?.headers['cache-control']).toBe('no-cache')
  })

  test('P9: gets the index late, and within the time-out', async () => {
    const pauses: number[] = []
    const clock = fastClock(pauses)
    const setting = await start({ clock })
    const channel = await setting.open()
    await setting.pages.hold()
    const published = await setting.publish(channel, real)
    const verifying = channel.verify(...published)
    while (pauses.length < 6)
      await new Promise((resolve) => setTimeout(resolve, 5))
    setting.pages.release()
    expect(await verifying).toEqual({ verified: 'installable' })
    // Patience grows.
    expect(pauses[5]).toBeGreaterThan(pauses[0] ?? Infinity)
    const asked = setting.site.server.door.requests.filter(({ path }) =>
      path.endsWith('/pages'),
    )
    expect(asked.length).toBeLessThanOrEqual(3)
  })

  test('P9: resolves an address that is relative to the index', async () => {
    const setting = await start()
    await setting.site.server.commitToBranch('gh-pages', {
      [real.fileName]: real.bytes,
    })
    const channel = await setting.open({
      store: releaseStore(setting.site.github, ({ fileName }) => fileName),
    })
    const expected = {
      name: 'demo',
      version: '1.2.3',
      digest: digestOf(real.bytes),
      hasProvenance: false,
    }
    await setting.site.server.commitToBranch('gh-pages', {
      'index.yaml': indexOf({ url: real.fileName, digest: expected.digest }),
    })
    const found = await channel.locate(expected)
    expect(found.state).toBe('found')
    const [publication] = found.state === 'found' ? found.publications : []
    expect(await channel.verify(publication as never, expected)).toEqual({
      verified: 'installable',
    })
  })

  test('finds an entry without a digest, where the branch has none either', async () => {
    const setting = await start()
    await setting.site.server.commitToBranch('gh-pages', {
      [real.fileName]: real.bytes,
      'index.yaml': indexOf({ url: real.fileName }),
    })
    const channel = await setting.open()
    const wanted = { name: 'demo', version: '1.2.3' }
    const found = await channel.locate(wanted)
    const [publication] = found.state === 'found' ? found.publications : []
    const digest = digestOf(real.bytes)
    expect(publication).toMatchObject({ packageDigest: digest })
    const expected = { ...wanted, digest, hasProvenance: false }
    expect(await channel.verify(publication as never, expected)).toEqual({
      verified: 'installable',
    })
  })

  test('finds the provenance beside the archive, or says that it is not', async () => {
    const setting = await start()
    const channel = await setting.open()
    const signed = await setting.publish(channel, real, 'signed')
    expect(await channel.verify(...signed)).toEqual({
      verified: 'installable',
    })
    const [publication, expected] = await setting.publish(channel, next)
    expect(
      await channel.verify(publication, { ...expected, hasProvenance: true }),
    ).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('demo-1.2.4.tgz.prov'),
    })
  })

  test('several charts at once share the looks', async () => {
    const setting = await start()
    const channel = await setting.open()
    const one = await setting.publish(channel, real)
    const other = await setting.publish(channel, next)
    setting.pages.door.clear()
    const both = await Promise.all([
      channel.verify(...one),
      channel.verify(...other),
    ])
    expect(both).toEqual([
      { verified: 'installable' },
      { verified: 'installable' },
    ])
    expect(
      setting.pages.door.requests.filter(({ path }) => path.includes('?')),
    ).toHaveLength(1)
  })
})

describe('Pages that never served it', () => {
  test('because it is not enabled, is pending every time', async () => {
    const pauses: number[] = []
    const setting = await start({
      pages: { enabled: false },
      clock: fastClock(pauses),
    })
    for (const each of [real, next, third]) {
      const verification = await setting.release(each)
      expect(verification).toMatchObject({
        verified: 'pending',
        reason: expect.stringContaining('not enabled'),
        remedy: expect.stringContaining(
          `${setting.site.server.serverUrl}${settingsPage}`,
        ),
      })
      expect(remedyOf(verification)).toContain(
        'Source "Deploy from a branch", Branch "gh-pages", Folder "/ (root)"',
      )
      expect(remedyOf(verification)).toContain(onlyVerifies)
    }
    // Waiting would be in vain.
    expect(sum(pauses)).toBeLessThan(15_000)
    expect(setting.helmRuns).toEqual([])
  })

  test('is pending with a time-out of nothing, after one look', async () => {
    const setting = await start({
      timeoutSeconds: 0,
      pages: { delaySeconds: 9999 },
    })
    const channel = await setting.open()
    const published = await setting.publish(channel, real)
    expect(await channel.verify(...published)).toMatchObject({
      verified: 'pending',
    })
    expect(setting.pages.door.requests).toHaveLength(1)
    setting.pages.release()
  })

  test('although the settings cannot be seen, by what everybody sees', async () => {
    const setting = await start({ pages: { enabled: false } })
    setting.site.server.setPermission('pages', 'none')
    expect(await setting.release(real)).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining('not enabled'),
    })
    change(setting, {})
    setting.pages.fail('never')
    expect(await setting.release(next)).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining('pages: read'),
      remedy: expect.stringContaining('Folder "/ (root)"'),
    })
  })

  test('because another branch or folder is served, names both', async () => {
    const setting = await start()
    change(setting, { source: { branch: 'main', path: '/docs' } })
    const channel = await setting.open()
    const [warning] = (await channel.survey?.()) ?? []
    expect(warning).toContain('the branch "main", folder "/docs"')
    expect(warning).toContain('Branch "gh-pages", Folder "/ (root)"')
    expect(
      await channel.verify(...(await setting.publish(channel, real))),
    ).toMatchObject({
      verified: 'pending',
      reason: expect.stringMatching(/"main", folder "\/docs".*"gh-pages"/),
      remedy: expect.stringContaining(settingsPage),
    })
  })

  test('because its folder is another one', async () => {
    const setting = await start()
    change(setting, { source: { branch: 'gh-pages', path: '/docs' } })
    expect(await setting.release(real)).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining('folder "/docs"'),
    })
  })

  test('because a workflow builds it', async () => {
    const setting = await start()
    change(setting, { build_type: 'workflow' })
    expect(await setting.release(real)).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining('GitHub Actions'),
      remedy: expect.stringContaining('Deploy from a branch'),
    })
  })

  test('is looked for in the wrong place', async () => {
    const setting = await start()
    const baseUrl = `${setting.pages.url}/charts`
    expect(await setting.release(real, { baseUrl })).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining(`at ${setting.pages.url};`),
      remedy: expect.stringContaining(`Set pages-url to ${setting.pages.url}`),
    })
  })

  test('at a domain that leads nowhere', async () => {
    const setting = await start({ pages: { cname: 'charts.invalid' } })
    const baseUrl = `http://charts.invalid:${setting.pages.door.port}`
    expect(await setting.release(real, { baseUrl })).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining('charts.invalid'),
      remedy: expect.stringContaining('Custom domain'),
    })
  })

  test('P7: while the network or the server fails', async () => {
    const setting = await start()
    setting.pages.door.inject({
      path: /./,
      times: 9999,
      effect: { kind: 'status', status: 503 },
    })
    expect(await setting.release(real)).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining('503'),
    })
  })
})

test('P9: a site on its own domain is followed there', async () => {
  const setting = await start({ pages: { cname: 'localhost' } })
  const baseUrl = `http://localhost:${setting.pages.door.port}`
  expect(await setting.release(real, { baseUrl })).toEqual({
    verified: 'installable',
  })
  // By GitHub's own address, too.
  expect(await setting.release(next)).toEqual({ verified: 'installable' })
})

describe('Pages that served before', () => {
  test('P9: and is switched off is broken, by what was seen before', async () => {
    const setting = await start()
    await setting.release(real)
    const channel = await setting.open()
    await channel.survey?.()
    const { server } = setting.site
    server.setPages(null)
    server.door.inject({
      path: /\/deployments/,
      times: 99,
      effect: { kind: 'status', status: 500 },
    })
    const published = await setting.publish(channel, next)
    expect(await channel.verify(...published)).toMatchObject({
      verified: 'broken',
      reason: expect.stringMatching(/not enabled.*served before/),
      remedy: expect.stringContaining(settingsPage),
    })
  })

  test('P9: is broken by GitHub’s history too, which anybody may read', async () => {
    const setting = await start()
    await setting.release(real)
    setting.site.server.setPages(null)
    for (const level of ['read', 'none'] as const) {
      setting.site.server.setPermission('deployments', level)
      expect(
        await setting.release(level === 'read' ? next : third),
      ).toMatchObject({ verified: 'broken' })
    }
  })

  test('and answers 404 now is broken, unless it was built just now', async () => {
    const setting = await start()
    const { server } = setting.site
    setting.pages.fail('never')
    const channel = await setting.open()
    const published = await setting.publish(channel, real)
    const sha = (await server.branchHead('gh-pages')) ?? ''
    setting.pages.release()
    await setting.pages.hold()
    setting.pages.door.inject({
      path: /./,
      times: 9999,
      effect: { kind: 'status', status: 404 },
    })
    expect(await channel.verify(...published)).toMatchObject({
      verified: 'pending',
    })
    server.recordDeployment({
      sha,
      ref: 'gh-pages',
      createdAt: '2026-01-01T00:00:00Z',
    })
    expect(await channel.verify(...published)).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('404'),
    })
  })

  test('a workflow’s deployment of another branch is no evidence', async () => {
    const setting = await start({ pages: { enabled: false } })
    const sha = await setting.site.server.commitToBranch('main', {
      'index.yaml': 'apiVersion: v1\n',
    })
    setting.site.server.recordDeployment({ sha, ref: 'main' })
    expect(await setting.release(real)).toMatchObject({ verified: 'pending' })
  })

  test('P7: a server that fails is not a site that is gone', async () => {
    const setting = await start()
    await setting.release(real)
    const channel = await setting.open()
    await channel.survey?.()
    const published = await setting.publish(channel, next)
    for (const effect of [
      { kind: 'status', status: 503 },
      { kind: 'status', status: 429 },
      { kind: 'status', status: 403, headers: { 'retry-after': '9' } },
      { kind: 'reset', when: 'before' },
    ] as const) {
      setting.pages.door.clear()
      setting.pages.door.inject({ path: /./, times: 9999, effect })
      expect(await channel.verify(...published)).toMatchObject({
        verified: 'pending',
      })
    }
  })

  test('P7: nor is one whose history cannot be read', async () => {
    const setting = await start()
    await setting.release(real)
    setting.site.server.setPages(null)
    setting.site.server.door.inject({
      path: /\/deployments/,
      times: 9999,
      effect: { kind: 'status', status: 500 },
    })
    expect(await setting.release(next)).toMatchObject({ verified: 'pending' })
  })

  test('whose build failed is broken, in the words of GitHub', async () => {
    const pauses: number[] = []
    const setting = await start({ clock: fastClock(pauses) })
    await setting.release(real)
    setting.pages.fail('The page build failed for the `gh-pages` branch.')
    expect(await setting.release(next)).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('The page build failed'),
      remedy: expect.stringContaining(
        '/acme/charts/actions/workflows/pages/pages-build-deployment',
      ),
    })
    expect(sum(pauses)).toBeLessThan(10_000)
  })

  test('a failed build of an older commit is not this one’s', async () => {
    const setting = await start()
    setting.pages.fail('old')
    setting.site.server.door.inject({
      path: /builds\/latest/,
      times: 99,
      effect: {
        kind: 'status',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          status: 'errored',
          commit: 'a'.repeat(40),
          error: { message: 'old' },
        }),
      },
    })
    expect(await setting.release(real)).toMatchObject({ verified: 'pending' })
  })

  test('an older index that is still served is pending', async () => {
    const pauses: number[] = []
    const setting = await start({ clock: fastClock(pauses) })
    await setting.release(real)
    await setting.pages.hold()
    expect(await setting.release(next)).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining('does not list demo 1.2.4 yet'),
      remedy: expect.stringContaining('pages-build-deployment'),
    })
    expect(sum(pauses)).toBeGreaterThanOrEqual(300_000)
  })
})

describe('what arrives', () => {
  test('P9: tampered with after the index, is broken with both digests', async () => {
    const setting = await start()
    const channel = await setting.open()
    const [publication, expected] = await setting.publish(channel, real)
    setting.site.server.storage.inject({
      path: /./,
      times: 9,
      effect: {
        kind: 'status',
        status: 200,
        body: forged.bytes,
      },
    })
    const verification = await channel.verify(publication, expected)
    expect(verification).toMatchObject({ verified: 'broken' })
    expect(reasonOf(verification)).toContain(digestOf(forged.bytes))
    expect(reasonOf(verification)).toContain(expected.digest)
  })

  test.each([404, 401, 403])(
    'an asset that answers %i is broken',
    async (status) => {
      const setting = await start()
      const channel = await setting.open()
      const published = await setting.publish(channel, real)
      setting.site.server.storage.inject({
        path: /./,
        times: 99,
        effect: { kind: 'status', status },
      })
      expect(await channel.verify(...published)).toMatchObject({
        verified: 'broken',
        reason: expect.stringContaining(String(status)),
      })
      expect(setting.helmRuns.length).toBeLessThanOrEqual(4)
    },
  )

  test.each([
    ['a limit of requests', { status: 429 }],
    ['a limit in disguise', { status: 403, headers: { 'retry-after': '1' } }],
    ['a server that fails', { status: 502 }],
  ])('P7: for %s it is pending', async (_, answer) => {
    const setting = await start()
    const channel = await setting.open()
    const published = await setting.publish(channel, real)
    setting.site.server.storage.inject({
      path: /./,
      times: 99,
      effect: { kind: 'status', ...answer },
    })
    expect(await channel.verify(...published)).toMatchObject({
      verified: 'pending',
    })
    expect(setting.helmRuns.length).toBeLessThanOrEqual(4)
  })

  test('a moment late is asked for again', async () => {
    const setting = await start()
    const channel = await setting.open()
    const published = await setting.publish(channel, real)
    setting.site.server.storage.inject({
      path: /./,
      effect: { kind: 'status', status: 404 },
    })
    expect(await channel.verify(...published)).toEqual({
      verified: 'installable',
    })
    expect(setting.helmRuns).toHaveLength(3)
  })

  test('late and other than published is broken with both digests', async () => {
    const setting = await start()
    const channel = await setting.open()
    const published = await setting.publish(channel, real)
    const { storage } = setting.site.server
    storage.inject({ path: /./, effect: { kind: 'status', status: 404 } })
    storage.inject({
      path: /./,
      after: 1,
      times: 9,
      effect: { kind: 'status', status: 200, body: forged.bytes },
    })
    const verification = await channel.verify(...published)
    expect(verification).toMatchObject({ verified: 'broken' })
    expect(reasonOf(verification)).toContain(digestOf(forged.bytes))
    expect(setting.helmRuns).toHaveLength(2)
  })

  test('a passing fault is tried once more', async () => {
    const setting = await start()
    const channel = await setting.open()
    const published = await setting.publish(channel, real)
    setting.site.server.storage.inject({
      path: /./,
      effect: { kind: 'status', status: 503 },
    })
    setting.pages.door.inject({
      path: /index\.yaml$/,
      effect: { kind: 'status', status: 503 },
    })
    expect(await channel.verify(...published)).toEqual({
      verified: 'installable',
    })
    expect(setting.helmRuns).toHaveLength(4)
  })
})

describe('caches that hand an older index to Helm', () => {
  /** Without a query: past the caches goes whoever has one. */
  const cached = /index\.yaml$/

  async function behind(times: number): Promise<[PagesSetting, unknown]> {
    const setting = await start()
    await setting.release(real)
    const old = await setting.site.server.readBranchFile(
      'gh-pages',
      'index.yaml',
    )
    const channel = await setting.open()
    const published = await setting.publish(channel, next)
    setting.helmRuns.length = 0
    setting.pages.door.inject({
      path: cached,
      times,
      effect: { kind: 'status', status: 200, body: String(old) },
    })
    return [setting, await channel.verify(...published)]
  }

  test('are waited for, and Helm comes again', async () => {
    const [setting, verification] = await behind(5)
    expect(verification).toEqual({ verified: 'installable' })
    expect(setting.helmRuns.map((run) => run.split(' ')[0])).toEqual([
      'repo',
      'pull',
      'repo',
      'pull',
    ])
  })

  test('longer than the time-out is pending', async () => {
    const [setting, verification] = await behind(9999)
    expect(verification).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining('caches'),
    })
    expect(setting.helmRuns).toHaveLength(2)
  })

  test('which had no index at all are waited for, too', async () => {
    const setting = await start()
    const channel = await setting.open()
    const published = await setting.publish(channel, real)
    setting.pages.door.inject({
      path: cached,
      times: 3,
      effect: { kind: 'status', status: 404 },
    })
    expect(await channel.verify(...published)).toEqual({
      verified: 'installable',
    })
  })
})

describe('an index that is not ours', () => {
  const hostile = {
    name: 'demo',
    version: '1.2.3',
    digest: digestOf('expected'),
    hasProvenance: false,
  }

  test('P5: the version with another digest is broken with both, once it is final', async () => {
    const pauses: number[] = []
    const setting = await start({ clock: fastClock(pauses) })
    const channel = await setting.open()
    const [publication, expected] = await setting.publish(channel, real)
    await setting.site.server.commitToBranch('gh-pages', {
      'index.yaml': indexOf({ url: 'x.tgz', digest: hostile.digest }),
    })
    setting.helmRuns.length = 0
    const verification = await channel.verify(publication, expected)
    expect(verification).toMatchObject({ verified: 'broken' })
    expect(reasonOf(verification)).toContain(hostile.digest)
    expect(reasonOf(verification)).toContain(expected.digest)
    expect(setting.helmRuns).toEqual([])
    expect(pauses).toEqual([])
  })

  test('another digest is not yet, while the branch has ours', async () => {
    const pauses: number[] = []
    const setting = await start({ clock: fastClock(pauses) })
    await setting.site.server.commitToBranch('gh-pages', {
      'index.yaml': indexOf({ url: 'x.tgz', digest: hostile.digest }),
    })
    await setting.pages.hold()
    await setting.site.server.commitToBranch('gh-pages', {
      'index.yaml': 'apiVersion: v1\nentries: {}\n',
    })
    const channel = await setting.open()
    const published = await setting.publish(channel, real)
    const verifying = channel.verify(...published)
    while (pauses.length < 4)
      await new Promise((resolve) => setTimeout(resolve, 5))
    setting.pages.release()
    expect(await verifying).toEqual({ verified: 'installable' })
  })

  test('and stays so is broken in the end', async () => {
    const setting = await start()
    await setting.site.server.commitToBranch('gh-pages', {
      'index.yaml': indexOf({ url: 'x.tgz', digest: hostile.digest }),
    })
    await setting.pages.hold()
    await setting.site.server.commitToBranch('gh-pages', {
      'index.yaml': 'apiVersion: v1\nentries: {}\n',
    })
    expect(await setting.release(real)).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining(hostile.digest),
    })
  })

  test('an entry without a digest does not pass for ours', async () => {
    const setting = await start()
    const { serverUrl } = setting.site.server
    const url = `${serverUrl}/acme/charts/releases/download/v1.2.3/${real.fileName}`
    await setting.site.server.commitToBranch('gh-pages', {
      'index.yaml': indexOf({ url }),
    })
    await setting.pages.hold()
    await setting.site.server.commitToBranch('gh-pages', {
      'index.yaml': 'apiVersion: v1\nentries: {}\n',
    })
    expect(await setting.release(real)).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('no digest'),
    })
    expect(setting.helmRuns).toEqual([])
  })

  test('P11: a page with status 200 is not an index', async () => {
    const setting = await start()
    setting.pages.door.inject({
      path: /./,
      times: 9999,
      effect: {
        kind: 'status',
        status: 200,
        body: '<!DOCTYPE html>\n<html>demo: 1.2.3</html>',
      },
    })
    expect(await setting.release(real)).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining('a page for people'),
    })
  })

  test('what Helm refuses to read is broken, in its words', async () => {
    const setting = await start()
    const channel = await setting.open()
    const published = await setting.publish(channel, real)
    const index = String(
      await setting.site.server.readBranchFile('gh-pages', 'index.yaml'),
    )
    await setting.site.server.commitToBranch('gh-pages', {
      'index.yaml': index.replace(
        '    name: demo',
        '    nmae: x\n    name: demo',
      ),
    })
    expect(await channel.verify(...published)).toMatchObject({
      verified: 'broken',
      reason: expect.stringMatching(/Helm refuses.*nmae/),
    })
  })

  test('what nobody can read is broken', async () => {
    const setting = await start()
    setting.pages.door.inject({
      path: /./,
      times: 9999,
      effect: { kind: 'status', status: 200, body: 'entries: [1' },
    })
    expect(await setting.release(real)).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('Helm refuses'),
    })
  })

  test('P11: its names are data', async () => {
    const setting = await start()
    await setting.release(real)
    change(setting, { build_type: 'workflow' })
    const evil = '"__proto__"'
    const names = [
      evil,
      '"a\\n::error::b"',
      '"../../x"',
      `"${'z'.repeat(900)}"`,
    ]
    const sha = await setting.site.server.commitToBranch('site', {
      'index.yaml': [
        'apiVersion: v1',
        'entries:',
        ...names.flatMap((name) => [
          `  ${name}:`,
          '  - name: x',
          '    version: 1.0.0',
        ]),
        '',
      ].join('\n'),
    })
    setting.pages.deploy(sha)
    const channel = await setting.open()
    const [warning = ''] = (await channel.survey?.()) ?? []
    expect(warning).toContain('__proto__ 1.0.0')
    expect(warning).not.toContain('\n')
    expect(warning.length).toBeLessThan(1500)
    const published = await setting.publish(channel, next)
    expect(await channel.verify(...published)).toMatchObject({
      verified: 'pending',
    })
  })
})

describe('before publishing', () => {
  test('says nothing where all is well, with two requests', async () => {
    const setting = await start()
    await setting.release(real)
    setting.site.forget()
    setting.pages.door.clear()
    const channel = await setting.open()
    expect(await channel.survey?.()).toEqual([])
    expect(setting.site.server.door.requests).toHaveLength(1)
    expect(setting.pages.door.requests).toHaveLength(1)
  })

  test('says what to choose while Pages is not enabled', async () => {
    const setting = await start({ pages: { enabled: false } })
    const channel = await setting.open()
    expect(await channel.survey?.()).toEqual([
      expect.stringMatching(
        /not enabled.*\/settings\/pages.*"Deploy from a branch".*"gh-pages".*"\/ \(root\)"/s,
      ),
    ])
  })

  test('says which versions only a workflow’s site lists', async () => {
    const setting = await start()
    await setting.release(real)
    change(setting, { build_type: 'workflow' })
    const versions = Array.from({ length: 30 }, (_, at) => `0.${at}.0`)
    setting.pages.deploy(
      await setting.site.server.commitToBranch('site', {
        'index.yaml': [
          'apiVersion: v1',
          'entries:',
          '  demo:',
          ...['1.2.3', ...versions].flatMap((version) => [
            '  - name: demo',
            `    version: ${version}`,
          ]),
          '',
        ].join('\n'),
      }),
    )
    const channel = await setting.open()
    const [warning = '', ...more] = (await channel.survey?.()) ?? []
    expect(more).toEqual([])
    expect(warning).toContain('Source "Deploy from a branch"')
    expect(warning).toContain('demo 0.0.0, demo 0.1.0')
    expect(warning).toContain('and 10 more')
    expect(warning).not.toContain('demo 1.2.3')
  })

  test('never rejects', async () => {
    const setting = await start()
    setting.site.server.door.inject({
      path: /./,
      times: 9999,
      effect: { kind: 'status', status: 500 },
    })
    const channel = await setting.open()
    expect(await channel.survey?.()).toEqual([])
  })
})

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0)
}

function reasonOf(verification: object): string {
  return 'reason' in verification ? String(verification.reason) : ''
}

function remedyOf(verification: object): string {
  return 'remedy' in verification ? String(verification.remedy) : ''
}

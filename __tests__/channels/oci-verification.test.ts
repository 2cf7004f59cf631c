import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from '@jest/globals'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Channel } from '../../src/channels/channel.ts'
import { createOciChannel } from '../../src/channels/oci.ts'
import type { OciVerificationOptions } from '../../src/channels/oci-verification.ts'
import { digestOf } from '../../src/digest.ts'
import { createExec, type Exec } from '../../src/exec.ts'
import { createHelm } from '../../src/helm/cli.ts'
import { createStrangers } from '../../src/helm/stranger.ts'
import { createHttp } from '../../src/http.ts'
import type { Package, Publication, Verification } from '../../src/model.ts'
import { createOciClient, type OciClient } from '../../src/oci/client.ts'
import type { Credentials } from '../../src/oci/credentials.ts'
import { createRetry } from '../../src/retry.ts'
import { fastClock } from '../../testing/clock.ts'
import { type HelmMajor, helmBinary } from '../../testing/helm.ts'
import { quietLog } from '../../testing/log.ts'
import { type Registry, startRegistry } from '../../testing/registry.ts'

const login = { username: 'robot', password: 'a "password" of $pace' }
const log = quietLog()
const clock = fastClock()
const retry = createRetry(clock, log)
let registry: Registry
let folder: string
let helmRuns: string[]

const exec: Exec = async (program, args, options) => {
  if (path.basename(program) === 'helm') helmRuns.push(args.join(' '))
  return await createExec(process.env)(program, args, options)
}

beforeAll(async () => {
  registry = await startRegistry({
    auth: 'token',
    users: { [login.username]: login.password },
  })
})
afterAll(async () => {
  await registry.close()
})
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'oci-verification-'))
  helmRuns = []
})
afterEach(async () => {
  registry.door.clear()
  await rm(folder, { recursive: true, force: true })
})

let places = 0

interface Setting {
  readonly channel: Channel
  /** `owner/repo-1`; the chart is `demo` below it. */
  readonly place: string
  /** Packages this version, and publishes it. */
  publish(version: string, note?: string): Promise<[Package, Publication]>
  verify(made: Package, publication: Publication): Promise<Verification>
}

async function setUp(
  options: {
    readonly helm?: HelmMajor
    readonly isPrivate?: boolean
    readonly visibility?: 'public' | 'private'
    readonly aliases?: readonly string[]
    readonly verification?: Partial<OciVerificationOptions>
  } = {},
): Promise<Setting> {
  const place = `owner/repo-${++places}`
  const registryConfig = path.join(folder, 'logins', 'config.json')
  const { username, password } = login
  await mkdir(path.dirname(registryConfig), { recursive: true })
  await writeFile(
    registryConfig,
    JSON.stringify({
      auths: {
        [registry.host]: {
          auth: Buffer.from(`${username}:${password}`).toString('base64'),
        },
      },
    }),
  )
  const helm = createHelm({
    path: await helmBinary(options.helm ?? 4),
    exec,
    home: path.join(folder, 'helm'),
    registryConfig,
  })
  const clientWith = (forHost: Credentials['forHost']): OciClient =>
    createOciClient({
      http: createHttp(),
      retry,
      clock,
      log,
      mayPush: false,
      credentials: { forHost },
    })
  const client = clientWith(() => ({ ...login, origin: 'the test' }))
  const isPrivate = options.isPrivate ?? false
  const channel = createOciChannel({
    target: {
      host: registry.host,
      path: place,
      optional: false,
      private: isPrivate,
    },
    client,
    helm,
    aliases: options.aliases ?? ['v{version}'],
    verification: {
      client,
      strangersClient: clientWith(() => undefined),
      strangers: createStrangers({
        path: await helmBinary(options.helm ?? 4),
        exec,
        folder: path.join(folder, 'strangers'),
      }),
      registryConfig,
      isPrivate,
      readOwner: async () => ({
        owner: 'owner',
        repo: place.slice('owner/'.length),
        serverUrl: 'http://127.0.0.1:1',
        ownerType: 'organization',
        visibility: options.visibility ?? 'public',
      }),
      clock,
      ...options.verification,
    },
    retry,
    log,
  })
  return {
    channel,
    place,
    publish: async (version, note = '') => {
      const made = await pack(helm, version, note)
      const [publication] = await channel.publish([{ package: made }])
      registry.door.clear()
      helmRuns = []
      return [made, publication as Publication]
    },
    verify: async (made, publication) =>
      await channel.verify(publication, {
        name: 'demo',
        version: made.version,
        digest: made.digest,
        hasProvenance: false,
      }),
  }
}

async function pack(
  helm: ReturnType<typeof createHelm>,
  version: string,
  note: string,
): Promise<Package> {
  const directory = path.join(await mkdtemp(path.join(folder, 'c-')), 'demo')
  const destination = await mkdtemp(path.join(folder, 'p-'))
  await mkdir(directory)
  await writeFile(
    path.join(directory, 'Chart.yaml'),
    `apiVersion: v2\nname: demo\nversion: ${version}\ndescription: "${note}"\n${note.startsWith('http') ? `sources: ["${note}"]\n` : ''}`,
  )
  const file = await helm.packageChart({
    directory,
    destination,
    time: new Date('2026-01-02T03:04:05Z'),
  })
  const bytes = await readFile(file)
  return {
    name: 'demo',
    version,
    path: file,
    fileName: path.basename(file),
    digest: digestOf(bytes),
    size: bytes.length,
    provenance: null,
    metadata: {},
    created: '2026-01-02T03:04:05Z',
  }
}

/** Puts another archive under a tag, as somebody who may push there could. */
async function tamper(
  { place }: Setting,
  version: string,
  tag: string,
): Promise<void> {
  const other = await setUp()
  await other.publish(version, `tampered ${tag}`)
  await registry.replace(
    { repository: `${place}/demo`, tag },
    { repository: `${other.place}/demo`, tag: version },
  )
  helmRuns = []
}

/** How often the archive itself was sent to anybody. */
function downloads({ digest }: Package): number {
  return registry.door.requests.filter(
    ({ method, path: at }) => method === 'GET' && at.includes(digest),
  ).length
}

describe.each<HelmMajor>([4, 3])('with Helm %i, a stranger', (helm) => {
  test('P9: pulls by version, range and alias, with no more than it takes', async () => {
    const setting = await setUp({
      helm,
      aliases: ['v{version}', '{major}.{minor}', 'latest'],
    })
    const [made, publication] = await setting.publish('1.2.3')
    expect(publication.aliases).toEqual(['v1.2.3', '1.2', 'latest'])
    expect(await setting.verify(made, publication)).toEqual({
      verified: 'installable',
    })
    // The range ends at this version, so its one download proves both.
    expect(helmRuns).toHaveLength(2)
    expect(downloads(made)).toBe(2)
    const authorized = registry.door.requests.filter(({ headers }) =>
      /^Basic/i.test(headers['authorization'] ?? ''),
    )
    expect(authorized).toEqual([])
  })

  test('P9: finds an old version beside a higher one', async () => {
    const setting = await setUp({ helm, aliases: [] })
    const [made, publication] = await setting.publish('1.2.3')
    await setting.publish('1.9.0')
    expect(await setting.verify(made, publication)).toEqual({
      verified: 'installable',
    })
    expect(helmRuns).toHaveLength(2)
  })

  test('pulls a prerelease and one with build metadata', async () => {
    const setting = await setUp({ helm })
    for (const version of ['2.0.0-rc.1', '2.0.0+build.5']) {
      const [made, publication] = await setting.publish(version)
      expect(await setting.verify(made, publication)).toEqual({
        verified: 'installable',
      })
    }
  })

  test('P9: is kept out of a private package, whoever is logged in', async () => {
    const setting = await setUp({ helm })
    const [made, publication] = await setting.publish('1.2.3')
    registry.setPrivate(`${setting.place}/demo`, true)
    const said = await setting.verify(made, publication)
    expect(said).toMatchObject({
      verified: 'broken',
      reason: expect.stringMatching(
        new RegExp(`${setting.place}/demo is private`),
      ),
      remedy: expect.stringContaining(
        `http://127.0.0.1:1/orgs/owner/packages/container/${encodeURIComponent(`${setting.place.slice(6)}/demo`)}/settings`,
      ),
    })
    // It needed no Helm to find that out.
    expect(helmRuns).toEqual([])
    registry.setPrivate(`${setting.place}/demo`, false)
    expect(await setting.verify(made, publication)).toEqual({
      verified: 'installable',
    })
  })

  test('needs credentials where the registry is meant to be private', async () => {
    const setting = await setUp({ helm, isPrivate: true })
    const [made, publication] = await setting.publish('1.2.3')
    registry.setPrivate(`${setting.place}/demo`, true)
    expect(await setting.verify(made, publication)).toEqual({
      verified: 'installable',
      access: 'credentials',
      detail: expect.stringContaining('with credentials'),
    })
    expect(helmRuns).toHaveLength(2)
  })
})

describe('a stranger', () => {
  test('gets another archive than was published: broken, with both digests', async () => {
    const setting = await setUp()
    const [made, publication] = await setting.publish('1.2.3')
    await tamper(setting, '1.2.3', '1.2.3')
    const said = await setting.verify(made, publication)
    expect(said).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining(made.digest),
    })
    expect(
      new Set(JSON.stringify(said).match(/sha256:[0-9a-f]{64}/g)).size,
    ).toBe(2)
  })

  test('gets another archive by an alias: broken, the alias is named', async () => {
    const setting = await setUp()
    const [made, publication] = await setting.publish('1.2.3')
    await tamper(setting, '1.2.3', 'v1.2.3')
    expect(await setting.verify(made, publication)).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('demo:v1.2.3 does not give this version'),
    })
  })

  test('is not told of a floating alias that has moved on', async () => {
    const setting = await setUp({ aliases: ['v{version}', 'latest'] })
    const [made, publication] = await setting.publish('1.2.3')
    await setting.publish('1.3.0')
    expect(await setting.verify(made, publication)).toEqual({
      verified: 'installable',
    })
  })

  test('finds the version by no range: broken, with the reason', async () => {
    const setting = await setUp()
    const [made, publication] = await setting.publish('1.2.3')
    registry.door.inject({
      path: /tags\/list/,
      times: 99,
      effect: {
        kind: 'status',
        status: 200,
        body: JSON.stringify({ name: 'x', tags: ['v1.2.3'] }),
      },
    })
    expect(await setting.verify(made, publication)).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('no range finds it'),
    })
    expect(helmRuns.length).toBeLessThanOrEqual(4)
  })

  test('P7: meets a registry that is out of order: pending', async () => {
    const setting = await setUp()
    const [made, publication] = await setting.publish('1.2.3')
    registry.door.inject({
      path: /./,
      times: 999,
      effect: { kind: 'status', status: 503 },
    })
    expect(await setting.verify(made, publication)).toMatchObject({
      verified: 'pending',
      reason: expect.stringContaining('503'),
    })
  })

  test('P7: meets one that fails only while Helm pulls: pending', async () => {
    const setting = await setUp()
    const [made, publication] = await setting.publish('1.2.3')
    registry.door.inject({
      method: 'GET',
      path: /blobs\//,
      times: 999,
      effect: { kind: 'reset', when: 'before' },
    })
    expect(await setting.verify(made, publication)).toMatchObject({
      verified: 'pending',
    })
    expect(helmRuns.length).toBeLessThanOrEqual(4)
  })

  test('sees it a moment later than the owner: installable', async () => {
    const setting = await setUp()
    const [made, publication] = await setting.publish('1.2.3')
    registry.door.inject({
      path: /manifests\/1\.2\.3/,
      times: 3,
      effect: {
        kind: 'status',
        status: 404,
        body: JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN' }] }),
      },
    })
    expect(await setting.verify(made, publication)).toEqual({
      verified: 'installable',
    })
  })

  test('sees nothing, nor does the owner: it is gone', async () => {
    const setting = await setUp()
    const [made, publication] = await setting.publish('1.2.3')
    expect(
      await setting.channel.verify(publication, {
        name: 'demo',
        version: '1.2.4',
        digest: made.digest,
        hasProvenance: false,
      }),
    ).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('not there any more'),
    })
  })

  test('misses the provenance of a signed package: broken', async () => {
    const setting = await setUp()
    const [made, publication] = await setting.publish('1.2.3')
    expect(
      await setting.channel.verify(publication, {
        name: 'demo',
        version: '1.2.3',
        digest: made.digest,
        hasProvenance: true,
      }),
    ).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('no provenance'),
    })
  })

  test('is not meant to see a private repository’s package: said, not broken', async () => {
    const setting = await setUp({ visibility: 'private' })
    const [made, publication] = await setting.publish('1.2.3')
    registry.setPrivate(`${setting.place}/demo`, true)
    expect(await setting.verify(made, publication)).toEqual({
      verified: 'installable',
      access: 'credentials',
      detail: expect.stringContaining('this repository is private'),
    })
  })

  test('is told that a package is linked to another repository', async () => {
    const setting = await setUp()
    const [made, publication] = await setting.publish(
      '1.2.3',
      'http://127.0.0.1:1/other/place',
    )
    registry.setPrivate(`${setting.place}/demo`, true)
    expect(await setting.verify(made, publication)).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('http://127.0.0.1:1/other/place'),
    })
  })
})

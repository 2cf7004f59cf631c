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
import {
  createOciChannel,
  type HelmPush,
  type OciChannelOptions,
} from '../../src/channels/oci.ts'
import { digestOf } from '../../src/digest.ts'
import { ReleaseError } from '../../src/errors.ts'
import { createExec } from '../../src/exec.ts'
import { createHelm } from '../../src/helm/cli.ts'
import { createHttp } from '../../src/http.ts'
import type { Digest, Package, Publication } from '../../src/model.ts'
import { createOciClient, type OciClient } from '../../src/oci/client.ts'
import { createCredentials } from '../../src/oci/credentials.ts'
import type { Manifest } from '../../src/oci/manifest.ts'
import { createRetry } from '../../src/retry.ts'
import { type HelmMajor, helmBinary } from '../../testing/helm.ts'
import { startRegistry } from '../../testing/registry.ts'
import { fastClock } from '../../testing/clock.ts'
import { quietLog } from '../../testing/log.ts'

const exec = createExec(process.env)
let registry: Awaited<ReturnType<typeof startRegistry>>
let folder: string
let warnings: string[]
let space = 0
/** Below the registry: each test has its own. */
let place: string

beforeAll(async () => {
  registry = await startRegistry({ auth: 'none' })
})
afterAll(async () => {
  await registry.close()
})
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'oci-channel-'))
  warnings = []
  place = `space-${++space}`
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const log = quietLog({
  warning: (message) => void warnings.push(message),
})
const clock = fastClock()
const retry = createRetry(clock, log)

async function helm(major: HelmMajor, args: readonly string[]): Promise<void> {
  const home = path.join(folder, 'helm')
  const result = await exec(await helmBinary(major), args, {
    env: {
      HELM_CACHE_HOME: path.join(home, 'cache'),
      HELM_CONFIG_HOME: path.join(home, 'config'),
      HELM_DATA_HOME: path.join(home, 'data'),
      DOCKER_CONFIG: home,
    },
  })
  if (result.exitCode !== 0) throw new Error(result.stderr)
}

function helmPush(major: HelmMajor, config?: string): HelmPush {
  return {
    push: async (order) =>
      await createHelm({
        path: await helmBinary(major),
        exec,
        home: path.join(folder, 'run-helm'),
        registryConfig: config ?? path.join(folder, 'none', 'config.json'),
      }).push(order),
  }
}

/** Packages a chart of this version; `note` makes its content another one. */
async function pack(version: string, note = ''): Promise<Package> {
  const root = await mkdtemp(path.join(folder, 'chart-'))
  const chart = path.join(root, 'demo')
  await mkdir(chart)
  await writeFile(
    path.join(chart, 'Chart.yaml'),
    `apiVersion: v2\nname: demo\nversion: ${version}\ndescription: "${note}"\n`,
  )
  await helm(4, ['package', chart, '-d', root])
  const fileName = `demo-${version}.tgz`
  const file = path.join(root, fileName)
  const bytes = await readFile(file)
  return {
    name: 'demo',
    version,
    path: file,
    fileName,
    digest: digestOf(bytes),
    size: bytes.length,
    provenance: null,
    metadata: {},
    created: '2026-01-02T03:04:05Z',
  }
}

function client(): OciClient {
  return createOciClient({
    http: createHttp(),
    retry,
    clock,
    log,
    mayPush: true,
    credentials: { forHost: () => undefined },
  })
}

function channel(options: Partial<OciChannelOptions> = {}) {
  return createOciChannel({
    target: {
      host: registry.host,
      path: place,
      optional: false,
      private: false,
    },
    client: client(),
    helm: helmPush(4),
    aliases: ['v{version}'],
    verification: {
      client: client(),
      strangersClient: client(),
      strangers: {
        invite: () => Promise.reject(new Error('nobody is invited here')),
      },
      registryConfig: '',
      isPrivate: false,
      readOwner: () => Promise.reject(new Error('nobody asks for the owner')),
      clock,
    },
    retry,
    log,
    ...options,
  })
}

async function publish(one: Channel, wanted: Package): Promise<Publication> {
  const [made] = await one.publish([{ package: wanted }])
  return made as Publication
}

async function manifestAt(tag: string): Promise<Manifest | undefined> {
  return await client().getManifest(at(), tag)
}

const at = () => ({ host: registry.host, name: `${place}/demo` })

/** An empty image under a tag, as `docker push` leaves one. */
async function pushImage(tag: string): Promise<Digest> {
  const upload = await fetch(
    `http://${registry.host}/v2/${place}/demo/blobs/uploads/`,
    { method: 'POST' },
  )
  const location = new URL(
    upload.headers.get('location') as string,
    `http://${registry.host}`,
  )
  location.searchParams.set('digest', digestOf('{}'))
  await fetch(location, { method: 'PUT', body: '{}' })
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf('{}'),
      size: 2,
    },
    layers: [],
  })
  const put = await fetch(
    `http://${registry.host}/v2/${place}/demo/manifests/${tag}`,
    {
      method: 'PUT',
      headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
      body,
    },
  )
  expect(put.status).toBe(201)
  return digestOf(body)
}

describe.each([4, 3] as const)('with Helm %d', (major) => {
  test('P1 and P4: what is pushed is found with its digests, and pulls under both tags', async () => {
    const wanted = await pack('1.2.3')
    const oci = channel({ helm: helmPush(major) })
    expect(await oci.locate(wanted)).toEqual({ state: 'absent' })
    await oci.probe([{ package: wanted }])
    const made = await publish(oci, wanted)
    expect(made).toEqual({
      channel: 'oci',
      target: `oci://${registry.host}/${place}/demo`,
      reference: `${registry.host}/${place}/demo:1.2.3`,
      digest: (await manifestAt('1.2.3'))?.digest,
      packageDigest: wanted.digest,
      hasProvenance: false,
      aliases: ['v1.2.3'],
    })
    expect(await oci.locate(wanted)).toEqual({
      state: 'found',
      publications: [made],
      lacks: [],
    })
    for (const version of ['1.2.3', 'v1.2.3', '>=1.0.0 <2.0.0']) {
      await mkdir(path.join(folder, 'out'), { recursive: true })
      await helm(major, [
        'pull',
        `oci://${registry.host}/${place}/demo`,
        '--version',
        version,
        '--plain-http',
        '-d',
        path.join(folder, 'out'),
      ])
      expect(
        digestOf(await readFile(path.join(folder, 'out', 'demo-1.2.3.tgz'))),
      ).toBe(wanted.digest)
    }
  })

  test('a version with build metadata has "_" in its tags', async () => {
    const wanted = await pack('1.2.3+build.5')
    const oci = channel({ helm: helmPush(major) })
    const made = await publish(oci, wanted)
    expect(made.reference).toMatch(/:1\.2\.3_build\.5$/)
    expect(made.aliases).toEqual(['v1.2.3_build.5'])
    expect(await oci.locate(wanted)).toMatchObject({ state: 'found' })
  })
})

test('a .prov beside the archive goes with it and comes back', async () => {
  const wanted = await pack('1.0.0')
  await writeFile(`${wanted.path}.prov`, 'signed by nobody')
  const oci = channel()
  const made = await publish(oci, wanted)
  expect(made.hasProvenance).toBe(true)
  const { archive, provenance } = await oci.download(wanted, made)
  expect(digestOf(archive)).toBe(wanted.digest)
  expect(Buffer.from(provenance ?? []).toString()).toBe('signed by nobody')
})

describe('P5: a published version never changes', () => {
  test('when it appears between the look and the push with other bytes', async () => {
    const oci = channel()
    const first = await publish(oci, await pack('1.0.0', 'first'))
    const other = await pack('1.0.0', 'second')
    await expect(publish(oci, other)).rejects.toThrow(
      expect.objectContaining({
        code: 'VERSION_CONFLICT',
        message: expect.stringMatching(
          new RegExp(`${first.packageDigest}.*${other.digest}`),
        ),
      }),
    )
    expect((await manifestAt('1.0.0'))?.digest).toBe(first.digest)
  })

  test('and with the same bytes nothing is pushed again', async () => {
    const wanted = await pack('1.0.0')
    const made = await publish(channel(), wanted)
    const helmless: HelmPush = {
      push: async () => await Promise.reject(new Error('pushed again')),
    }
    expect(await publish(channel({ helm: helmless }), wanted)).toEqual(made)
  })

  test('an alias with the whole version in it never moves', async () => {
    const oci = channel({ aliases: [] })
    const old = await publish(oci, await pack('1.0.0'))
    const made = await publish(oci, await pack('1.0.1'))
    await client().putManifest(
      at(),
      'v1.0.1',
      (await manifestAt('1.0.0')) as Manifest,
    )
    await expect(
      channel().locate({ name: 'demo', version: '1.0.1' }),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'VERSION_CONFLICT',
        message: expect.stringMatching(
          new RegExp(`v1\\.0\\.1.*${old.digest}.*${made.digest}`),
        ),
      }),
    )
  })

  test('an alias that is there before its version stops the check', async () => {
    const oci = channel({ aliases: [] })
    await publish(oci, await pack('1.0.0'))
    await client().putManifest(
      at(),
      'v2.0.0',
      (await manifestAt('1.0.0')) as Manifest,
    )
    await expect(
      channel().locate({ name: 'demo', version: '2.0.0' }),
    ).rejects.toThrow(expect.objectContaining({ code: 'VERSION_CONFLICT' }))
  })

  test('a version tag that holds an image is taken', async () => {
    const image = await pushImage('1.0.0')
    await expect(
      channel().locate({ name: 'demo', version: '1.0.0' }),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'VERSION_CONFLICT',
        message: expect.stringMatching(new RegExp(`container image.*${image}`)),
      }),
    )
    await expect(publish(channel(), await pack('1.0.0'))).rejects.toThrow(
      expect.objectContaining({ code: 'VERSION_CONFLICT' }),
    )
    expect((await manifestAt('1.0.0'))?.digest).toBe(image)
  })
})

describe('aliases', () => {
  const floating = ['v{version}', '{major}.{minor}', '{major}', 'latest']

  test('P4: a missing one is named by the check and added to what is there', async () => {
    const wanted = await pack('1.0.0')
    const made = await publish(channel({ aliases: [] }), wanted)
    const oci = channel()
    expect(await oci.locate(wanted)).toEqual({
      state: 'found',
      publications: [{ ...made, aliases: [] }],
      lacks: ['alias v1.0.0'],
    })
    expect(await oci.publish([{ package: wanted, found: made }])).toEqual([
      { ...made, aliases: ['v1.0.0'] },
    ])
    expect((await manifestAt('v1.0.0'))?.digest).toBe(made.digest)
  })

  test('that float move only to a higher stable version', async () => {
    const oci = channel({ aliases: floating })
    const made: Record<string, Publication> = {}
    for (const version of ['1.1.0', '1.0.5', '2.0.0-rc.1', '1.1.1+b', '2.0.0'])
      made[version] = await publish(oci, await pack(version))
    expect(made['1.1.0']?.aliases).toEqual(['v1.1.0', '1.1', '1', 'latest'])
    expect(made['1.0.5']?.aliases).toEqual(['v1.0.5', '1.0'])
    expect(made['2.0.0-rc.1']?.aliases).toEqual(['v2.0.0-rc.1'])
    expect(made['1.1.1+b']?.aliases).toEqual(['v1.1.1_b', '1.1', '1', 'latest'])
    expect(made['2.0.0']?.aliases).toEqual(['v2.0.0', '2.0', '2', 'latest'])
    expect((await manifestAt('1'))?.digest).toBe(made['1.1.1+b']?.digest)
    expect((await manifestAt('latest'))?.digest).toBe(made['2.0.0']?.digest)
    for (const version of Object.keys(made))
      expect(await oci.locate({ name: 'demo', version })).toMatchObject({
        lacks: [],
      })
  })

  test('that are new do not start at an old version', async () => {
    const oci = channel({ aliases: [] })
    for (const version of ['1.0.0', '1.1.0', '2.0.0-rc.1', '2.0.0+b'])
      await publish(oci, await pack(version))
    const lacks = async (version: string) =>
      await channel({ aliases: floating }).locate({ name: 'demo', version })
    expect(await lacks('1.0.0')).toMatchObject({
      lacks: ['alias v1.0.0', 'alias 1.0'],
    })
    expect(await lacks('1.1.0')).toMatchObject({
      lacks: ['alias v1.1.0', 'alias 1.1', 'alias 1'],
    })
    expect(await lacks('2.0.0+b')).toMatchObject({
      lacks: ['alias v2.0.0_b', 'alias 2.0', 'alias 2', 'alias latest'],
    })
  })

  test('P6: that hold something that is no chart stay', async () => {
    const image = await pushImage('latest')
    const made = await publish(
      channel({ aliases: ['latest'] }),
      await pack('1.0.0'),
    )
    expect(made.aliases).toEqual([])
    expect((await manifestAt('latest'))?.digest).toBe(image)
    expect(warnings.join()).toContain('latest')
  })

  test('that the registry refuses are a warning', async () => {
    const refusing: OciClient = {
      ...client(),
      putManifest: async () =>
        await Promise.reject(new ReleaseError('REGISTRY_FAILED', 'immutable')),
    }
    const made = await publish(
      channel({ client: refusing }),
      await pack('1.0.0'),
    )
    expect(made.aliases).toEqual([])
    expect(warnings).toEqual([expect.stringMatching(/v1\.0\.0.*immutable/)])
  })
})

describe('a push', () => {
  const failing = new ReleaseError('REGISTRY_FAILED', 'failed to perform "Tag"')

  test('P4: that fails for a moment is made again', async () => {
    let calls = 0
    const flaky: HelmPush = {
      push: async (request) => {
        if (++calls < 3) throw failing
        return await helmPush(4).push(request)
      },
    }
    await publish(channel({ helm: flaky }), await pack('1.0.0'))
    expect(calls).toBe(3)
  })

  test('P4: whose answer was lost is not made again', async () => {
    let calls = 0
    const lost: HelmPush = {
      push: async (request) => {
        calls++
        await helmPush(4).push(request)
        throw failing
      },
    }
    const wanted = await pack('1.0.0')
    const made = await publish(channel({ helm: lost }), wanted)
    expect(made.packageDigest).toBe(wanted.digest)
    expect(calls).toBe(1)
  })

  test('that keeps failing is REGISTRY_FAILED, with what Helm said', async () => {
    let calls = 0
    const broken: HelmPush = {
      push: async () => {
        calls++
        return await Promise.reject(failing)
      },
    }
    await expect(
      publish(channel({ helm: broken }), await pack('1.0.0')),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'REGISTRY_FAILED',
        message: expect.stringContaining('failed to perform "Tag"'),
      }),
    )
    expect(calls).toBe(4)
  })

  test('that is refused is not made again', async () => {
    let calls = 0
    const refused: HelmPush = {
      push: async () => {
        calls++
        return await Promise.reject(new ReleaseError('REGISTRY_AUTH', 'no'))
      },
    }
    await expect(
      publish(channel({ helm: refused }), await pack('1.0.0')),
    ).rejects.toThrow(expect.objectContaining({ code: 'REGISTRY_AUTH' }))
    expect(calls).toBe(1)
  })

  test('is waited for where the registry shows it late', async () => {
    const real = client()
    let looks = 0
    const late: OciClient = {
      ...real,
      // The look before the push, and two after it.
      getManifest: async (...asked) =>
        ++looks <= 3 ? undefined : await real.getManifest(...asked),
    }
    const wanted = await pack('1.0.0')
    expect(
      (await publish(channel({ client: late }), wanted)).packageDigest,
    ).toBe(wanted.digest)
  })

  test('that Helm reports under another digest is not taken for done', async () => {
    const lying: HelmPush = {
      push: async (request) => {
        await helmPush(4).push(request)
        return digestOf('something else')
      },
    }
    await expect(
      publish(channel({ helm: lying }), await pack('1.0.0')),
    ).rejects.toThrow(expect.objectContaining({ code: 'REGISTRY_FAILED' }))
  })

  test('that the registry never shows is REGISTRY_FAILED', async () => {
    const idle: HelmPush = { push: async () => await Promise.resolve(null) }
    await expect(
      publish(channel({ helm: idle }), await pack('1.0.0')),
    ).rejects.toThrow(expect.objectContaining({ code: 'REGISTRY_FAILED' }))
  })
})

describe.each([4, 3] as const)(
  'behind token authentication, Helm %d',
  (major) => {
    let guarded: Awaited<ReturnType<typeof startRegistry>>
    beforeAll(async () => {
      guarded = await startRegistry({ auth: 'token', users: { me: 'p w:d' } })
    })
    afterAll(async () => {
      await guarded.close()
    })

    async function guardedChannel(password: string | null) {
      const credentials = await createCredentials({
        given:
          password === null
            ? []
            : [{ host: guarded.host, username: 'me', password }],
        loginFiles: [],
        hosts: [],
        folder: await mkdtemp(path.join(folder, 'run-')),
        exec,
        log,
      })
      return channel({
        target: {
          host: guarded.host,
          path: place,
          optional: false,
          private: false,
        },
        helm: helmPush(major, credentials.configFile),
        client: createOciClient({
          http: createHttp(),
          retry,
          clock,
          log,
          mayPush: true,
          credentials,
        }),
      })
    }

    test('uses one credentials file as the client does', async () => {
      const wanted = await pack('1.0.0')
      const oci = await guardedChannel('p w:d')
      expect(await oci.locate(wanted)).toEqual({ state: 'absent' })
      await oci.probe([{ package: wanted }])
      expect((await publish(oci, wanted)).aliases).toEqual(['v1.0.0'])
      expect(await oci.locate(wanted)).toMatchObject({
        state: 'found',
        lacks: [],
      })
    })

    test('P7: a private package is not absent to a stranger', async () => {
      const wanted = await pack('1.0.0')
      await publish(await guardedChannel('p w:d'), wanted)
      guarded.setPrivate(`${place}/demo`, true)
      const stranger = await guardedChannel(null)
      await expect(stranger.locate(wanted)).rejects.toThrow(
        expect.objectContaining({ code: 'REGISTRY_AUTH' }),
      )
      expect(
        await (await guardedChannel('p w:d')).locate(wanted),
      ).toMatchObject({
        state: 'found',
      })
    })

    test('P2: credentials that are refused are found out before anything is published', async () => {
      const wanted = await pack('1.0.0')
      const oci = await guardedChannel('wrong')
      await expect(oci.probe([{ package: wanted }])).rejects.toThrow(
        expect.objectContaining({ code: 'REGISTRY_AUTH' }),
      )
      const stranger = await guardedChannel(null)
      await expect(stranger.probe([{ package: wanted }])).rejects.toThrow(
        expect.objectContaining({ code: 'REGISTRY_AUTH' }),
      )
    })
  },
)

import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  test,
} from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { digestOf } from '../../src/digest.ts'
import { createExec } from '../../src/exec.ts'
import { type HelmMajor, helmBinary } from '../../testing/helm.ts'
import {
  type Registry,
  type RegistryOptions,
  startRegistry,
} from '../../testing/registry.ts'

const exec = createExec(process.env)
const password = 'p:w d'
const users = { me: password, reader: 'r' }
const started: Registry[] = []
let folder: string
/** A packaged chart: `demo` 1.2.3. */
let archive: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'registry-test-'))
  const chart = path.join(folder, 'demo')
  await mkdir(chart)
  await writeFile(
    path.join(chart, 'Chart.yaml'),
    'apiVersion: v2\nname: demo\nversion: 1.2.3\n',
  )
  await helm(4, { args: ['package', chart, '-d', folder] })
  archive = path.join(folder, 'demo-1.2.3.tgz')
})

afterEach(async () => {
  for (const registry of started.splice(0)) await registry.close()
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function start(options?: RegistryOptions): Promise<Registry> {
  const registry = await startRegistry(options)
  started.push(registry)
  return registry
}

interface Call {
  readonly args: readonly string[]
  /** Of a Docker configuration folder. */
  readonly login?: string
}

/** Runs Helm as one that was never used before. */
async function helm(major: HelmMajor, { args, login }: Call) {
  const home = await mkdtemp(path.join(folder, 'home-'))
  return await exec(await helmBinary(major), args, {
    env: {
      HELM_CACHE_HOME: path.join(home, 'cache'),
      HELM_CONFIG_HOME: path.join(home, 'config'),
      HELM_DATA_HOME: path.join(home, 'data'),
      DOCKER_CONFIG: login ?? home,
    },
  })
}

/** A folder with a Docker-style `config.json`. */
async function logIn(host: string, user: string, word: string) {
  const made = await mkdtemp(path.join(folder, 'login-'))
  const auth = Buffer.from(`${user}:${word}`).toString('base64')
  await writeFile(
    path.join(made, 'config.json'),
    JSON.stringify({ auths: { [host]: { auth } } }),
  )
  return made
}

const push = (registry: Registry): string[] => [
  'push',
  archive,
  `oci://${registry.host}/acme`,
  '--plain-http',
]

/** The digest of what Helm pulls, or what it says when it does not. */
async function pull(major: HelmMajor, registry: Registry, login?: string) {
  const into = await mkdtemp(path.join(folder, 'pulled-'))
  const { exitCode, stderr } = await helm(major, {
    args: [
      'pull',
      `oci://${registry.host}/acme/demo`,
      '--version=1.2.3',
      '--plain-http',
      '-d',
      into,
    ],
    ...(login === undefined ? {} : { login }),
  })
  if (exitCode !== 0) return stderr
  return digestOf(await readFile(path.join(into, 'demo-1.2.3.tgz')))
}

const basic = (user: string, word: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${word}`).toString('base64')}`,
})

/** Asks for a token. */
async function token(
  registry: Registry,
  scope: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; bearer: Record<string, string> }> {
  const { host, url } = registry
  const query = new URLSearchParams({ service: host, scope })
  const answer = await fetch(`${url}/token?${query.toString()}`, { headers })
  const body = (await answer.json()) as { token?: string }
  return {
    status: answer.status,
    bearer: { authorization: `Bearer ${body.token}` },
  }
}

const open = async (registry: Registry, headers = {}): Promise<Response> =>
  await fetch(`${registry.url}/v2/acme/demo/blobs/uploads/`, {
    method: 'POST',
    headers,
  })

describe.each([4, 3] as const)('Helm %d', (major) => {
  test('pushes and pulls without authentication', async () => {
    const registry = await start()
    const pushed = await helm(major, { args: push(registry) })
    expect(pushed).toMatchObject({ exitCode: 0 })
    expect(await pull(major, registry)).toBe(digestOf(await readFile(archive)))
    expect(await registry.tags('acme/demo')).toEqual(['1.2.3'])
    const manifest = await registry.manifest('acme/demo', '1.2.3')
    expect(pushed.stdout + pushed.stderr).toContain(manifest?.digest)
    expect(registry.mutations().at(-1)).toMatchObject({
      method: 'PUT',
      path: expect.stringMatching(/^\/v2\/acme\/demo\/manifests\/1\.2\.3$/),
      status: 201,
    })
  })

  test.each(['DOCKER_CONFIG', '--registry-config'])(
    'pushes with the credentials of %s, and a stranger pulls',
    async (way) => {
      const registry = await start({ auth: 'token', users })
      const login = await logIn(registry.host, 'me', password)
      const pushed = await helm(
        major,
        way === 'DOCKER_CONFIG'
          ? { args: push(registry), login }
          : {
              args: [
                ...push(registry),
                '--registry-config',
                path.join(login, 'config.json'),
              ],
            },
      )
      expect(pushed).toMatchObject({ exitCode: 0 })
      expect(await pull(major, registry)).toBe(
        digestOf(await readFile(archive)),
      )
    },
  )

  test.each([
    ['nobody', ''],
    ['me', 'wrong'],
    ['reader', 'r'],
  ])('is refused a push as %s with the password "%s"', async (user, word) => {
    const registry = await start({ auth: 'token', users, readers: ['reader'] })
    const login = await logIn(registry.host, user, word)
    const { exitCode, stderr } = await helm(major, {
      args: push(registry),
      login,
    })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/40[13]|denied/i)
    expect(registry.mutations()).toEqual([])
  })

  test('pulls a private package with credentials only', async () => {
    const registry = await start({
      auth: 'token',
      users,
      readers: ['reader'],
      newPackages: 'private',
    })
    const login = await logIn(registry.host, 'me', password)
    expect(await helm(major, { args: push(registry), login })).toMatchObject({
      exitCode: 0,
    })
    const digest = digestOf(await readFile(archive))
    expect(await pull(major, registry)).toMatch(/403|denied/)
    const reader = await logIn(registry.host, 'reader', 'r')
    expect(await pull(major, registry, reader)).toBe(digest)
    registry.setPrivate('acme/demo', false)
    expect(await pull(major, registry)).toBe(digest)
  })

  test('sees an injected fault, and a push that is made again completes', async () => {
    const registry = await start()
    registry.door.inject({
      method: 'PUT',
      path: /\/manifests\//,
      effect: { kind: 'status', status: 403 },
    })
    const failed = await helm(major, { args: push(registry) })
    expect(failed.exitCode).toBe(1)
    expect(failed.stderr).toContain('403')
    expect(await registry.tags('acme/demo')).toEqual([])
    expect(await helm(major, { args: push(registry) })).toMatchObject({
      exitCode: 0,
    })
    expect(await registry.tags('acme/demo')).toEqual(['1.2.3'])
  })
})

describe('an upload', () => {
  test.each(['at once', 'in pieces'])(
    'goes on at the door, %s',
    async (way) => {
      const registry = await start()
      const bytes = Buffer.from('some bytes')
      const session = await open(registry)
      expect(session.status).toBe(202)
      let next = new URL(session.headers.get('location') ?? '', registry.url)
      if (way === 'in pieces') {
        const patched = await fetch(next, {
          method: 'PATCH',
          headers: { 'content-type': 'application/octet-stream' },
          body: bytes,
        })
        next = new URL(patched.headers.get('location') ?? '', registry.url)
      }
      expect(next.host).toBe(registry.host)
      next.searchParams.set('digest', digestOf(bytes))
      const put = await fetch(next, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        ...(way === 'at once' ? { body: bytes } : {}),
      })
      expect(put.status).toBe(201)
      const blob = new URL(put.headers.get('location') ?? '', registry.url)
      expect(blob.host).toBe(registry.host)
      const read = await fetch(blob)
      expect(await read.text()).toBe('some bytes')
      const head = await fetch(blob, { method: 'HEAD' })
      expect(head.headers.get('content-length')).toBe(`${bytes.length}`)
    },
  )

  test('is a mutation when it was acted on, whatever was answered', async () => {
    const registry = await start()
    const uploads = /uploads/
    registry.door.inject({
      path: uploads,
      effect: { kind: 'reset', when: 'before' },
    })
    await expect(open(registry)).rejects.toThrow('fetch failed')
    expect(registry.mutations()).toEqual([])
    registry.door.inject({
      path: uploads,
      effect: { kind: 'reset', when: 'after' },
    })
    await expect(open(registry)).rejects.toThrow('fetch failed')
    expect(registry.mutations()).toMatchObject([
      { method: 'POST', status: null },
    ])
  })
})

describe('token authentication', () => {
  test('names its realm and the right that is missing', async () => {
    const registry = await start({ auth: 'token', users })
    const { url, host } = registry
    const challenge = async (asked: string, method = 'GET') =>
      (await fetch(`${url}${asked}`, { method })).headers.get(
        'www-authenticate',
      )
    const realm = `Bearer realm="${url}/token",service="${host}"`
    expect(await challenge('/v2/')).toBe(realm)
    expect(await challenge('/v2/acme/demo/manifests/1')).toBe(
      `${realm},scope="repository:acme/demo:pull"`,
    )
    expect(await challenge('/v2/acme/demo/blobs/uploads/', 'POST')).toBe(
      `${realm},scope="repository:acme/demo:pull,push"`,
    )
  })

  test('denies strangers a private and a missing package alike', async () => {
    const registry = await start({ auth: 'token', users })
    const login = await logIn(registry.host, 'me', password)
    await helm(4, { args: push(registry), login })
    const pulled = async (name: string) =>
      (await token(registry, `repository:acme/${name}:pull`)).status
    expect(await pulled('demo')).toBe(200)
    expect(await pulled('missing')).toBe(403)
    registry.setPrivate('acme/demo', true)
    expect(await pulled('demo')).toBe(403)
  })

  test('lets a user see that a package is missing', async () => {
    const registry = await start({ auth: 'token', users })
    const { status, bearer } = await token(
      registry,
      'repository:acme/missing:pull',
      basic('me', password),
    )
    expect(status).toBe(200)
    const manifest = `${registry.url}/v2/acme/missing/manifests/1`
    expect((await fetch(manifest, { headers: bearer })).status).toBe(404)
  })

  test('refuses wrong credentials where the token is asked for', async () => {
    const registry = await start({ auth: 'token', users })
    for (const wrong of [basic('me', 'no'), basic('toString', 'x')]) {
      const scope = 'repository:acme/demo:pull'
      expect((await token(registry, scope, wrong)).status).toBe(403)
    }
  })

  test('wants another token for more than was asked, and denies what no token gives', async () => {
    const registry = await start({ auth: 'token', users, readers: ['reader'] })
    const scope = 'repository:acme/demo:pull'
    const me = basic('me', password)
    const weak = await token(registry, scope, me)
    expect((await open(registry, weak.bearer)).status).toBe(401)
    const other = await token(registry, 'repository:acme/x:pull,push', me)
    expect((await open(registry, other.bearer)).status).toBe(401)
    const strong = await token(registry, `${scope},push`, me)
    expect((await open(registry, strong.bearer)).status).toBe(202)
    const reader = await token(registry, `${scope},push`, basic('reader', 'r'))
    expect((await open(registry, reader.bearer)).status).toBe(403)
  })
})

test('a tag that was just written is late, its digest is not', async () => {
  const registry = await start({ lag: 2 })
  await helm(4, { args: push(registry) })
  const stored = await registry.manifest('acme/demo', '1.2.3')
  const read = async (reference: string) =>
    (
      await fetch(`${registry.url}/v2/acme/demo/manifests/${reference}`, {
        method: 'HEAD',
        headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
      })
    ).status
  expect(await read(stored?.digest ?? '')).toBe(200)
  expect([await read('1.2.3'), await read('1.2.3')]).toEqual([404, 404])
  expect(await read('1.2.3')).toBe(200)
})

test('what is not there is told apart from what cannot be read', async () => {
  const registry = await start()
  expect(await registry.tags('acme/missing')).toEqual([])
  expect(await registry.manifest('acme/missing', '1')).toBeNull()
  await registry.close()
  await expect(registry.tags('acme/missing')).rejects.toThrow('fetch failed')
})

test('the registry ends with the process that started it, even a killed one', async () => {
  const module = path.resolve(
    import.meta.dirname,
    '../../testing/registry/distribution.ts',
  )
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startDistribution } = await import(${JSON.stringify(module)})
       console.log((await startDistribution()).url)
       setInterval(() => {}, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer]
  const url = `${chunk.toString().trim()}/v2/`
  expect((await fetch(url)).status).toBe(200)
  parent.kill('SIGKILL')
  let code: string | undefined
  // Until the port is free; a registry that stays fails by the test's timeout.
  while (code !== 'ECONNREFUSED')
    code = await fetch(url).then(
      () => undefined,
      (thrown: { cause?: { code?: string } }) => thrown.cause?.code,
    )
  expect(code).toBe('ECONNREFUSED')
})

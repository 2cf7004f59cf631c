import {
  type Door,
  type DoorRequest,
  type DoorResponse,
  openDoor,
  type Recorded,
} from './door.ts'
import { createAccess } from './registry/access.ts'
import { startDistribution } from './registry/distribution.ts'

export interface RegistryOptions {
  /** `token`: as ghcr.io asks for it. Default: `none`. */
  readonly auth?: 'none' | 'token'
  /** Passwords by user. */
  readonly users?: Readonly<Record<string, string>>
  /** Users who may pull but not push. */
  readonly readers?: readonly string[]
  /** What a repository is that was never set. Default: `public`. */
  readonly newPackages?: 'public' | 'private'
  /** How many reads of a tag say 404 after it was written. Default: 0. */
  readonly lag?: number
}

/** A real registry, behind a door that does what ghcr.io does. */
export interface Registry {
  /** `127.0.0.1:PORT` */
  readonly host: string
  readonly url: string
  readonly door: Door
  setPrivate(repository: string, isPrivate: boolean): void
  /** What changed something: recorded writes that succeeded. */
  mutations(): readonly Recorded[]
  /** Asked of the registry itself: neither recorded nor refused. */
  tags(repository: string): Promise<readonly string[]>
  /** `null`: there is no such manifest. */
  manifest(
    repository: string,
    reference: string,
  ): Promise<{ readonly digest: string; readonly content: unknown } | null>
  close(): Promise<void>
}

export async function startRegistry(
  options: RegistryOptions = {},
): Promise<Registry> {
  const upstream = await startDistribution()
  const visibility = new Map<string, 'public' | 'private'>()
  const lag = createLag(options.lag ?? 0)
  const access = createAccess({
    users: options.users ?? {},
    readers: new Set(options.readers),
    isPublic: (repository) =>
      (visibility.get(repository) ?? options.newPackages ?? 'public') ===
      'public',
    exists: async (repository) =>
      (await listTags(upstream.url, repository)).length > 0,
  })
  const withToken = options.auth === 'token'
  const door = await openDoor(async (request) => {
    if (withToken) {
      if (request.url.pathname === '/token')
        // Helm 3 asks with OAuth2 first, which is no part of this: it then GETs.
        return request.method === 'GET'
          ? await access.grant(request)
          : { status: 405 }
      const refusal = access.refuse(request)
      if (refusal !== undefined) return refusal
    }
    return lag(request, await forward(upstream.url, request))
  })
  return {
    host: `127.0.0.1:${door.port}`,
    url: door.url,
    door,
    setPrivate: (repository, isPrivate) => {
      visibility.set(repository, isPrivate ? 'private' : 'public')
    },
    mutations: () =>
      door.requests.filter(
        ({ method, status }) =>
          method !== 'GET' &&
          method !== 'HEAD' &&
          status !== null &&
          status < 400,
      ),
    tags: async (repository) => await listTags(upstream.url, repository),
    manifest: async (repository, reference) => {
      const found = await fetch(
        `${upstream.url}/v2/${repository}/manifests/${reference}`,
        { headers: { accept: MANIFEST } },
      )
      if (!found.ok) return null
      return {
        digest: found.headers.get('docker-content-digest') ?? '',
        content: await found.json(),
      }
    },
    close: async () => {
      await door.close()
      await upstream.close()
    },
  }
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

async function listTags(
  url: string,
  repository: string,
): Promise<readonly string[]> {
  const found = await fetch(`${url}/v2/${repository}/tags/list`)
  if (!found.ok) return []
  const { tags } = (await found.json()) as { tags: string[] | null }
  return tags ?? []
}

/** Headers of one connection, and what `fetch` sets itself. */
const notForwarded = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
])

async function forward(
  url: string,
  { method, path, headers, body }: DoorRequest,
): Promise<DoorResponse> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: Object.fromEntries(
      Object.entries(headers).filter(([name]) => !notForwarded.has(name)),
    ),
    redirect: 'manual',
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  })
  return {
    status: answer.status,
    headers: Object.fromEntries(
      [...answer.headers].filter(
        ([name]) =>
          !notForwarded.has(name) ||
          (name === 'content-length' && method === 'HEAD'),
      ),
    ),
    body: Buffer.from(await answer.arrayBuffer()),
  }
}

/** ghcr.io's read-after-write lag: a tag that was just written is not there yet. */
function createLag(reads: number) {
  const left = new Map<string, number>()
  return (
    { method, url: { pathname } }: DoorRequest,
    answer: DoorResponse,
  ): DoorResponse => {
    if (reads === 0 || !/\/manifests\/(?!sha256:)/.test(pathname)) return answer
    if (method === 'PUT') {
      left.set(pathname, reads)
      return answer
    }
    const count = left.get(pathname) ?? 0
    if (count === 0) return answer
    left.set(pathname, count - 1)
    return {
      status: 404,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN' }] }),
    }
  }
}

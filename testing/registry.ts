import { setTimeout as sleep } from 'node:timers/promises'
import { type Door, openDoor, type Recorded } from './door.ts'
import { createAccess } from './registry/access.ts'
import { startDistribution } from './registry/distribution.ts'
import { createLag } from './registry/lag.ts'
import { replaceTag, type TagPlace } from './registry/replace.ts'
import {
  forward,
  listTags,
  readManifest,
  type StoredManifest,
} from './registry/upstream.ts'

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
  /** What every answer takes longer, in milliseconds. Default: 0. */
  readonly latency?: number
}

/** A real registry, behind a door that does what ghcr.io does. */
export interface Registry {
  /** `127.0.0.1:PORT` */
  readonly host: string
  readonly url: string
  readonly door: Door
  setPrivate(repository: string, isPrivate: boolean): void
  /**
   * The requests that changed something, an upload session included: neither
   * GET nor HEAD, nor refused. Those too whose answer a fault has lost.
   */
  mutations(): readonly Recorded[]
  /** Asked of the registry itself: neither recorded nor refused. */
  tags(repository: string): Promise<readonly string[]>
  /** `null`: there is no such manifest. */
  manifest(
    repository: string,
    reference: string,
  ): Promise<StoredManifest | null>
  blob(repository: string, digest: string): Promise<Buffer>
  /** Somebody who may push points a tag at something else. */
  replace(at: TagPlace, by: TagPlace): Promise<void>
  close(): Promise<void>
}

/** Starts a registry with an empty store, on a free port of loopback. */
export async function startRegistry(
  options: RegistryOptions = {},
): Promise<Registry> {
  const upstream = await startDistribution()
  const visibility = new Map<string, 'public' | 'private'>()
  const late = createLag(options.lag ?? 0)
  const access = createAccess({
    users: options.users ?? {},
    readers: new Set(options.readers),
    isPublic: (repository) =>
      (visibility.get(repository) ?? options.newPackages ?? 'public') ===
      'public',
    exists: async (repository) =>
      (await listTags(upstream.url, repository)).length > 0,
  })
  // The door hands the headers it records to whoever answers: one object.
  const changed = new WeakSet<object>()
  const door = await openDoor(async (request) => {
    if (options.latency !== undefined) await sleep(options.latency)
    if (options.auth === 'token') {
      const answer = await access.answer(request)
      if (answer !== undefined) return answer
    }
    const answer = await forward(upstream.url, request)
    if (!/^(GET|HEAD)$/.test(request.method) && answer.status < 400)
      changed.add(request.headers)
    return late(request, answer)
  })
  return {
    host: `127.0.0.1:${door.port}`,
    url: door.url,
    door,
    setPrivate: (repository, isPrivate) => {
      visibility.set(repository, isPrivate ? 'private' : 'public')
    },
    mutations: () =>
      door.requests.filter(({ headers }) => changed.has(headers)),
    tags: async (repository) => await listTags(upstream.url, repository),
    manifest: async (repository, reference) =>
      await readManifest(upstream.url, { repository, reference }),
    blob: async (repository, digest) =>
      Buffer.from(
        await (
          await fetch(`${upstream.url}/v2/${repository}/blobs/${digest}`)
        ).arrayBuffer(),
      ),
    replace: async (at, by) => {
      await replaceTag(upstream.url, at, by)
    },
    close: async () => {
      await door.close()
      await upstream.close()
    },
  }
}

import type { Clock } from '../clock.ts'
import type { Http } from '../http.ts'
import type { Log } from '../log.ts'
import type { Digest } from '../model.ts'
import type { Retry } from '../retry.ts'
import type { Credentials } from './credentials.ts'
import { createExchange } from './exchange.ts'
import type { Descriptor, Manifest } from './manifest.ts'
import type { Repository } from './reference.ts'
import { createSession } from './session.ts'
import { listTags } from './tags.ts'
import { putBlob } from './upload.ts'
import { getManifest, getDigest, putManifest } from './manifests.ts'
import { getBlob, provePush } from './blobs.ts'

/**
 * What the Helm CLI cannot do with a registry.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 *
 * Every function throws `REGISTRY_AUTH`, `REGISTRY_FAILED` or `TIMED_OUT`.
 * Absent is only what the registry says it does not have (P7).
 */
export interface OciClient {
  /** By tag or digest, checked against its digest; `undefined`: absent. */
  getManifest(at: Repository, reference: string): Promise<Manifest | undefined>
  /** What a tag points at; `undefined`: absent. */
  getDigest(at: Repository, tag: string): Promise<Digest | undefined>
  /** Points a tag at these very bytes. */
  putManifest(at: Repository, tag: string, manifest: Manifest): Promise<void>
  /** A blob, checked against its descriptor. */
  getBlob(at: Repository, blob: Descriptor): Promise<Uint8Array>
  /** Stores a blob, unless it is there. */
  putBlob(at: Repository, bytes: Uint8Array): Promise<void>
  /** Every tag, in no order; none when the repository is absent. */
  listTags(at: Repository): Promise<readonly string[]>
  /** Opens an upload and abandons it: shows that we may push, changes nothing. */
  provePush(at: Repository): Promise<void>
}

export interface OciClientOptions {
  readonly http: Http
  readonly retry: Retry
  readonly clock: Clock
  readonly log: Log
  /** A stranger's client has none. */
  readonly credentials: Pick<Credentials, 'forHost'>
  /**
   * May the client ask for the right to push, to see what only those see who
   * may push? A dry run may not: quay.io makes the repository at that moment.
   */
  readonly mayPush: boolean
}

export function createOciClient(options: OciClientOptions): OciClient {
  const session = createSession({
    exchange: createExchange(options),
    credentials: options.credentials,
    mayPush: options.mayPush,
  })
  return {
    getManifest: async (at, reference) =>
      await getManifest(session, at, reference),
    getDigest: async (at, tag) => await getDigest(session, at, tag),
    putManifest: async (at, tag, manifest) => {
      await putManifest(session, { at, tag, manifest })
    },
    getBlob: async (at, blob) => await getBlob(session, at, blob),
    putBlob: async (at, bytes) => {
      await putBlob(session, at, bytes)
    },
    listTags: async (at) => await listTags(session, at),
    provePush: async (at) => {
      await provePush(session, at, options.log)
    },
  }
}

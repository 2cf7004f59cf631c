import type { Clock } from '../clock.ts'
import { digestOf, isDigest } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import type { Http } from '../http.ts'
import type { Log } from '../log.ts'
import type { Digest } from '../model.ts'
import type { Retry } from '../retry.ts'
import type { Credentials } from './credentials.ts'
import { wordsOf } from './denial.ts'
import { type Answer, createExchange } from './exchange.ts'
import {
  acceptedManifests,
  type Descriptor,
  type Manifest,
  parseManifest,
  readObject,
} from './manifest.ts'
import { checkTag, referenceOf, type Repository } from './reference.ts'
import { createSession, type Session } from './session.ts'
import { listTags } from './tags.ts'
import { putBlob } from './upload.ts'

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

/** 256 MiB: no chart is larger. */
const BLOB_LIMIT = 256 * 1024 * 1024

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

async function getManifest(
  session: Session,
  at: Repository,
  reference: string,
): Promise<Manifest | undefined> {
  const where = referenceOf(at, reference)
  const answer = await session.ask({
    at,
    method: 'GET',
    path: `manifests/${isDigest(reference) ? reference : checkTag(reference)}`,
    what: where,
    headers: { accept: acceptedManifests },
  })
  if (answer.status === 404) return absent(answer, where)
  if (answer.status !== 200) throw failed(`GET ${where}`, answer)
  const manifest = parseManifest(
    answer.body,
    answer.header('content-type'),
    where,
  )
  const promised = isDigest(reference)
    ? reference
    : answer.header('docker-content-digest')
  if (isDigest(promised) && promised !== manifest.digest)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `The manifest that ${at.host} serves for ${where} has the digest ${manifest.digest}, but should have ${promised}. The registry, or something in between, changes its content.`,
    )
  return manifest
}

/** The specification's 404 has the registry's errors in it, or no body at all. */
function absent(answer: Answer, where: string): undefined {
  const known =
    answer.body.length === 0 ||
    Array.isArray(readObject(answer.body)?.['errors'])
  if (!known)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `${where}: the answer is a 404, but not one of an OCI registry. Check the host in the input registries.`,
    )
}

async function getDigest(
  session: Session,
  at: Repository,
  tag: string,
): Promise<Digest | undefined> {
  const answer = await session.ask({
    at,
    method: 'HEAD',
    path: `manifests/${checkTag(tag)}`,
    what: referenceOf(at, tag),
    headers: { accept: acceptedManifests },
  })
  const digest = answer.header('docker-content-digest')
  if (answer.status === 200 && isDigest(digest)) return digest
  // A HEAD's 404 has no body to tell a registry by, and the digest is optional.
  return (await getManifest(session, at, tag))?.digest
}

async function putManifest(
  session: Session,
  { at, tag, manifest }: { at: Repository; tag: string; manifest: Manifest },
): Promise<void> {
  const where = referenceOf(at, tag)
  const answer = await session.ask({
    at,
    access: 'pull,push',
    method: 'PUT',
    path: `manifests/${checkTag(tag)}`,
    what: where,
    headers: { 'content-type': manifest.mediaType },
    body: manifest.bytes,
  })
  if (answer.status !== 201 && answer.status !== 200)
    throw failed(`PUT ${where}`, answer)
  const digest = answer.header('docker-content-digest')
  if (isDigest(digest) && digest !== manifest.digest)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `${at.host} stored ${where} as ${digest}, but was given ${manifest.digest}.`,
    )
}

async function getBlob(
  session: Session,
  at: Repository,
  blob: Descriptor,
): Promise<Uint8Array> {
  const where = referenceOf(at, blob.digest)
  if (blob.size > BLOB_LIMIT)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `${where} is said to have ${blob.size} bytes; no chart is over ${BLOB_LIMIT}.`,
    )
  const answer = await session.ask({
    at,
    method: 'GET',
    path: `blobs/${blob.digest}`,
    what: where,
    limit: blob.size,
    timeoutSeconds: 300,
  })
  if (answer.status !== 200) throw failed(`GET ${where}`, answer)
  const digest = digestOf(answer.body)
  if (digest !== blob.digest)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `${at.host} serves other bytes for ${where}: their digest is ${digest}.`,
    )
  return answer.body
}

async function provePush(
  session: Session,
  at: Repository,
  log: Log,
): Promise<void> {
  const where = referenceOf(at)
  const answer = await session.ask({
    at,
    access: 'pull,push',
    method: 'POST',
    path: 'blobs/uploads/',
    what: `upload to ${where}`,
  })
  if (answer.status === 404)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `${at.host} has no repository ${at.name} and makes none by itself (${wordsOf(answer)}). Create it there first.`,
    )
  if (answer.status !== 202) throw failed(`An upload to ${where}`, answer)
  const location = answer.header('location')
  if (location === null) return
  try {
    await session.cancel(at, location)
  } catch (thrown) {
    // Registries drop abandoned uploads by themselves.
    log.debug(`the upload to ${where} was not cancelled: ${String(thrown)}`)
  }
}

function failed(what: string, answer: Answer): ReleaseError {
  return new ReleaseError(
    'REGISTRY_FAILED',
    `${what}: the registry answered ${wordsOf(answer)}.`,
  )
}

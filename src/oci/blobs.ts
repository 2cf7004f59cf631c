import { digestOf } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import type { Log } from '../log.ts'
import { failed, wordsOf } from './denial.ts'
import type { Descriptor } from './manifest.ts'
import { referenceOf, type Repository } from './reference.ts'
import type { Session } from './session.ts'

/** 256 MiB: no chart is larger. */
const BLOB_LIMIT = 256 * 1024 * 1024

/** A blob, checked against its descriptor. Throws `REGISTRY_FAILED`. */
export async function getBlob(
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

/** Opens an upload and abandons it. Throws `REGISTRY_FAILED`. */
export async function provePush(
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

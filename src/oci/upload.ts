import { digestOf } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import { wordsOf } from './denial.ts'
import { referenceOf, type Repository } from './reference.ts'
import type { Session } from './session.ts'

/**
 * Stores a small blob in one request after it was announced:
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#post-then-put
 */
export async function putBlob(
  session: Session,
  at: Repository,
  bytes: Uint8Array,
): Promise<void> {
  const digest = digestOf(bytes)
  const where = referenceOf(at, digest)
  const there = await session.ask({
    at,
    access: 'pull,push',
    method: 'HEAD',
    path: `blobs/${digest}`,
    what: where,
  })
  if (there.status === 200) return
  const begun = await session.ask({
    at,
    access: 'pull,push',
    method: 'POST',
    path: 'blobs/uploads/',
    what: `upload to ${referenceOf(at)}`,
  })
  const location = begun.header('location')
  if (begun.status !== 202 || location === null)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `An upload to ${referenceOf(at)}: the registry answered ${wordsOf(begun)}.`,
    )
  const ended = await session.upload(at, location, { digest, bytes })
  if (ended.status !== 201)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `PUT ${where}: the registry answered ${wordsOf(ended)}.`,
    )
}

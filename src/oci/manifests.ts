import { failed } from './denial.ts'
import { isDigest } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import type { Digest } from '../model.ts'
import type { Answer } from './exchange.ts'
import {
  acceptedManifests,
  type Manifest,
  parseManifest,
  readObject,
} from './manifest.ts'
import { checkTag, referenceOf, type Repository } from './reference.ts'
import type { Session } from './session.ts'

/** By tag or digest, checked against its digest; `undefined`: absent. Throws `REGISTRY_FAILED`. */
export async function getManifest(
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

/** What a tag points at; `undefined`: absent. Throws `REGISTRY_FAILED`. */
export async function getDigest(
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

/** Points a tag at these very bytes. Throws `REGISTRY_FAILED`. */
export async function putManifest(
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

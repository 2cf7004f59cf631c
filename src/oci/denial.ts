import { ReleaseError } from '../errors.ts'
import type { Credential } from './credentials.ts'
import type { Answer } from './exchange.ts'
import { readObject } from './manifest.ts'
import {
  canonicalHost,
  packageSettingsUrl,
  referenceOf,
  type Repository,
} from './reference.ts'

/** The right that a request needs, as scopes of the token specification. */
export type Access = 'pull' | 'pull,push'

/** Who was denied what, and where. */
export interface Refusal {
  readonly at: Repository
  readonly access: Access
  readonly credential: Credential | undefined
  readonly answer: Answer
}

/** `REGISTRY_AUTH`: the credentials themselves are no good. */
export function refusedCredentials(refusal: Refusal): ReleaseError {
  const { at, credential, answer } = refusal
  if (credential === undefined) return noAccess(refusal)
  return new ReleaseError(
    'REGISTRY_AUTH',
    `${at.host} refused the credentials of ${credential.origin} for ${referenceOf(at)} (${wordsOf(answer)}). ${remedy(refusal)}`,
  )
}

/** `REGISTRY_AUTH`: the credentials are known, but have no such right. */
export function noAccess(refusal: Refusal): ReleaseError {
  const { at, access, credential, answer } = refusal
  const right = access === 'pull' ? 'read' : 'push to'
  const who =
    credential === undefined
      ? 'a client without credentials'
      : `the credentials of ${credential.origin}`
  const unknown =
    credential === undefined && access === 'pull'
      ? ' Whether it is private or does not exist cannot be told from outside.'
      : ''
  return new ReleaseError(
    'REGISTRY_AUTH',
    `${at.host} does not let ${who} ${right} ${referenceOf(at)} (${wordsOf(answer)}).${unknown} ${remedy(refusal)}`,
  )
}

/** The status and the registry's own first error, shortened, on one line. */
export function wordsOf(answer: Answer): string {
  const errors = readObject(answer.body)?.['errors']
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  const { code, message } = (first ?? {}) as Record<string, unknown>
  const words = [code, message]
    .filter((word) => typeof word === 'string')
    .join(': ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, 200)
  return words === '' ? `${answer.status}` : `${answer.status} ${words}`
}

function remedy({ at, credential }: Refusal): string {
  const line = `registry-credentials: ${at.host} USERNAME PASSWORD`
  if (canonicalHost(at.host) !== 'ghcr.io')
    return `Set the input "${line}" to an account that may push there, or log in with docker/login-action in a step before.`
  const settings = `${packageSettingsUrl(at, { kind: 'orgs' })} (of a user: ${packageSettingsUrl(at, { kind: 'users' })})`
  return credential === undefined
    ? `Give the step the input token, and the job "permissions: packages: write"; or set "${line}".`
    : `Give the job "permissions: packages: write". A package that was first pushed by hand refuses a job's token until this repository has the role Write under "Manage Actions access" of ${settings}. Or set "${line}" to an account that may push there.`
}

/** `REGISTRY_FAILED`: the answer is none that the specification foresees. */
export function failed(what: string, answer: Answer): ReleaseError {
  return new ReleaseError(
    'REGISTRY_FAILED',
    `${what}: the registry answered ${wordsOf(answer)}.`,
  )
}

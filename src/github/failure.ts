import { type ErrorCode, messageOf, ReleaseError } from '../errors.ts'

/** The status of GitHub's answer; `undefined`: there was none. */
export function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error)) return undefined
  // octokit calls a broken connection a 500, but then it has no response.
  const { status, response } = thrown as { status?: number; response?: unknown }
  return response === undefined ? undefined : status
}

/** Did GitHub say that there is no such thing? Nothing else is absence (P7). */
export function isAbsent(thrown: unknown): boolean {
  return statusOf(thrown) === 404
}

/** Did the answer get lost, so that nobody knows whether the write happened? */
export function isLost(thrown: unknown): boolean {
  if (thrown instanceof ReleaseError) return false
  const status = statusOf(thrown)
  return status === undefined || status >= 500
}

/** Did GitHub refuse because of what the token may do? */
export function isForbidden(thrown: unknown): boolean {
  return (
    statusOf(thrown) === 403 &&
    /not accessible by|must have (?:admin|push)|permission/i.test(
      messageOf(thrown),
    )
  )
}

export interface FailureContext {
  readonly code: ErrorCode
  /** What was being done: `create the draft release`. */
  readonly doing: string
  /** The line of `permissions:` that this needs: `contents: write`. */
  readonly permission: string
}

/** What GitHub's answer means for the user. */
export function gitHubFailure(
  thrown: unknown,
  { code, doing, permission }: FailureContext,
): ReleaseError {
  if (thrown instanceof ReleaseError) return thrown
  const status = statusOf(thrown)
  const words = wordsOf(thrown)
  const options = { cause: thrown }
  if (status === 401)
    return new ReleaseError(
      'PERMISSION_DENIED',
      `GitHub refuses the token (401) to ${doing}: ${words}. Check the input token; the job's own needs "permissions: ${permission}".`,
      options,
    )
  if (isForbidden(thrown))
    return new ReleaseError(
      'PERMISSION_DENIED',
      `The job's token may not ${doing}: ${words}. Add to the job\n  permissions:\n    ${permission}`,
      options,
    )
  if (status === 404)
    return new ReleaseError(
      code,
      `GitHub did not ${doing}: 404, ${words}. It may have been deleted meanwhile: run again. To a token without "${permission}", GitHub also says that what it may not touch is not found.`,
      options,
    )
  if (status === undefined && isTimeout(thrown))
    return new ReleaseError(
      'TIMED_OUT',
      `GitHub did not answer in time to ${doing}: ${words}. Run again: what was done is kept.`,
      options,
    )
  return new ReleaseError(
    code,
    `GitHub did not ${doing}: ${status === undefined ? '' : `${status}, `}${words}. Run again: what was done is kept.`,
    options,
  )
}

/** octokit keeps what `fetch` threw as the cause, and not always its words. */
function isTimeout(thrown: unknown): boolean {
  const { cause } = thrown as { cause?: { name?: string } | null }
  return (
    cause?.name === 'TimeoutError' || /timed?[ -]?out/i.test(messageOf(thrown))
  )
}

/** GitHub's own words, on one line, without the address of its manual. */
export function wordsOf(thrown: unknown): string {
  const words = messageOf(thrown)
    .replace(/ - https:\/\/\S+$/, '')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 500)
    .replace(/\.$/, '')
  return words === '' ? 'without a word' : words
}

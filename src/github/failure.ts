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
  const status = statusOf(thrown)
  return status === undefined || status >= 500
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
  const words = messageOf(thrown)
  if (status === 401)
    return new ReleaseError(
      'PERMISSION_DENIED',
      `GitHub refuses the token (401) to ${doing}: ${words}. Check the input token; the job's own needs "permissions: ${permission}".`,
      { cause: thrown },
    )
  if (
    status === 403 &&
    /not accessible by|must have (?:admin|push)|permission/i.test(words)
  )
    return new ReleaseError(
      'PERMISSION_DENIED',
      `The job's token may not ${doing}: ${words}. Add to the job\n  permissions:\n    ${permission}`,
      { cause: thrown },
    )
  if (/time(?:d )?-?out/i.test(words) && status === undefined)
    return new ReleaseError(
      'TIMED_OUT',
      `GitHub did not answer in time to ${doing}: ${words}. Run again: what was done is kept.`,
      { cause: thrown },
    )
  return new ReleaseError(
    code,
    `GitHub did not ${doing}: ${status === undefined ? '' : `${status}, `}${words}. Run again; what was done is kept.`,
    { cause: thrown },
  )
}

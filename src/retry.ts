import type { Clock } from './clock.ts'
import { messageOf } from './errors.ts'
import type { Log } from './log.ts'

/** What a failed attempt was: worth another one, and if so after how long. */
export type Verdict =
  | { readonly again: false }
  | {
      readonly again: true
      /** What the server asked for, in milliseconds (`Retry-After`). */
      readonly afterMilliseconds?: number
    }

export interface RetryPolicy {
  /** What is being done, for the log: `GET releases`. */
  readonly what: string
  readonly judge: (thrown: unknown) => Verdict
  /** Attempts in all. Default: 5. */
  readonly attempts?: number
}

/** Runs something that may fail for a moment. */
export type Retry = <T>(
  policy: RetryPolicy,
  attempt: () => Promise<T>,
) => Promise<T>

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 20_000
/** A server may ask for more patience than back-off has, but not for an hour. */
const LONGEST_ASKED = 120_000
/** What a whole run may spend on pauses: an outage shall end it, too. */
const BUDGET = 10 * 60_000

/**
 * Capped exponential back-off with jitter, for one run. Throws what the last
 * attempt threw; so, at once, when the run has paused for ten minutes in all.
 * One log line for each pause.
 */
export function createRetry(clock: Clock, log: Log): Retry {
  const mayPause = createBudget(clock)
  return async (policy, attempt) => {
    const attempts = policy.attempts ?? 5
    for (let made = 1; ; made++) {
      try {
        return await attempt()
      } catch (thrown) {
        const verdict = policy.judge(thrown)
        if (!verdict.again || made >= attempts) throw thrown
        const asked = verdict.afterMilliseconds
        if (asked !== undefined && asked > LONGEST_ASKED) throw thrown
        const cap = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (made - 1))
        const pause = asked ?? Math.ceil((cap * (1 + Math.random())) / 2)
        if (!mayPause(pause)) {
          log.info(
            `${policy.what}: ${messageOf(thrown)}; not tried again, as this run has waited for ${BUDGET / 60_000} minutes in all`,
          )
          throw thrown
        }
        log.info(
          `${policy.what}: ${messageOf(thrown)}; trying again in ${(pause / 1000).toFixed(1)} s (attempt ${made + 1} of ${attempts})`,
        )
        await clock.sleep(pause)
      }
    }
  }
}

/** Counts the time in which somebody pauses: what overlaps counts once. */
function createBudget(clock: Clock): (pause: number) => boolean {
  let spent = 0
  let until = 0
  return (pause) => {
    const now = clock.now().getTime()
    const more = Math.max(0, now + pause - Math.max(now, until))
    if (spent + more > BUDGET) return false
    spent += more
    until = Math.max(until, now + pause)
    return true
  }
}

/**
 * Whether an HTTP status means "not now" (RFC 9110; GitHub's rate limits answer
 * 403 with `retry-after`, or with `x-ratelimit-remaining: 0`).
 */
export function judgeStatus(
  status: number,
  header: (name: string) => string | null | undefined,
  now: Date,
): Verdict {
  const retryAfter = header('retry-after')
  const limited =
    status === 429 ||
    (status === 403 &&
      (retryAfter != null || header('x-ratelimit-remaining') === '0'))
  if (!limited && status < 500) return { again: false }
  const seconds = Number(retryAfter)
  if (retryAfter != null && Number.isFinite(seconds))
    return { again: true, afterMilliseconds: seconds * 1000 }
  const reset = Number(header('x-ratelimit-reset'))
  if (limited && reset > 0)
    return {
      again: true,
      afterMilliseconds: Math.max(0, reset * 1000 - now.getTime()),
    }
  return { again: true }
}

import type { Clock } from '../clock.ts'
import { messageOf, ReleaseError } from '../errors.ts'
import type { Http, HttpRequest, HttpResponse } from '../http.ts'
import { judgeStatus, type Retry, type Verdict } from '../retry.ts'

/** One request, with the words for it. */
export interface Question extends HttpRequest {
  /** For log and errors: `GET ghcr.io/owner/chart:1.2.3`. No query, no secret. */
  readonly what: string
  readonly url: URL
  /** Bytes that a successful answer may have. Default: 4 MiB. */
  readonly limit?: number
}

/** An answer whose body has been read. */
export interface Answer {
  readonly status: number
  readonly header: (name: string) => string | null
  readonly body: Uint8Array
}

/** One HTTP exchange, repeated while the other side says "not now". */
export type Exchange = (question: Question) => Promise<Answer>

/** 4 MiB: what registries accept as a manifest. */
export const DEFAULT_LIMIT = 4 * 1024 * 1024
/** An error's page is read for its words only. */
const ERROR_LIMIT = 64 * 1024

/** "Not now": the one thing that is worth another attempt. */
class Transient extends Error {
  readonly verdict: Verdict
  readonly timedOut: boolean

  constructor(message: string, verdict: Verdict, cause?: unknown) {
    super(message, { cause })
    this.verdict = verdict
    this.timedOut = nameOf(cause) === 'TimeoutError'
  }
}

/**
 * `Exchange` over these ports. Throws `TIMED_OUT` when no answer came in time,
 * `REGISTRY_FAILED` for 429, 5xx and broken connections that do not go away,
 * and for a body over the limit. Any other answer is the caller's to judge.
 */
export function createExchange(ports: {
  readonly http: Http
  readonly retry: Retry
  readonly clock: Clock
}): Exchange {
  return async (question) => {
    try {
      return await ports.retry(
        {
          what: question.what,
          judge: (thrown) =>
            thrown instanceof Transient ? thrown.verdict : { again: false },
        },
        async () => await exchangeOnce(question, ports),
      )
    } catch (thrown) {
      if (!(thrown instanceof Transient)) throw thrown
      throw new ReleaseError(
        thrown.timedOut ? 'TIMED_OUT' : 'REGISTRY_FAILED',
        `${question.what}: ${thrown.message}. It stayed so over several attempts: run the job again when the registry is well.`,
        { cause: thrown },
      )
    }
  }
}

async function exchangeOnce(
  question: Question,
  { http, clock }: { readonly http: Http; readonly clock: Clock },
): Promise<Answer> {
  let response: HttpResponse
  try {
    response = await http(question.url.href, question)
  } catch (thrown) {
    throw new Transient(reasonOf(thrown), { again: true }, thrown)
  }
  const { status, headers } = response
  const header = (name: string): string | null => headers.get(name)
  const verdict = judgeStatus(status, header, clock.now())
  const succeeded = status >= 200 && status < 300
  if (!succeeded) {
    const body = await response.bytes(ERROR_LIMIT).catch(() => new Uint8Array())
    if (verdict.again) throw new Transient(`it answered ${status}`, verdict)
    return { status, header, body }
  }
  const limit = question.limit ?? DEFAULT_LIMIT
  try {
    return { status, header, body: await response.bytes(limit) }
  } catch (thrown) {
    if (isBroken(thrown))
      throw new Transient(reasonOf(thrown), { again: true }, thrown)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `${question.what}: the answer is over ${limit} bytes, more than it should be.`,
      { cause: thrown },
    )
  }
}

/** A connection that broke: undici's `TypeError: terminated`, or a time-out. */
function isBroken(thrown: unknown): boolean {
  return ['TypeError', 'TimeoutError', 'AbortError'].includes(nameOf(thrown))
}

/** By name, since a `DOMException` need not be an `Error` of this realm. */
function nameOf(thrown: unknown): string {
  return String((thrown as { name?: unknown } | undefined)?.name)
}

/** undici says `fetch failed` and keeps what happened in the cause. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  return cause instanceof Error && cause.message !== ''
    ? `${messageOf(thrown)} (${cause.message})`
    : messageOf(thrown)
}

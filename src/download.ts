import type { Clock } from './clock.ts'
import { messageOf, type ReleaseError } from './errors.ts'
import type { Http, HttpResponse } from './http.ts'
import { isLoopback } from './loopback.ts'
import { judgeStatus, type Retry } from './retry.ts'

export interface DownloadOrder {
  readonly url: string
  /** Sent to this URL's own origin only: never from https to http. */
  readonly headers?: Readonly<Record<string, string>>
  /** Ask again after these, because what was just made may not be seen yet. */
  readonly retryStatuses?: readonly number[]
  /** Follow no redirect to plain HTTP, loopback aside. */
  readonly httpsOnly?: boolean
  /** For one attempt. Default: 300. */
  readonly timeoutSeconds?: number
  /** The error of the caller: what was answered, in words. */
  readonly fail: (words: string, cause: unknown) => ReleaseError
}

const MOST_REDIRECTS = 5

/** An answer that is not the file; the cause of the caller's error. */
export class StatusError extends Error {
  readonly response: HttpResponse

  constructor(url: URL, response: HttpResponse) {
    // A signed URL carries its secret behind the path.
    super(`${url.origin}${url.pathname} answers ${response.status}`)
    this.response = response
  }
}

/** A redirect that must not be followed. */
class RedirectError extends Error {}

/**
 * Downloads a file, following redirects. Headers, which may carry a token, go
 * to no other origin. Passing faults are retried.
 */
export async function downloadFile(
  ports: { readonly http: Http; readonly retry: Retry; readonly clock: Clock },
  order: DownloadOrder,
): Promise<Uint8Array> {
  const { url, headers = {} } = order
  const get = async (): Promise<Uint8Array> => {
    let at = new URL(url)
    for (let redirects = 0; ; redirects++) {
      const own = at.origin === new URL(url).origin ? headers : {}
      const response = await ports.http(at.href, {
        headers: own,
        timeoutSeconds: order.timeoutSeconds ?? 300,
      })
      const { status } = response
      if (status === 200) return await response.bytes()
      const next = response.headers.get('location')
      if (status < 300 || status > 399 || next === null)
        throw new StatusError(at, response)
      // Nothing needs the body; reading it frees the connection.
      await response.bytes().catch(() => undefined)
      at = redirect(at, next, order)
      if (redirects === MOST_REDIRECTS)
        throw new RedirectError(
          `${url} redirects more than ${MOST_REDIRECTS} times`,
        )
    }
  }
  try {
    return await ports.retry(
      {
        what: `GET ${new URL(url).pathname}`,
        judge: (thrown) => {
          if (thrown instanceof RedirectError) return { again: false }
          if (!(thrown instanceof StatusError)) return { again: true }
          const { status, headers: answered } = thrown.response
          if (order.retryStatuses?.includes(status) === true)
            return { again: true }
          return judgeStatus(
            status,
            (name) => answered.get(name),
            ports.clock.now(),
          )
        },
      },
      get,
    )
  } catch (thrown) {
    throw order.fail(messageOf(thrown), thrown)
  }
}

function redirect(from: URL, location: string, order: DownloadOrder): URL {
  if (!URL.canParse(location, from.href))
    throw new RedirectError(`${from.origin} redirects to nowhere`)
  const next = new URL(location, from)
  if (order.httpsOnly === true && !isSecure(next))
    throw new RedirectError(
      `${from.origin} redirects to ${next.origin}, which is not https`,
    )
  return next
}

/** Is this address https, or on this very machine? */
export function isSecure({ protocol, host }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(host))
}

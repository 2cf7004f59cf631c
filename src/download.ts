import type { Clock } from './clock.ts'
import { messageOf, type ReleaseError } from './errors.ts'
import type { Http, HttpResponse } from './http.ts'
import { judgeStatus, type Retry } from './retry.ts'

export interface DownloadOrder {
  readonly url: string
  /** Sent to this URL's own origin only: never from https to http. */
  readonly headers?: Readonly<Record<string, string>>
  /** Ask again after these, because what was just made may not be seen yet. */
  readonly retryStatuses?: readonly number[]
  /** The error of the caller: what was answered, in words. */
  readonly fail: (words: string, cause: unknown) => ReleaseError
}

const MOST_REDIRECTS = 5

class StatusError extends Error {
  readonly response: HttpResponse

  constructor(url: string, response: HttpResponse) {
    super(`${url} answers ${response.status}`)
    this.response = response
  }
}

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
        timeoutSeconds: 300,
      })
      if (response.status === 200) return await response.bytes()
      const next = response.headers.get('location')
      if (
        response.status < 300 ||
        response.status > 399 ||
        next === null ||
        redirects === MOST_REDIRECTS
      )
        throw new StatusError(at.origin + at.pathname, response)
      at = new URL(next, at)
    }
  }
  try {
    return await ports.retry(
      {
        what: `GET ${new URL(url).pathname}`,
        judge: (thrown) => {
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

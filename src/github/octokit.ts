import { getOctokit } from '@actions/github'
import type { Clock } from '../clock.ts'
import type { Http, HttpRequest } from '../http.ts'
import type { Log } from '../log.ts'
import { judgeStatus, type Retry, type Verdict } from '../retry.ts'
import { createPace } from './pace.ts'
import { statusOf, wordsOf } from './failure.ts'

export type Octokit = ReturnType<typeof getOctokit>

export interface OctokitOptions {
  /** Secret. */
  readonly token: string
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string
  readonly http: Http
  readonly retry: Retry
  readonly clock: Clock
  readonly log: Pick<Log, 'info'>
}

const TIMEOUT_SECONDS = 60
/** For what carries an archive. */
const UPLOAD_TIMEOUT_SECONDS = 600

/**
 * GitHub's REST client over our HTTP. What only reads, or makes objects that
 * nobody sees twice, is repeated after a passing fault; any other write only
 * when the server said that it did nothing. A lost answer is the caller's to
 * look after.
 */
export function createOctokit(options: OctokitOptions): Octokit {
  const octokit = getOctokit(options.token, {
    baseUrl: options.apiUrl,
    request: { fetch: fetchOver(options.http) },
  })
  const pace = createPace(options.clock, options.log)
  octokit.hook.wrap('request', async (request, call) => {
    const { method, url } = octokit.request.endpoint(call)
    const path = url.split('?')[0] ?? url
    const safe = isRepeatable(method, path)
    const writes = method !== 'GET' && method !== 'HEAD'
    return await options.retry(
      {
        what: `${method} ${path}`,
        judge: (thrown) => {
          const verdict = judgeFault(thrown, options.clock.now())
          return safe || didNothing(thrown) ? verdict : { again: false }
        },
      },
      async () => {
        if (writes) await pace()
        return await request(call)
      },
    )
  })
  return octokit
}

/**
 * Git objects are named by their content: making one twice makes it once. And
 * notes that GitHub generates are only answered.
 */
function isRepeatable(method: string, path: string): boolean {
  return (
    method === 'GET' ||
    method === 'HEAD' ||
    (method === 'POST' &&
      /\/(?:git\/(?:blobs|trees|commits)|releases\/generate-notes)$/.test(path))
  )
}

/** Did GitHub say that it refused, and so that it changed nothing? */
function didNothing(thrown: unknown): boolean {
  const status = statusOf(thrown)
  return status !== undefined && status < 500
}

/** Is this a passing fault: no answer, one that broke off, or "not now"? */
export function judgeFault(thrown: unknown, now: Date): Verdict {
  const status = statusOf(thrown)
  if (status === undefined) return { again: true }
  const verdict = judgeStatus(status, (name) => headersOf(thrown)[name], now)
  return !verdict.again && isSecondaryLimit(thrown)
    ? { again: true, afterMilliseconds: A_MINUTE }
    : verdict
}

/** What GitHub asks to wait for, when its answer does not say. */
const A_MINUTE = 60_000

/**
 * A limit that not every answer has a header for.
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
function isSecondaryLimit(thrown: unknown): boolean {
  return (
    statusOf(thrown) === 403 && /secondary rate limit/i.test(wordsOf(thrown))
  )
}

function headersOf(thrown: unknown): Record<string, string | undefined> {
  const { response } = thrown as {
    response?: { headers?: Record<string, string> }
  }
  return response?.headers ?? {}
}

/**
 * `fetch` for octokit. The body is read to its end first: octokit takes a body
 * that breaks off for an empty one, and empty would look like absent (P7).
 */
function fetchOver(http: Http): typeof fetch {
  return async (input, init = {}) => {
    const headers = Object.fromEntries(new Headers(init.headers).entries())
    const method = (init.method ?? 'GET') as NonNullable<HttpRequest['method']>
    const body = init.body as Uint8Array | string | null | undefined
    const upload = headers['content-type']?.startsWith('application/json')
    let url = input instanceof Request ? input.url : String(input)
    for (let redirects = 0; ; redirects++) {
      const answer = await http(url, {
        method,
        headers,
        timeoutSeconds:
          upload === false ? UPLOAD_TIMEOUT_SECONDS : TIMEOUT_SECONDS,
        ...(body == null ? {} : { body }),
      })
      const bytes = await answer.bytes()
      const next = answer.headers.get('location')
      // A renamed repository. The token must not leave for another host.
      if (
        method === 'GET' &&
        [301, 302, 307, 308].includes(answer.status) &&
        next !== null &&
        redirects < 3 &&
        new URL(next, url).origin === new URL(url).origin
      ) {
        url = new URL(next, url).href
        continue
      }
      const { status } = answer
      const bodiless = status === 204 || status === 205
      if (status < 400 && !bodiless) checkJson(new URL(url), status, bytes)
      return new Response(bodiless ? null : new Uint8Array(bytes), {
        status,
        headers: readHeaders(answer.headers),
      })
    }
  }
}

/**
 * Every call of ours is answered in JSON. Octokit would hand on whatever else
 * comes with a good status, from a proxy say, as data: again, an absence that
 * is none.
 */
function checkJson(url: URL, status: number, bytes: Uint8Array): void {
  const place = `${url.host}${url.pathname}`
  if (status >= 300) throw new Error(`${place} redirects to another host`)
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    if (typeof value === 'object' && value !== null) return
  } catch {
    // Said below.
  }
  throw new Error(`${place} answers ${status} with something that is no JSON`)
}

/** Those that octokit and we look at. */
const wanted = [
  'content-type',
  'link',
  'location',
  'retry-after',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
]

function readHeaders(from: {
  get(name: string): string | null
}): Record<string, string> {
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const value = from.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}

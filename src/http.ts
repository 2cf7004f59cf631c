import { HttpClient } from '@actions/http-client'
import { fetch as undiciFetch } from 'undici'

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  /** Until the whole answer must have come. Default: 60. */
  readonly timeoutSeconds?: number
}

export interface HttpResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** The body, refused with an error when it is longer than `limit` bytes. */
  bytes(limit?: number): Promise<Uint8Array>
}

/**
 * One HTTP exchange: no retries, and no redirect is followed (the caller
 * decides what may go to another host). Throws when there is no answer.
 */
export type Http = (url: string, request?: HttpRequest) => Promise<HttpResponse>

/** 256 MiB: larger than any chart, small enough to keep a runner alive. */
const DEFAULT_LIMIT = 256 * 1024 * 1024

/** `Http` over the network, through the proxy that the environment names. */
export function createHttp(): Http {
  const client = new HttpClient()
  return async (url, request = {}) => {
    const proxy = client.getAgentDispatcher(url)
    const response = await undiciFetch(url, {
      method: request.method ?? 'GET',
      headers: { 'user-agent': 'chart-release-action', ...request.headers },
      redirect: 'manual',
      signal: AbortSignal.timeout((request.timeoutSeconds ?? 60) * 1000),
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(proxy === undefined ? {} : { dispatcher: proxy }),
    })
    return {
      status: response.status,
      headers: response.headers,
      bytes: async (limit = DEFAULT_LIMIT) => {
        const chunks: Uint8Array[] = []
        let length = 0
        for await (const chunk of response.body ?? []) {
          length += chunk.length
          if (length > limit)
            throw new Error(`the answer of ${url} is over ${limit} bytes`)
          chunks.push(chunk)
        }
        return Buffer.concat(chunks)
      },
    }
  }
}

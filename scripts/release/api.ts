/** GitHub's REST API of one repository, with nothing but Node. */
export interface Api {
  /** `path` follows `/repos/OWNER/REPO`. Throws on every status but 2xx. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>
  /** As `call` with GET; `null`: there is no such thing. */
  find<T>(path: string): Promise<T | null>
  upload<T>(url: string, content: Uint8Array): Promise<T>
}

export interface ApiOptions {
  /** `https://api.github.com` */
  readonly apiUrl: string
  /** `OWNER/REPO` */
  readonly repository: string
  readonly token: string
}

/** How long one request may take, in milliseconds. */
const PATIENCE = 60_000

export function createApi({ apiUrl, repository, token }: ApiOptions): Api {
  const ask = async (
    method: string,
    url: string,
    body?: { readonly type: string; readonly content: string | Uint8Array },
  ): Promise<Response> =>
    await fetch(url, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'chart-release-action',
        'x-github-api-version': '2022-11-28',
        ...(body === undefined ? {} : { 'content-type': body.type }),
      },
      ...(body === undefined
        ? {}
        : { body: new Uint8Array(Buffer.from(body.content)) }),
      signal: AbortSignal.timeout(PATIENCE),
    })
  const answerOf = async <T>(response: Response, what: string): Promise<T> => {
    const text = await response.text()
    if (!response.ok)
      throw new Error(`${what} answered ${response.status}: ${text}`)
    return JSON.parse(text === '' ? 'null' : text) as T
  }
  const urlOf = (path: string): string => `${apiUrl}/repos/${repository}${path}`
  return {
    call: async (method, path, body) => {
      const sent =
        body === undefined
          ? undefined
          : { type: 'application/json', content: JSON.stringify(body) }
      const response = await ask(method, urlOf(path), sent)
      return await answerOf(response, `${method} ${path}`)
    },
    find: async (path) => {
      const response = await ask('GET', urlOf(path))
      if (response.status === 404) return null
      return await answerOf(response, `GET ${path}`)
    },
    upload: async (url, content) => {
      const type = 'application/octet-stream'
      const response = await ask('POST', url, { type, content })
      return await answerOf(response, `POST ${url}`)
    },
  }
}

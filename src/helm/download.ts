import type { Clock } from '../clock.ts'
import { messageOf, ReleaseError } from '../errors.ts'
import type { Http, HttpResponse } from '../http.ts'
import { isLoopback } from '../loopback.ts'
import { judgeStatus, type Retry, type Verdict } from '../retry.ts'

export interface DownloadPorts {
  readonly http: Http
  readonly retry: Retry
  readonly clock: Clock
}

const MOST_REDIRECTS = 5
/** A Helm archive has about 20 MiB. */
const LARGEST = 256 * 1024 * 1024
const PATIENCE_SECONDS = 300

/**
 * The address of a mirror without its trailing slash. Throws `INPUT_INVALID`
 * for anything but https (http on loopback), and for credentials in it.
 */
export function checkDownloadUrl(text: string): string {
  const expected =
    'helm-download-url must be an https:// address, such as https://get.helm.sh'
  if (!URL.canParse(text))
    throw new ReleaseError('INPUT_INVALID', `${expected}; found "${text}".`)
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw new ReleaseError(
      'INPUT_INVALID',
      `${expected}; found one with a user name or password, which is not supported.`,
    )
  if (!isSafe(url) || url.search !== '' || url.hash !== '')
    throw new ReleaseError('INPUT_INVALID', `${expected}; found "${text}".`)
  return url.href.replace(/\/+$/, '')
}

/**
 * Fetches a file, through at most five redirects, all of them https. `null`
 * only when the server says that there is none (404, 410). Throws
 * `HELM_UNAVAILABLE` after the retries.
 */
export async function download(
  url: string,
  ports: DownloadPorts,
): Promise<Uint8Array | null> {
  const verdicts = new WeakMap<Error, Verdict>()
  const attempt = async (): Promise<Uint8Array | null> => {
    const response = await follow(url, ports.http)
    const { status } = response
    if (status === 200) return await response.bytes(LARGEST)
    if (status === 404 || status === 410) return null
    const failure = new ReleaseError(
      'HELM_UNAVAILABLE',
      `${url} answered ${status}.`,
    )
    verdicts.set(
      failure,
      judgeStatus(
        status,
        (name) => response.headers.get(name),
        ports.clock.now(),
      ),
    )
    throw failure
  }
  try {
    return await ports.retry(
      {
        what: `GET ${url}`,
        judge: (thrown) =>
          thrown instanceof ReleaseError
            ? (verdicts.get(thrown) ?? { again: false })
            : { again: true },
      },
      attempt,
    )
  } catch (cause) {
    throw new ReleaseError(
      'HELM_UNAVAILABLE',
      `Helm cannot be downloaded: ${cause instanceof ReleaseError ? '' : `${url}: `}${messageOf(cause)} Check helm-download-url, or install Helm in an earlier step and set "helm-version: installed".`,
      { cause },
    )
  }
}

async function follow(start: string, http: Http): Promise<HttpResponse> {
  let url = start
  for (let redirects = 0; ; redirects++) {
    const response = await http(url, { timeoutSeconds: PATIENCE_SECONDS })
    if (![301, 302, 303, 307, 308].includes(response.status)) return response
    const location = response.headers.get('location') ?? ''
    if (redirects === MOST_REDIRECTS)
      throw unavailable(`${start} redirects more than ${MOST_REDIRECTS} times`)
    if (!URL.canParse(location, url))
      throw unavailable(`${url} redirects to nowhere`)
    const next = new URL(location, url)
    if (!isSafe(next))
      throw unavailable(
        `${url} redirects to ${next.origin}, which is not https`,
      )
    // Nothing needs the body; reading it frees the connection.
    await response.bytes().catch(() => undefined)
    url = next.href
  }
}

function unavailable(reason: string): ReleaseError {
  return new ReleaseError('HELM_UNAVAILABLE', `${reason}.`)
}

function isSafe({ protocol, host }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(host))
}

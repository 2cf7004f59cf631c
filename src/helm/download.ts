import type { Clock } from '../clock.ts'
import { downloadFile, isSecure, StatusError } from '../download.ts'
import { ReleaseError } from '../errors.ts'
import type { Http } from '../http.ts'
import type { Retry } from '../retry.ts'

export interface DownloadPorts {
  readonly http: Http
  readonly retry: Retry
  readonly clock: Clock
}

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
  if (!isSecure(url) || url.search !== '' || url.hash !== '')
    throw new ReleaseError('INPUT_INVALID', `${expected}; found "${text}".`)
  return url.href.replace(/\/+$/, '')
}

/**
 * Fetches a file, through redirects that are https, too. `null` only when the
 * server says that there is none (404, 410). Throws `HELM_UNAVAILABLE` after
 * the retries.
 */
export async function download(
  url: string,
  ports: DownloadPorts,
): Promise<Uint8Array | null> {
  try {
    return await downloadFile(ports, {
      url,
      httpsOnly: true,
      fail: (words, cause) =>
        new ReleaseError(
          'HELM_UNAVAILABLE',
          `Helm cannot be downloaded from ${url}: ${words}. Check helm-download-url, or install Helm in an earlier step and set "helm-version: installed".`,
          { cause },
        ),
    })
  } catch (thrown) {
    const cause = thrown instanceof ReleaseError ? thrown.cause : undefined
    if (
      cause instanceof StatusError &&
      [404, 410].includes(cause.response.status)
    )
      return null
    throw thrown
  }
}

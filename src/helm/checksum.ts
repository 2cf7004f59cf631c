import { digestOf } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import { DEFAULT_HELM_VERSION, defaultChecksums } from './checksums.ts'
import { download, type DownloadPorts } from './download.ts'

/** An archive to be checked: its version (with the `v`), name and address. */
export interface ArchiveSource {
  readonly version: string
  readonly fileName: string
  readonly url: string
}

/**
 * The SHA-256 that an archive must have: of the default version from this
 * bundle, whatever the host; of others from the `.sha256sum` beside it. Throws
 * `HELM_UNAVAILABLE` when there is none.
 */
export async function expectedChecksum(
  source: ArchiveSource,
  ports: DownloadPorts,
): Promise<string> {
  const { version, fileName, url } = source
  if (version === DEFAULT_HELM_VERSION) {
    const known = defaultChecksums.get(fileName)
    if (known !== undefined) return known
    throw new ReleaseError(
      'HELM_UNAVAILABLE',
      `No checksum of ${fileName} is known, so it is not used. Choose another exact helm-version, or install Helm in an earlier step and set "helm-version: installed".`,
    )
  }
  const sumUrl = `${url}.sha256sum`
  const bytes = await download(sumUrl, ports)
  if (bytes === null)
    throw new ReleaseError(
      'HELM_UNAVAILABLE',
      `There is no ${sumUrl}, so the archive beside it cannot be checked and is not used. Does helm-version ${version} exist? A mirror (helm-download-url) must carry the .sha256sum files too.`,
    )
  const sum = readChecksum(Buffer.from(bytes).toString('utf8'), fileName)
  if (sum === null)
    throw new ReleaseError(
      'HELM_UNAVAILABLE',
      `${sumUrl} holds no SHA-256 of ${fileName}; expected a line "<64 hex digits>  ${fileName}". The archive is not used. Check the mirror (helm-download-url).`,
    )
  return sum
}

/** Throws `HELM_UNAVAILABLE` when these bytes have another SHA-256. */
export function verifyChecksum(
  archive: Uint8Array,
  expected: string,
  source: ArchiveSource,
): void {
  const found = digestOf(archive)
  if (found === `sha256:${expected}`) return
  throw new ReleaseError(
    'HELM_UNAVAILABLE',
    `${source.url} has ${found}, expected sha256:${expected}. It was not unpacked. Check the mirror (helm-download-url): it serves another file than the official ${source.fileName}.`,
  )
}

/**
 * From lines as `sha256sum` writes them, for this file; or from a file that is
 * nothing but one checksum.
 */
export function readChecksum(text: string, fileName: string): string | null {
  const bare = /^\s*([0-9a-f]{64})\s*$/i.exec(text)?.[1]
  if (bare !== undefined) return bare.toLowerCase()
  for (const line of text.split('\n')) {
    const found = /^([0-9a-f]{64})\s+\*?(?:.*\/)?([^/\s]+)\s*$/i.exec(line)
    if (found?.[2] === fileName) return (found[1] as string).toLowerCase()
  }
  return null
}

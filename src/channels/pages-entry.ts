import { posix } from 'node:path'
import { downloadFile } from '../download.ts'
import { ReleaseError } from '../errors.ts'
import { readHead, readTreeFile } from '../github/branch.ts'
import type { GitHub } from '../github/client.ts'
import type { ChartVersion } from './channel.ts'
import type { PackageStore } from './pages-store.ts'

export interface EntryPlace {
  readonly github: GitHub
  readonly branch: string
  /** Of `index.yaml` on it; `.` for its root. */
  readonly directory: string
  /** Where that directory is served, without `/` at the end. */
  readonly baseUrl: string
  readonly store: PackageStore
}

/**
 * The archive of an entry, wherever it points. One that the branch itself holds
 * is read there: it is there before Pages serves it. Throws `PAGES_FAILED`.
 */
export async function readEntryArchive(
  place: EntryPlace,
  { name, version }: ChartVersion,
  reference: string,
): Promise<Uint8Array> {
  const { github, branch, baseUrl } = place
  const fail = (words: string, cause?: unknown): ReleaseError =>
    new ReleaseError(
      'PAGES_FAILED',
      `index.yaml on ${branch} lists ${name} ${version} at ${JSON.stringify(reference)}, which cannot be compared with this commit's: ${words}. Mend that entry, or take it out and run again.`,
      { cause },
    )
  const root = `${baseUrl}/`
  const url = URL.canParse(reference, root) ? new URL(reference, root) : null
  if (url?.protocol === 'oci:') {
    const archive = await place.store.pull(reference)
    if (archive !== null) return archive
    throw fail('that registry does not give it to this run')
  }
  if (url === null || reference === '' || !/^https?:$/.test(url.protocol))
    throw fail('that is no address to download from')
  const file = url.href.startsWith(root)
    ? decodePath(url.href.slice(root.length).replace(/[?#].*$/, ''))
    : null
  if (file !== null) {
    const head = await readHead(github, branch)
    const path = posix.join(place.directory, file)
    const bytes =
      head === null ? null : await readTreeFile(github, head.tree, path)
    if (bytes !== null) return bytes
  }
  return await downloadFile(github, { url: url.href, fail })
}

function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}

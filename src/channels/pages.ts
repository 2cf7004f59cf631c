import { posix } from 'node:path'
import { digestOf } from '../digest.ts'
import { downloadFile } from '../download.ts'
import { ReleaseError } from '../errors.ts'
import { readHead, readTreeFile } from '../github/branch.ts'
import type { GitHub } from '../github/client.ts'
import { commitFiles } from '../github/commit.ts'
import type { Log } from '../log.ts'
import type { Package, Publication } from '../model.ts'
import {
  decodeIndex,
  findEntries,
  insertEntry,
  type IndexEntry,
} from '../repository/index-file.ts'
import type { Channel, ChartVersion, Shipment } from './channel.ts'
import {
  createPagesVerifier,
  type PagesVerificationOptions,
} from './pages-verification.ts'

export interface PagesChannelOptions {
  readonly github: GitHub
  readonly branch: string
  /** Of `index.yaml` on it; `.` for its root. */
  readonly directory: string
  /** Where that directory is served, without `/` at the end. */
  readonly baseUrl: string
  /** What the index points at. */
  readonly urlOf: (made: Package) => string
  readonly verification: PagesVerificationOptions
  readonly log: Log
}

/** The Helm repository on the pages branch as a channel. */
export function createPagesChannel(options: PagesChannelOptions): Channel {
  const { github, branch } = options
  const indexPath = posix.join(options.directory, 'index.yaml')
  const { survey, verify } = createPagesVerifier({
    ...options,
    ...options.verification,
  })
  return {
    kind: 'pages',
    name: `${branch}/${indexPath}`,
    required: true,
    survey,
    verify,

    locate: async ({ name, version }) => {
      const head = await readHead(github, branch)
      const bytes =
        head === null ? null : await readTreeFile(github, head.tree, indexPath)
      if (bytes === null) return { state: 'absent' }
      const publications: Publication[] = []
      for (const entry of findEntries(decodeIndex(bytes), name, version))
        publications.push(
          await publicationOf(options, { name, version }, entry),
        )
      return publications.length === 0
        ? { state: 'absent' }
        : { state: 'found', publications, lacks: [] }
    },

    download: async (wanted, found) => ({
      archive: await downloadEntry(options, wanted, found.reference),
      provenance: null,
    }),

    publish: async (shipments) => {
      const packages = shipments
        .filter(({ found }) => found === undefined)
        .map((shipment) => shipment.package)
      for (const made of packages) await proveDownload(options, made)
      if (packages.length > 0)
        await commitFiles(github, {
          branch,
          message: messageOf(packages),
          edit: async (read, head) => {
            const before = await read(indexPath)
            let text = before === null ? null : decodeIndex(before)
            for (const made of packages)
              text = insertEntry(text, {
                metadata: made.metadata,
                created: made.created,
                digest: made.digest,
                urls: [options.urlOf(made)],
              })
            const after = Buffer.from(text ?? '')
            const files = new Map<string, Uint8Array>()
            if (before !== null && after.equals(before)) return files
            files.set(indexPath, after)
            // Without it Jekyll would build the branch, and hide what it hides.
            if (head === null) files.set('.nojekyll', new Uint8Array())
            return files
          },
        })
      return shipments.map((shipment) => madeOf(options, shipment))
    },
  }
}

/** An entry as it was found; without a digest, its archive is looked at. */
async function publicationOf(
  options: PagesChannelOptions,
  wanted: ChartVersion,
  { urls, digest }: IndexEntry,
): Promise<Publication> {
  const [reference = ''] = urls
  const known =
    digest ?? digestOf(await downloadEntry(options, wanted, reference))
  return {
    channel: 'pages',
    target: `${options.baseUrl}/index.yaml`,
    reference,
    digest: known,
    packageDigest: known,
    // The index does not say; a file beside the archive would have to be asked.
    hasProvenance: false,
  }
}

function madeOf(
  { baseUrl, urlOf }: PagesChannelOptions,
  { package: made, found }: Shipment,
): Publication {
  return (
    found ?? {
      channel: 'pages',
      target: `${baseUrl}/index.yaml`,
      reference: urlOf(made),
      digest: made.digest,
      packageDigest: made.digest,
      hasProvenance: made.provenance !== null,
    }
  )
}

/**
 * The archive of an entry. One that the branch itself holds is read there: it
 * is there before Pages serves it.
 */
async function downloadEntry(
  options: PagesChannelOptions,
  { name, version }: ChartVersion,
  reference: string,
): Promise<Uint8Array> {
  const { github, branch, baseUrl } = options
  const fail = (words: string, cause?: unknown): ReleaseError =>
    new ReleaseError(
      'PAGES_FAILED',
      `index.yaml on ${branch} lists ${name} ${version} at ${JSON.stringify(reference)}, which cannot be compared with this commit's: ${words}. Mend that entry, or take it out and run again.`,
      { cause },
    )
  const root = `${baseUrl}/`
  const url = URL.canParse(reference, root) ? new URL(reference, root) : null
  if (url === null || reference === '' || !/^https?:$/.test(url.protocol))
    throw fail('that is no address to download from')
  const file = url.href.startsWith(root)
    ? decodePath(url.href.slice(root.length).replace(/[?#].*$/, ''))
    : null
  if (file !== null) {
    const head = await readHead(github, branch)
    const path = posix.join(options.directory, file)
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

/** P3: what the index is to list is downloaded once before it is listed. */
async function proveDownload(
  { github, urlOf, log }: PagesChannelOptions,
  made: Package,
): Promise<void> {
  const url = urlOf(made)
  const bytes = await downloadFile(github, {
    url,
    // GitHub may take a moment to serve what was just published.
    retryStatuses: [404],
    fail: (words, cause) =>
      new ReleaseError(
        'PAGES_FAILED',
        `${url} cannot be downloaded, so the index does not list it: ${words}. Run again; if it stays so, check who may read the release.`,
        { cause },
      ),
  })
  if (digestOf(bytes) !== made.digest)
    throw new ReleaseError(
      'PAGES_FAILED',
      `${url} serves ${digestOf(bytes)}, published was ${made.digest}, so the index does not list it. Somebody else changed the release: run again.`,
    )
  log.debug(`${url} serves ${made.digest}`)
}

function messageOf(packages: readonly Package[]): string {
  const names = packages.map(({ name, version }) => `${name} ${version}`)
  return names.length === 1
    ? `Add ${names.join()} to the Helm repository`
    : `Add ${names.length} charts to the Helm repository\n\n${names.join('\n')}`
}

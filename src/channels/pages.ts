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
import type { Channel, ChartVersion } from './channel.ts'

export interface PagesChannelOptions {
  readonly github: GitHub
  readonly branch: string
  /** Of `index.yaml` on it; `.` for its root. */
  readonly directory: string
  /** Where that directory is served, without `/` at the end. */
  readonly baseUrl: string
  /** What the index points at. */
  readonly urlOf: (made: Package) => string
  readonly log: Log
}

/** The Helm repository on the pages branch as a channel. */
export function createPagesChannel(options: PagesChannelOptions): Channel {
  const { github, branch } = options
  const indexPath = posix.join(options.directory, 'index.yaml')
  return {
    kind: 'pages',
    name: `${branch}/${indexPath}`,
    required: true,

    locate: async ({ name, version }) => {
      const head = await readHead(github, branch)
      const bytes =
        head === null ? null : await readTreeFile(github, head.tree, indexPath)
      if (bytes === null) return { state: 'absent' }
      const entries = findEntries(decodeIndex(bytes), name, version)
      return entries.length === 0
        ? { state: 'absent' }
        : {
            state: 'found',
            publications: entries.map((entry) => publicationOf(options, entry)),
            lacks: [],
          }
    },

    download: async (wanted, found) => ({
      archive: await downloadEntry(options, wanted, found),
      provenance: null,
    }),

    publish: async (shipments) => {
      const packages = shipments.map((shipment) => shipment.package)
      for (const made of packages) await proveDownload(options, made)
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
      return packages.map((made) => ({
        channel: 'pages',
        target: `${options.baseUrl}/index.yaml`,
        reference: options.urlOf(made),
        digest: made.digest,
        packageDigest: made.digest,
        hasProvenance: made.provenance !== null,
      }))
    },
  }
}

function publicationOf(
  { baseUrl }: PagesChannelOptions,
  { urls, digest }: IndexEntry,
): Publication {
  const [url = ''] = urls
  return {
    channel: 'pages',
    target: `${baseUrl}/index.yaml`,
    reference: url,
    digest,
    packageDigest: digest,
    // The index does not say; a file beside the archive would have to be asked.
    hasProvenance: false,
  }
}

/**
 * The archive of an entry. A relative URL is one on the branch, where it is
 * before Pages serves it.
 */
async function downloadEntry(
  options: PagesChannelOptions,
  { name, version }: ChartVersion,
  { reference }: Publication,
): Promise<Uint8Array> {
  const { github, branch, baseUrl } = options
  const fail = (words: string, cause?: unknown): ReleaseError =>
    new ReleaseError(
      'PAGES_FAILED',
      `index.yaml on ${branch} lists ${name} ${version} at ${reference}, which cannot be compared with this commit's: ${words}. Mend that entry, or take it out and run again.`,
      { cause },
    )
  if (reference.startsWith('oci://') || reference === '')
    throw fail('that is no address to download from')
  if (!/^https?:/i.test(reference)) {
    const file = posix.join(options.directory, decodeURIComponent(reference))
    const head = file.startsWith('..') ? null : await readHead(github, branch)
    const bytes =
      head === null ? null : await readTreeFile(github, head.tree, file)
    if (bytes !== null) return bytes
  }
  return await downloadFile(github, {
    url: new URL(reference, `${baseUrl}/`).href,
    fail,
  })
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

import { posix } from 'node:path'
import type { RepositoryFile } from '../artifacthub/repository-file.ts'
import { digestOf } from '../digest.ts'
import { readHead, readTreeFile } from '../github/branch.ts'
import type { GitHub } from '../github/client.ts'
import { commitFiles, type ReadFile } from '../github/commit.ts'
import {
  missingBase,
  type ProposalOrder,
  proposeFiles,
} from '../github/proposal.ts'
import type { Log } from '../log.ts'
import type { Package, Publication } from '../model.ts'
import {
  decodeIndex,
  findEntries,
  type IndexEntry,
} from '../repository/index-file.ts'
import type { Channel, ChartVersion, Shipment } from './channel.ts'
import { readEntryArchive } from './pages-entry.ts'
import { type Landing, lacksLanding } from './pages-landing.ts'
import { lackingFile } from './pages-repository-file.ts'
import type { PackageStore } from './pages-store.ts'
import {
  createPagesVerifier,
  type PagesVerificationOptions,
} from './pages-verification.ts'
import { editOf, messageOf } from './pages-edit.ts'

export interface PagesChannelOptions {
  readonly github: GitHub
  readonly branch: string
  /** Of `index.yaml` on it; `.` for its root. */
  readonly directory: string
  /** Where that directory is served, without `/` at the end. */
  readonly baseUrl: string
  /** Where the packages are that the index lists. */
  readonly store: PackageStore
  /** ArtifactHub's file about this Helm repository, if there is one. */
  readonly repositoryFile?: RepositoryFile | undefined
  /** The page for people beside the index; absent: none. */
  readonly landing?: Landing | undefined
  /** Propose commits in a pull request, on this branch. */
  readonly proposalBranch?: string | undefined
  readonly verification: PagesVerificationOptions
  readonly log: Log
}

/** The Helm repository on the pages branch as a channel. */
export function createPagesChannel(options: PagesChannelOptions): Channel {
  const { github, branch, store } = options
  const indexPath = posix.join(options.directory, 'index.yaml')
  const { survey, verify } = createPagesVerifier({
    ...options,
    ...options.verification,
  })
  const proved = new Set<Package>()
  const prove = async (made: Package): Promise<void> => {
    if (proved.has(made)) return
    await store.prove(made)
    proved.add(made)
  }
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
      if (publications.length === 0) return { state: 'absent' }
      const read: ReadFile = async (path) =>
        head === null ? null : await readTreeFile(github, head.tree, path)
      const files = await lackingFile({
        ...options,
        file: options.repositoryFile,
        index: decodeIndex(bytes),
        charts: [{ name, version }],
        read,
      })
      const lacksPage =
        head !== null &&
        (await lacksLanding(
          { ...options, landing: options.landing },
          head,
          read,
        ))
      return {
        state: 'found',
        publications,
        lacks: [
          ...files.map(([path]) => posix.basename(path)),
          ...(lacksPage ? ['landing page'] : []),
        ],
      }
    },

    download: async (wanted, found) => ({
      archive: await readEntryArchive(options, wanted, found.reference),
      provenance: null,
    }),

    // What is published besides is on its way: better now than afterwards.
    probe: async (shipments) => {
      const head = await readHead(github, branch)
      if (head === null) {
        if (options.proposalBranch !== undefined) throw missingBase(branch)
        return
      }
      const read = async (path: string): Promise<Uint8Array | null> =>
        await readTreeFile(github, head.tree, path)
      for (const { package: made, found } of shipments)
        if (found === undefined) await store.filesOf(made, read)
    },

    prove: async ({ package: made, found }) => {
      if (found === undefined) await prove(made)
    },

    publish: async (shipments) => {
      const packages = shipments
        .filter(({ found }) => found === undefined)
        .map((shipment) => shipment.package)
      for (const made of packages) await prove(made)
      const proposedIn = await write(options, {
        branch,
        message: messageOf(packages, options),
        edit: editOf(options, {
          indexPath,
          packages,
          shipped: shipments.map((shipment) => shipment.package),
        }),
      })
      return shipments.map((shipment) => madeOf(options, shipment, proposedIn))
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
    digest ?? digestOf(await readEntryArchive(options, wanted, reference))
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

/** The URL of the pull request, when one is made instead of a commit. */
async function write(
  { github, proposalBranch }: PagesChannelOptions,
  order: Omit<ProposalOrder, 'proposalBranch' | 'title' | 'body'>,
): Promise<string | undefined> {
  if (proposalBranch === undefined) {
    await commitFiles(github, order)
    return undefined
  }
  const [title = '', ...rest] = order.message.split('\n')
  const url = await proposeFiles(github, {
    ...order,
    proposalBranch,
    title,
    body: rest.join('\n').trim(),
  })
  return url ?? undefined
}

function madeOf(
  { baseUrl, store }: PagesChannelOptions,
  { package: made, found }: Shipment,
  proposedIn: string | undefined,
): Publication {
  return (
    found ?? {
      channel: 'pages',
      target: `${baseUrl}/index.yaml`,
      reference: store.urlOf(made),
      digest: made.digest,
      packageDigest: made.digest,
      hasProvenance: made.provenance !== null,
      ...(proposedIn === undefined ? {} : { proposedIn }),
    }
  )
}

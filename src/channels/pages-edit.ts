import type { ProposalOrder } from '../github/proposal.ts'
import type { Package } from '../model.ts'
import { decodeIndex, insertEntry } from '../repository/index-file.ts'
import { type Carried, carryOver } from './pages-carry.ts'
import { landingFiles } from './pages-landing.ts'
import { lackingFile } from './pages-repository-file.ts'
import type { PagesChannelOptions } from './pages.ts'

const nothing: Carried = { entries: [], files: new Map() }

/** The entries, the files of their packages, ArtifactHub's file, the page. */
export function editOf(
  options: PagesChannelOptions,
  {
    indexPath,
    packages,
    shipped,
  }: {
    readonly indexPath: string
    /** What is to be listed. */
    readonly packages: readonly Package[]
    /** That, and what is listed and lacks something. */
    readonly shipped: readonly Package[]
  },
): ProposalOrder['edit'] {
  const { store } = options
  return async (read, head, earlier) => {
    const before = await read(indexPath)
    const found = before === null ? null : decodeIndex(before)
    const carried =
      earlier === undefined
        ? nothing
        : await carryOver(earlier, { indexPath, index: found, added: packages })
    let index = found
    for (const entry of carried.entries) index = insertEntry(index, entry)
    for (const made of packages)
      index = insertEntry(index, {
        metadata: made.metadata,
        created: made.created,
        digest: made.digest,
        urls: [store.urlOf(made)],
      })
    const files = new Map<string, Uint8Array>()
    if (index !== found && index !== null) {
      for (const [file, bytes] of carried.files) files.set(file, bytes)
      for (const made of packages)
        for (const [file, bytes] of await store.filesOf(made, read))
          files.set(file, bytes)
      files.set(indexPath, Buffer.from(index))
      // Without it Jekyll would build the branch, and hide what it hides.
      if (head === null) files.set('.nojekyll', new Uint8Array())
    }
    for (const [file, bytes] of await lackingFile({
      ...options,
      file: options.repositoryFile,
      index,
      charts: shipped,
      read,
    }))
      files.set(file, bytes)
    // With the index, in one commit: the page never tells of anything else.
    for (const [file, bytes] of index === null
      ? []
      : await landingFiles(
          { ...options, landing: options.landing },
          { head, read, index, packages: shipped, earlier: earlier?.read },
        ))
      files.set(file, bytes)
    return files
  }
}

export function messageOf(
  packages: readonly Package[],
  { repositoryFile: file, landing }: PagesChannelOptions,
): string {
  const names = packages.map(({ name, version }) => `${name} ${version}`)
  if (names.length === 0)
    return `Add ${landing?.mode === 'true' ? 'what is missing' : (file?.name ?? 'what is missing')} to the Helm repository`
  return names.length === 1
    ? `Add ${names.join()} to the Helm repository`
    : `Add ${names.length} charts to the Helm repository\n\n${names.join('\n')}`
}

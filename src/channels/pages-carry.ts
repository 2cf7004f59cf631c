import { posix } from 'node:path'
import { ReleaseError } from '../errors.ts'
import type { ReadFile } from '../github/commit.ts'
import type { EarlierProposal } from '../github/proposal.ts'
import { liftEntry } from '../repository/entry-text.ts'
import {
  decodeIndex,
  findEntries,
  listVersions,
  type NewEntry,
} from '../repository/index-file.ts'
import type { ChartVersion } from './channel.ts'

export interface Carried {
  readonly entries: readonly NewEntry[]
  /** Their packages, where those are beside the index; by path. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/**
 * What an open pull request would list, and neither the branch nor this run
 * does: it was released by an earlier run, which nobody repeats. What the branch
 * has lost since is not brought back. Throws `PAGES_FAILED`.
 */
export async function carryOver(
  { read, readBase }: EarlierProposal,
  order: {
    readonly indexPath: string
    /** The index of the branch as it is now. */
    readonly index: string | null
    /** What this run adds. */
    readonly added: readonly ChartVersion[]
  },
): Promise<Carried> {
  const { indexPath, index, added } = order
  const proposed = await readIndex(read, indexPath)
  const entries: NewEntry[] = []
  const files = new Map<string, Uint8Array>()
  if (proposed === null) return { entries, files }
  const base = await readIndex(readBase, indexPath)
  const isIn = (text: string | null, { name, version }: ChartVersion) =>
    text !== null && findEntries(text, name, version).length > 0
  for (const [name, versions] of listVersions(proposed))
    for (const version of versions) {
      const one = { name, version }
      if (
        isIn(base, one) ||
        isIn(index, one) ||
        added.some((own) => own.name === name && own.version === version)
      )
        continue
      const [listed] = findEntries(proposed, name, version)
      const entry = listed && liftEntry(proposed, listed)
      if (entry == null)
        throw new ReleaseError(
          'PAGES_FAILED',
          `The open pull request lists ${name} ${version} in a form that cannot be kept. Merge it, then run again.`,
        )
      entries.push(entry)
      for (const url of entry.urls) {
        if (/^[a-z]+:/i.test(url)) continue
        for (const file of [url, `${url}.prov`]) {
          const path = posix.join(
            posix.dirname(indexPath),
            decodeURIComponent(file),
          )
          const bytes = await read(path)
          if (bytes !== null) files.set(path, bytes)
        }
      }
    }
  return { entries, files }
}

async function readIndex(read: ReadFile, path: string): Promise<string | null> {
  const bytes = await read(path)
  return bytes === null ? null : decodeIndex(bytes)
}

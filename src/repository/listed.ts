import type { Digest, Json } from '../model.ts'
import { isSameVersion } from './version-order.ts'

/** One version of a chart as the index lists it. */
export interface IndexEntry {
  readonly version: string
  /** `null` when the entry has none, or one that is no SHA-256. */
  readonly digest: Digest | null
  /** As written: absolute, or relative to the index. */
  readonly urls: readonly string[]
  /** Where the entry begins, counted from 1. */
  readonly line: number
}

/** A parsed entry, whatever it is: Helm skips what is no map. */
export function toIndexEntry(entry: unknown, line: number): IndexEntry {
  const fields: Partial<Record<string, Json>> =
    typeof entry === 'object' && entry !== null ? { ...entry } : {}
  const { version, digest, urls } = fields
  return {
    version: isWord(version) ? String(version) : '',
    digest: readDigest(digest),
    urls: Array.isArray(urls) ? urls.filter(isWord).map(String) : [],
    line,
  }
}

/**
 * The entries that Helm takes for this version: those with the very same string
 * first, in the order of the index.
 */
export function entriesOfVersion<T extends { readonly version: string }>(
  entries: readonly T[],
  version: string,
): readonly T[] {
  const same = entries.filter((entry) => isSameVersion(entry.version, version))
  return [
    ...same.filter((entry) => entry.version === version),
    ...same.filter((entry) => entry.version !== version),
  ]
}

/** Helm writes the bare digits; others write them with the algorithm. */
export function readDigest(digest: unknown): Digest | null {
  if (typeof digest !== 'string') return null
  const digits = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(digest)?.[1]
  return digits === undefined ? null : `sha256:${digits.toLowerCase()}`
}

function isWord(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

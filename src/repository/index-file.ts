import { ReleaseError } from '../errors.ts'
import type { CatalogChart } from './catalog.ts'
import { chartLines, helmStyle } from './emit.ts'
import { identityOf, toIndexObject, type NewEntry } from './entry.ts'
import type { IndexForm } from './form.ts'
import { readIndexDocument } from './index-document.ts'
import { readIndexLines } from './index-lines.ts'
import { invalidIndex } from './invalid.ts'
import type { IndexEntry } from './listed.ts'
import { doubleQuoted } from './scalar.ts'

export type { CatalogChart, CatalogVersion } from './catalog.ts'
export type { NewEntry } from './entry.ts'
export type { IndexEntry } from './listed.ts'

/**
 * The text of an `index.yaml`. A byte order mark stays in it, so that encoding
 * the text gives the same bytes. `INDEX_INVALID` for what is no UTF-8.
 */
export function decodeIndex(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    )
  } catch (cause) {
    throw invalidIndex('is not UTF-8', undefined, cause)
  }
}

/**
 * What the index lists of a chart, in its order. `INDEX_INVALID` for a file
 * that Helm would not read as an index.
 */
export function listEntries(text: string, name: string): readonly IndexEntry[] {
  return readIndex(text).read(name)
}

/**
 * Every version that the index lists, by the names of their charts.
 * `INDEX_INVALID` as `listEntries`.
 */
export function listVersions(
  text: string,
): ReadonlyMap<string, readonly string[]> {
  return readIndex(text).versions()
}

/**
 * Its charts and their versions, for people to read. `INDEX_INVALID` as
 * `listEntries`.
 */
export function readCatalog(text: string): readonly CatalogChart[] {
  return readIndex(text).catalog()
}

/**
 * What the index lists of one version of a chart. Helm compares versions
 * without their build metadata and reads them loosely: `1.0.0+a`, `1.0.0+b`
 * and `v1.0.0` are one version to a repository, and found as such; those with
 * the very same string come first. `INDEX_INVALID` as `listEntries`.
 */
export function findEntries(
  text: string,
  name: string,
  version: string,
): readonly IndexEntry[] {
  return readIndex(text).read(name, version)
}

/**
 * The index with this entry, where Helm would sort it, and with every other
 * byte as it was (P6). `null` is an index yet to be made. Inserting twice is
 * inserting once.
 *
 * An index in block form is edited by its lines; any other is parsed for the
 * place, which takes longer.
 *
 * `VERSION_CONFLICT` when this version is listed with another digest or with
 * none (P5), `INDEX_INVALID` as `listEntries` or where the file's form allows
 * no insertion (aliases, merge keys), `CHART_INVALID` for metadata that Helm
 * could not read.
 */
export function insertEntry(text: string | null, entry: NewEntry): string {
  const insertion = { ...identityOf(entry), entry: toIndexObject(entry) }
  const { name, version } = insertion
  if (text === null) return newIndex(entry)
  const index = readIndex(text)
  const listed = index.read(name, version)
  if (listed.some(({ digest }) => digest === entry.digest)) return text
  const other = listed[0]
  if (other !== undefined)
    throw new ReleaseError(
      'VERSION_CONFLICT',
      `index.yaml lists ${name} ${other.version} with ${other.digest ?? 'no digest'} (line ${other.line}), this package is ${version} with ${entry.digest}. A published version never changes: raise \`version:\` in Chart.yaml.`,
    )
  return index.insert(insertion)
}

/** As Helm writes an index of one chart, made at the time of its entry. */
function newIndex(entry: NewEntry): string {
  const { name } = identityOf(entry)
  return [
    'apiVersion: v1',
    'entries:',
    ...chartLines(name, toIndexObject(entry), helmStyle),
    `generated: ${doubleQuoted(entry.created)}`,
    '',
  ].join('\n')
}

function readIndex(text: string): IndexForm {
  if (text.trim() === '')
    throw invalidIndex('is empty, and Helm refuses an empty index')
  return readIndexLines(text) ?? readIndexDocument(text)
}

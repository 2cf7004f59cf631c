import type { JsonObject } from '../model.ts'
import type { CatalogChart } from './catalog.ts'
import type { IndexEntry } from './listed.ts'

/** What is to be inserted: the entry as the index shall hold it. */
export interface Insertion {
  readonly name: string
  readonly version: string
  readonly entry: JsonObject
}

/** An index that was read, in whatever form it is written. */
export interface IndexForm {
  /** What it lists of a chart; of one version of it when that is given. */
  read(name: string, version?: string): readonly IndexEntry[]
  /** The versions that it lists, by the names of their charts. */
  versions(): ReadonlyMap<string, readonly string[]>
  /** Its charts, for people to read. */
  catalog(): readonly CatalogChart[]
  /** Its text with one entry more. */
  insert(insertion: Insertion): string
}

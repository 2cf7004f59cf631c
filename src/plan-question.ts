import type { ChannelKind, Digest, Publication } from './model.ts'

/**
 * How the content of a found archive relates to the archive at hand; see
 * `compareArchives`. `dependencies`: only what `helm dependency` fetched differs.
 */
export type Content = 'equal' | 'dependencies' | 'different'

/** A publication whose archive has been looked at as far as needed. */
export interface Candidate {
  readonly publication: Publication
  /** Of its archive. */
  readonly digest: Digest
  readonly content: Content
}

/** What `locate` and the comparison found in one channel. */
export interface Finding {
  readonly kind: ChannelKind
  readonly name: string
  readonly candidates: readonly Candidate[]
  /** What a found publication still lacks, e.g. `alias v1.2.3`. */
  readonly lacks: readonly string[]
  /** Why a channel could not be asked. */
  readonly unknown?: string
  /** What takes the place of the version, if it is no package at all. */
  readonly taken?: string
}

export interface PlanQuestion {
  readonly chart: string
  readonly version: string
  /** The archive at hand: just built, or taken from our own draft. */
  readonly digest: Digest
  readonly hasProvenance: boolean
  /** Has the chart a committed `Chart.lock`? */
  readonly locked: boolean
  /** In the order of preference: OCI registries, the Release, pages. */
  readonly findings: readonly Finding[]
  /**
   * The finding of the channel whose archives the index points at; `undefined`:
   * it points at archives of its own.
   */
  readonly indexPointsAt: Finding | undefined
  /**
   * What a version means that is released already. `fixed`: it must be this
   * content. `free`: other content is another commit's, and is left alone.
   * `settled`: it is another commit's whatever it holds.
   */
  readonly claim: 'fixed' | 'free' | 'settled'
}

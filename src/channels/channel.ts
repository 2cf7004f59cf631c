import type { ChannelKind, Location, Package, Publication } from '../model.ts'

/** One chart version that a channel is asked about. */
export interface ChartVersion {
  readonly name: string
  readonly version: string
}

/** What a channel is to publish: a package, and what is there of it already. */
export interface Shipment {
  readonly package: Package
  /** `undefined`: nothing is there. Else only what it lacks is added. */
  readonly found?: Publication | undefined
}

/** An archive as a channel serves it. */
export interface Download {
  readonly archive: Uint8Array
  readonly provenance: Uint8Array | null
}

/**
 * A place where packages are published. Every channel answers the same
 * questions, so a new one is one new file.
 *
 * Only "not found" is absence: whatever else keeps a channel from knowing is
 * thrown (P7).
 */
export interface Channel {
  readonly kind: ChannelKind
  /** For people: `oci://ghcr.io/owner/repo`, `gh-pages`, the release's tag. */
  readonly name: string
  /** A failure of a channel that is not required is a warning. */
  readonly required: boolean

  /** Is this version published here? Changes nothing. */
  locate(wanted: ChartVersion): Promise<Location>

  /** The archive of a publication that `locate` found, and its `.prov`. */
  download(wanted: ChartVersion, found: Publication): Promise<Download>

  /**
   * Proves that this job may publish these, before anything is published
   * anywhere. Leaves nothing behind.
   */
  probe?(wanted: readonly ChartVersion[]): Promise<void>

  /**
   * Makes whatever can be made without anybody seeing it (the draft with its
   * assets). Also the first proof that the job may write.
   */
  stage?(shipments: readonly Shipment[]): Promise<void>

  /**
   * Publishes; one publication for each shipment, in their order. Safe to call
   * again. Never replaces what is published.
   */
  publish(shipments: readonly Shipment[]): Promise<readonly Publication[]>
}

import type {
  ChannelKind,
  Digest,
  Location,
  Package,
  Publication,
  Verification,
} from '../model.ts'

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

/** What a stranger must get of a publication. */
export interface Expected extends ChartVersion {
  /** Of the archive in this channel. */
  readonly digest: Digest
  /** Is there a `.prov` that must be beside it? */
  readonly hasProvenance: boolean
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
   * What will keep strangers away from whatever is published here, and what
   * to do about it: warnings, said before anything is published. Changes
   * nothing, and never rejects: what cannot be told is told later.
   */
  survey?(): Promise<readonly string[]>

  /**
   * Proves that this job may publish these, before anything is published
   * anywhere. Leaves nothing behind.
   */
  probe?(shipments: readonly Shipment[]): Promise<void>

  /**
   * Makes whatever can be made without anybody seeing it (the draft with its
   * assets). Also the first proof that the job may write.
   */
  stage?(shipments: readonly Shipment[]): Promise<void>

  /**
   * Proves of one shipment what must hold just before it is published here.
   * One that fails does not keep the others away.
   */
  prove?(shipment: Shipment): Promise<void>

  /**
   * Publishes; one publication for each shipment, in their order. Safe to call
   * again. Never replaces what is published.
   */
  publish(shipments: readonly Shipment[]): Promise<readonly Publication[]>

  /**
   * Gives up what was staged, when it will not be published by this run: another
   * one may take it up at once. Never rejects.
   */
  abandon?(): Promise<void>

  /**
   * Fetches a publication as a stranger would and says what came of it. Never
   * rejects for what a server answers: that is `pending` or `broken`.
   */
  verify(publication: Publication, expected: Expected): Promise<Verification>
}

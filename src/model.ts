/**
 * The words of this project as types. Start reading here.
 *
 * Formats, everywhere: a digest is `sha256:` and 64 lower-case hex digits, a
 * time is RFC 3339 in UTC, a size is in bytes, a path is absolute unless its
 * comment says otherwise.
 */

/** `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`

/** A place in a file of the workspace, as GitHub annotations want it. */
export interface FilePosition {
  /** Relative to the workspace, with `/`. */
  readonly file: string
  /** Counted from 1. */
  readonly line?: number
}

/** A value as JSON knows it: what Helm reads from a YAML file. */
export type Json =
  string | number | boolean | null | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [key: string]: Json
}

export interface ChartDependency {
  readonly name: string
  readonly version: string
  /** `https://…`, `oci://…`, `file://…`, `@name`, or absent for `charts/`. */
  readonly repository?: string
}

/** A directory with a valid `Chart.yaml`. */
export interface Chart {
  readonly name: string
  /** Strict SemVer 2.0.0 without a leading `v`. */
  readonly version: string
  /** As Helm reads it: an unquoted `1.10` is `1.1`. */
  readonly appVersion?: string
  readonly kubeVersion?: string
  readonly apiVersion: 'v1' | 'v2'
  readonly type: 'application' | 'library'
  readonly description?: string
  readonly dependencies: readonly ChartDependency[]
  readonly sources: readonly string[]
  readonly annotations: Readonly<Record<string, string>>
  /** Relative to the workspace, with `/`; `.` for a chart at its root. */
  readonly directory: string
  /** Where `version:` stands in `Chart.yaml`. */
  readonly versionAt: FilePosition
  /** Is a `Chart.lock` (or `requirements.lock`) there? */
  readonly locked: boolean
}

/** The git tag of this release. */
export interface Tag {
  /** As git knows it, e.g. `pcp-1.2.3`. */
  readonly name: string
  /** The commit it points at, peeled: 40 (or 64) hex digits. */
  readonly commit: string
  /** It does not exist yet: publishing creates it. */
  readonly isNew?: boolean
}

/** One chart that this run releases, at the version it releases it at. */
export interface ChartRelease {
  readonly chart: Chart
  /** The chart's own, or the tag's with `version-from: tag`. */
  readonly version: string
  readonly tag: Tag
  /**
   * The version was released from another commit, by this tag: nothing of it is
   * published from this one.
   */
  readonly settledBy?: string
}

/** The `.tgz` that `helm package` built from a chart, or one taken over. */
export interface Package {
  readonly name: string
  readonly version: string
  readonly appVersion?: string
  readonly path: string
  /** `NAME-VERSION.tgz`, the base name of `path`. */
  readonly fileName: string
  readonly digest: Digest
  readonly size: number
  /** Path of the `.prov` beside it. */
  readonly provenance: string | null
  /** `Chart.yaml` of the archive, as Helm reads it: what the index carries. */
  readonly metadata: JsonObject
  /** When the archive was made (its own mtime). */
  readonly created: string
}

export type ChannelKind = 'oci' | 'github-release' | 'pages'

/** One version of one chart in one channel, as found or as made there. */
export interface Publication {
  readonly channel: ChannelKind
  /** The place for people: `oci://host/path/name`, a release or index URL. */
  readonly target: string
  /** What fetches exactly this: `host/path/name:version`, an asset's URL. */
  readonly reference: string
  /** What the channel calls it: a manifest's digest, or the archive's. */
  readonly digest: Digest | null
  /** Of the archive itself; `null` when the channel knows none. */
  readonly packageDigest: Digest | null
  readonly hasProvenance: boolean
  /** Extra OCI tags that point here. */
  readonly aliases?: readonly string[]
  /** The URL of the pull request that it waits in, not public yet. */
  readonly proposedIn?: string
}

/** What `locate` found of one version of one chart in one channel. */
export type Location =
  | { readonly state: 'absent' }
  | {
      readonly state: 'found'
      /** Never empty; an index may list one version several times. */
      readonly publications: readonly Publication[]
      /** What `publish` would still add to it, e.g. `alias v1.2.3`. */
      readonly lacks: readonly string[]
    }
  | {
      /** A draft of ours: not public, but its assets are this tag's package. */
      readonly state: 'draft'
      readonly publication: Publication
    }

export type Status =
  | 'planned'
  | 'unknown'
  | 'published'
  | 'proposed'
  | 'unchanged'
  | 'conflict'
  | 'failed'

export type Verified = 'installable' | 'pending' | 'broken' | 'skipped'

/** What a stranger got of one publication. */
export type Verification =
  | {
      readonly verified: 'installable'
      /** It took credentials: strangers cannot. Absent: everybody can. */
      readonly access?: 'credentials'
      /** What a maintainer should know, e.g. why it took credentials. */
      readonly detail?: string
    }
  | {
      /** `pending`: not the release's fault, or not yet; a re-run looks again. */
      readonly verified: 'pending' | 'broken'
      /** What a stranger meets: one sentence or more. */
      readonly reason: string
      /** What the maintainer does about it: sentences, with the exact URL. */
      readonly remedy: string
    }

/** What the run did for one chart in one channel. */
export interface PublicationReceipt {
  readonly channel: ChannelKind
  readonly target: string
  readonly reference: string
  readonly digest: Digest | null
  readonly aliases?: readonly string[]
  readonly status: Status
  readonly verified: Verified
  /** It could only be had with credentials; absent: nothing like that is known. */
  readonly access?: 'credentials'
  readonly detail?: string
}

/** What the run did for one chart. */
export interface Receipt {
  readonly name: string
  readonly version: string
  readonly appVersion: string | null
  readonly tag: string
  /** Relative to the workspace. */
  readonly directory: string
  readonly package: {
    readonly path: string
    readonly digest: Digest
    readonly size: number
    readonly provenance: string | null
  }
  readonly publications: readonly PublicationReceipt[]
}

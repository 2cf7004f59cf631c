import { digestOf, isDigest } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import type { Digest } from '../model.ts'

/** What a manifest says of one of its blobs. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
}

/** A manifest of any kind, as its registry served it. */
export interface Manifest {
  readonly mediaType: string
  /** Computed from `bytes`. */
  readonly digest: Digest
  readonly bytes: Uint8Array
  /** What it is about; `null` for an index and other things without one. */
  readonly config: Descriptor | null
  readonly layers: readonly Descriptor[]
  readonly annotations: Readonly<Record<string, string>>
}

/** The blobs of a manifest that is a Helm chart. */
export interface ChartManifest {
  readonly config: Descriptor
  readonly chart: Descriptor
  readonly provenance: Descriptor | null
}

export const acceptedManifests = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ')

// helm/pkg/registry/constants.go; the second chart type is the one before 3.7.
const configType = 'application/vnd.cncf.helm.config.v1+json'
const chartTypes = new Set([
  'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
  'application/tar+gzip',
])
const provenanceType = 'application/vnd.cncf.helm.chart.provenance.v1.prov'

/** Throws `REGISTRY_FAILED` when the bytes are no manifest at all. */
export function parseManifest(
  bytes: Uint8Array,
  contentType: string | null,
  where: string,
): Manifest {
  const found = readObject(bytes)
  if (found === null)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `The manifest of ${where} is no JSON object. Does that host serve an OCI registry?`,
    )
  const served = contentType?.split(';')[0]?.trim() ?? ''
  const own = found['mediaType']
  return {
    mediaType: typeof own === 'string' ? own : served,
    digest: digestOf(bytes),
    bytes,
    config: readDescriptor(found['config']),
    layers: Array.isArray(found['layers'])
      ? found['layers'].map(readDescriptor).filter((one) => one !== null)
      : [],
    annotations: Object.fromEntries(
      Object.entries(asObject(found['annotations']) ?? {}).filter(
        (pair): pair is [string, string] => typeof pair[1] === 'string',
      ),
    ),
  }
}

/**
 * The chart in a manifest, found by media type: Helm sorts the layers by
 * digest. `null` when it is something else, a container image say.
 */
export function chartOf(manifest: Manifest): ChartManifest | null {
  const { config, layers } = manifest
  const chart = layers.find(({ mediaType }) => chartTypes.has(mediaType))
  if (config?.mediaType !== configType || chart === undefined) return null
  return {
    config,
    chart,
    provenance:
      layers.find(({ mediaType }) => mediaType === provenanceType) ?? null,
  }
}

/** What a manifest that is no chart holds, for people. */
export function kindOf(manifest: Manifest): string {
  const type = manifest.config?.mediaType ?? manifest.mediaType
  return /\.image\.|\.container\.|manifest\.list/.test(type)
    ? `a container image (${type})`
    : `something that is no Helm chart (${type})`
}

/** JSON of these bytes when it is an object, else `null`. */
export function readObject(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    return asObject(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return null
  }
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

function readDescriptor(value: unknown): Descriptor | null {
  const { mediaType, digest, size } = asObject(value) ?? {}
  return typeof mediaType === 'string' &&
    isDigest(digest) &&
    typeof size === 'number' &&
    size >= 0
    ? { mediaType, digest, size }
    : null
}

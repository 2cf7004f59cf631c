import type { RepositoryFile } from '../artifacthub/repository-file.ts'
import { digestOf } from '../digest.ts'
import type { Digest } from '../model.ts'
import { isStrictVersion } from '../strict-version.ts'
import { compareVersions } from '../version.ts'
import type { OciClient } from './client.ts'
import { kindOf, type Manifest } from './manifest.ts'
import type { Place } from './published.ts'
import { referenceOf } from './reference.ts'

/** Where ArtifactHub looks, in a chart's own repository. */
export const ARTIFACTHUB_TAG = 'artifacthub.io'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
/** https://artifacthub.io/docs/topics/repositories/helm-charts/#oci-support */
const CONFIG = 'application/vnd.cncf.artifacthub.config.v1+yaml'
const LAYER =
  'application/vnd.cncf.artifacthub.repository-metadata.layer.v1.yaml'

/** What is there of a chart's ownership file. */
export type ArtifactState =
  /** It is there, or is none of this version's business. */
  | { readonly state: 'right' }
  | { readonly state: 'lacking' }
  /** The tag holds something else, which stays. */
  | { readonly state: 'foreign'; readonly words: string }

/**
 * Is the file to be published? One that is there with other content is replaced
 * only by the chart's highest version, so that no older tag brings an older
 * file back.
 */
export async function lookAtArtifact(
  client: OciClient,
  { at, version }: Pick<Place, 'at' | 'version'>,
  file: RepositoryFile,
): Promise<ArtifactState> {
  const found = await client.getManifest(at, ARTIFACTHUB_TAG)
  if (found === undefined) return { state: 'lacking' }
  const layer = found.layers.find(({ mediaType }) => mediaType === LAYER)
  if (layer === undefined)
    return {
      state: 'foreign',
      words: `${referenceOf(at, ARTIFACTHUB_TAG)} holds ${kindOf(found)}, not ArtifactHub's file, and stays as it is.`,
    }
  if (layer.digest === digestOf(file.bytes)) return { state: 'right' }
  const higher = (await client.listTags(at))
    .map((tag) => tag.replace('_', '+'))
    .some((tag) => isStrictVersion(tag) && compareVersions(tag, version) > 0)
  return { state: higher ? 'right' : 'lacking' }
}

/**
 * Publishes the file as the OCI artifact that ArtifactHub reads. The same file
 * makes the same manifest everywhere: it carries no time.
 */
export async function putArtifact(
  client: OciClient,
  at: Place['at'],
  { name, bytes }: RepositoryFile,
): Promise<void> {
  // An empty object, since some registries take no empty blob.
  const config = Buffer.from('{}')
  for (const blob of [config, bytes]) await client.putBlob(at, blob)
  const content = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: describe(CONFIG, config),
      layers: [
        {
          ...describe(LAYER, bytes),
          annotations: { 'org.opencontainers.image.title': name },
        },
      ],
    }),
  )
  const manifest: Manifest = {
    mediaType: MANIFEST,
    digest: digestOf(content),
    bytes: content,
    config: describe(CONFIG, config),
    layers: [describe(LAYER, bytes)],
    annotations: {},
  }
  await client.putManifest(at, ARTIFACTHUB_TAG, manifest)
}

function describe(
  mediaType: string,
  bytes: Uint8Array,
): { mediaType: string; digest: Digest; size: number } {
  return { mediaType, digest: digestOf(bytes), size: bytes.length }
}

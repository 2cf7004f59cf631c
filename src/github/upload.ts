import { digestOf } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import { assetDigest } from './asset.ts'
import type { GitHub } from './client.ts'
import { isAbsent, isLost, statusOf } from './failure.ts'
import { judgeFault } from './octokit.ts'
import {
  type Asset,
  readRelease,
  type Release,
  releaseFailure,
} from './release.ts'

/** A file to be attached to a release. */
export interface AssetFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly contentType: string
}

export interface AttachOrder {
  readonly file: AssetFile
  /**
   * Is an asset of that name with other bytes to be deleted for ours? Asked of
   * the release as it is now; may throw.
   */
  readonly mayReplace: (release: Release) => boolean
}

/** An upload that was interrupted leaves an asset that blocks its name. */
const STARTER_MILLISECONDS = 5 * 60_000
const LOOK_AGAIN = 10_000
const UPLOADS = 4

/**
 * Attaches a file. The very same asset is left alone; a lost answer is settled
 * by looking at the release. Returns the asset, or `null` when the release is
 * gone.
 *
 * Throws `VERSION_CONFLICT` for an asset with other bytes that may not be
 * replaced (P5), `RELEASE_FAILED` and `PERMISSION_DENIED`.
 */
export async function attachFile(
  github: GitHub,
  releaseId: number,
  { file, mayReplace }: AttachOrder,
): Promise<Asset | null> {
  /** Was an upload of ours cut off, so that a starter must be ours? */
  let cut = false
  try {
    return await github.retry(
      {
        what: `upload ${file.name}`,
        attempts: UPLOADS,
        judge: (thrown) => {
          if (isTaken(thrown)) return { again: true }
          return isLost(thrown)
            ? judgeFault(thrown, github.clock.now())
            : { again: false }
        },
      },
      async () => {
        const place = await findPlace(github, releaseId, {
          file,
          mayReplace,
          cut,
        })
        if (place === null || 'asset' in place) return place?.asset ?? null
        try {
          return await uploadAsset(github, place.release, file)
        } catch (thrown) {
          if (isAbsent(thrown)) return null
          cut = isLost(thrown)
          throw thrown
        }
      },
    )
  } catch (thrown) {
    throw releaseFailure(thrown, `upload ${file.name}`)
  }
}

/** Something of that name appeared since we looked. */
function isTaken(thrown: unknown): boolean {
  return statusOf(thrown) === 422 && /already_exists/.test(String(thrown))
}

/**
 * The release once nothing of that name is in the way, or the very asset;
 * `null`: the release is gone.
 */
async function findPlace(
  github: GitHub,
  releaseId: number,
  order: AttachOrder & { readonly cut: boolean },
): Promise<{ readonly release: Release } | { readonly asset: Asset } | null> {
  const { file, mayReplace, cut } = order
  const digest = digestOf(file.bytes)
  for (let waited = 0; ; waited += LOOK_AGAIN) {
    const release = await readRelease(github, releaseId)
    if (release === null) return null
    const there = release.assets.find(({ name }) => name === file.name)
    if (there === undefined) return { release }
    if (there.state === 'uploaded') {
      const its = await assetDigest(github, there)
      if (its === digest) return { asset: there }
      if (!mayReplace(release))
        throw new ReleaseError(
          'VERSION_CONFLICT',
          `The release of ${release.tag_name} has an asset ${file.name} with ${its}, this one has ${digest}. A published version never changes: raise "version:" in Chart.yaml.`,
        )
      await removeAsset(github, there)
      return { release }
    }
    const age = github.clock.now().getTime() - Date.parse(there.created_at)
    // Our clock may not be GitHub's: what we waited counts as well.
    if (cut || Math.max(age, waited) >= STARTER_MILLISECONDS) {
      await removeAsset(github, there)
      return { release }
    }
    // Another job may be at it.
    await github.clock.sleep(LOOK_AGAIN)
  }
}

async function uploadAsset(
  github: GitHub,
  release: Release,
  file: AssetFile,
): Promise<Asset> {
  const { data } =
    await github.octokit.request<'POST /repos/{owner}/{repo}/releases/{release_id}/assets'>(
      {
        method: 'POST',
        // Another host, and another one on every kind of server.
        url: release.upload_url,
        name: file.name,
        data: file.bytes,
        headers: {
          'content-type': file.contentType,
          'content-length': file.bytes.length,
        },
      },
    )
  const asset = data as unknown as Asset
  const its = await assetDigest(github, asset)
  if (its === digestOf(file.bytes) && asset.name === file.name) return asset
  await removeAsset(github, asset)
  throw new ReleaseError(
    'RELEASE_FAILED',
    `GitHub stored ${file.name} as ${asset.name} with ${its}, sent was ${digestOf(file.bytes)}; it was deleted again. Run again.`,
  )
}

/**
 * Deletes an asset; one that is gone already is deleted. A lost answer needs no
 * look: whoever uploads next looks at the release.
 */
export async function removeAsset(
  { octokit, at }: GitHub,
  asset: Asset,
): Promise<void> {
  try {
    await octokit.rest.repos.deleteReleaseAsset({ ...at, asset_id: asset.id })
  } catch (thrown) {
    if (!isAbsent(thrown) && !isLost(thrown))
      throw releaseFailure(thrown, `delete the asset ${asset.name}`)
  }
}

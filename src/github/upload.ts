import { digestOf } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import { assetDigest } from './asset.ts'
import type { GitHub } from './client.ts'
import { isAbsent, isLost, statusOf } from './failure.ts'
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
  const digest = digestOf(file.bytes)
  /** Was an upload of ours cut off, so that the starter must be ours? */
  let cut = false
  let waited = 0
  for (let upload = 1; ;) {
    const release = await readRelease(github, releaseId)
    if (release === null) return null
    const there = release.assets.find(({ name }) => name === file.name)
    if (there?.state === 'uploaded') {
      const its = await assetDigest(github, there)
      if (its === digest) return there
      if (!mayReplace(release))
        throw new ReleaseError(
          'VERSION_CONFLICT',
          `The release of ${release.tag_name} has an asset ${file.name} with ${its}, this one has ${digest}. A published version never changes: raise "version:" in Chart.yaml.`,
        )
      await removeAsset(github, there)
    } else if (there !== undefined) {
      const age = github.clock.now().getTime() - Date.parse(there.created_at)
      // Our clock may not be GitHub's: what we waited counts as well.
      if (!cut && Math.max(age, waited) < STARTER_MILLISECONDS) {
        // Another job may be at it.
        await github.clock.sleep(LOOK_AGAIN)
        waited += LOOK_AGAIN
        continue
      }
      await removeAsset(github, there)
    }
    try {
      return await uploadAsset(github, release, file)
    } catch (thrown) {
      if (isAbsent(thrown)) return null
      const taken =
        statusOf(thrown) === 422 && /already_exists/.test(String(thrown))
      cut = isLost(thrown)
      if (!(cut || taken) || upload === UPLOADS)
        throw releaseFailure(thrown, `upload ${file.name}`)
      await github.clock.sleep(500 * 2 ** upload)
      upload += 1
    }
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

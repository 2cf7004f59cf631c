import { digestOf, isDigest } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import { downloadFile } from '../download.ts'
import type { Digest } from '../model.ts'
import type { GitHub } from './client.ts'
import { isAbsent, isLost } from './failure.ts'
import {
  type Asset,
  type Release,
  readRelease,
  releaseFailure,
} from './release.ts'

/** A file to be attached to a release. */
export interface AssetFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly contentType: string
}

/** The complete asset of that name. One in state `starter` is not there (yet). */
export function findAsset(
  release: Pick<Release, 'assets'>,
  name: string,
): Asset | undefined {
  return release.assets.find(
    (asset) => asset.name === name && asset.state === 'uploaded',
  )
}

/** As GitHub reports it, which older servers do not. */
export function assetDigest(asset: Asset): Digest | null {
  const { digest } = asset as { digest?: unknown }
  return isDigest(digest) ? digest : null
}

/** Where strangers download an asset. A draft's own URLs die with it. */
export function assetUrl(place: {
  readonly serverUrl: string
  readonly owner: string
  readonly repo: string
  readonly tag: string
  readonly fileName: string
}): string {
  const { serverUrl, owner, repo, tag, fileName } = place
  return `${serverUrl}/${owner}/${repo}/releases/download/${encodeURIComponent(tag)}/${encodeURIComponent(fileName)}`
}

/** The bytes of an asset, of a draft or a private repository too. */
export async function downloadAsset(
  github: GitHub,
  asset: Asset,
): Promise<Uint8Array> {
  const { octokit, at, authorization } = github
  const { url } = octokit.rest.repos.getReleaseAsset.endpoint({
    ...at,
    asset_id: asset.id,
  })
  const bytes = await downloadFile(github, {
    url,
    headers: { accept: 'application/octet-stream', authorization },
    fail: (words, cause) =>
      new ReleaseError(
        'RELEASE_FAILED',
        `The asset ${asset.name} cannot be downloaded: ${words}. Run again.`,
        { cause },
      ),
  })
  const expected = assetDigest(asset)
  if (expected !== null && digestOf(bytes) !== expected)
    throw new ReleaseError(
      'RELEASE_FAILED',
      `The asset ${asset.name} has ${digestOf(bytes)}, and GitHub says it has ${expected}. Run again.`,
    )
  return bytes
}

/** An upload that ended half way is dead after that long. */
const STARTER_MINUTES = 5
const UPLOADS = 4

/**
 * Attaches a file. The very same asset is left alone; a lost answer is settled
 * by looking at the release. `replace`: an asset with other bytes is deleted
 * first (a draft's), else it is `VERSION_CONFLICT`. Returns the asset, or `null`
 * when the release is gone.
 */
export async function ensureAsset(
  github: GitHub,
  releaseId: number,
  how: { readonly file: AssetFile; readonly replace: boolean },
): Promise<Asset | null> {
  const { file, replace } = how
  const digest = digestOf(file.bytes)
  let ours = false
  for (let upload = 1; ;) {
    const release = await readRelease(github, releaseId)
    if (release === null) return null
    const there = release.assets.find(({ name }) => name === file.name)
    if (there?.state === 'uploaded') {
      const its =
        assetDigest(there) ?? digestOf(await downloadAsset(github, there))
      if (its === digest) return there
      if (!replace)
        throw new ReleaseError(
          'VERSION_CONFLICT',
          `The release of ${release.tag_name} has an asset ${file.name} with ${its}, this one has ${digest}. A published version never changes: raise "version:" in Chart.yaml.`,
        )
      await deleteAsset(github, there)
    } else if (there !== undefined) {
      const age = github.clock.now().getTime() - Date.parse(there.created_at)
      if (!ours && age < STARTER_MINUTES * 60_000) {
        // Another job may be at it.
        await github.clock.sleep(5000)
        continue
      }
      await deleteAsset(github, there)
    }
    try {
      return await uploadAsset(github, release, file)
    } catch (thrown) {
      if (isAbsent(thrown)) return null
      // A 422 may be our own upload, whose answer was lost.
      const taken = /already_exists/.test(String(thrown))
      if (!(isLost(thrown) || taken) || upload === UPLOADS)
        throw releaseFailure(thrown, `upload ${file.name}`)
      ours = true
      await github.clock.sleep(500 * 2 ** upload)
      upload += 1
    }
  }
}

async function uploadAsset(
  { octokit }: GitHub,
  release: Release,
  file: AssetFile,
): Promise<Asset> {
  const { data } =
    await octokit.request<'POST /repos/{owner}/{repo}/releases/{release_id}/assets'>(
      {
        method: 'POST',
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
  const its = assetDigest(asset)
  if (its !== null && its !== digestOf(file.bytes))
    throw new ReleaseError(
      'RELEASE_FAILED',
      `GitHub stored ${file.name} as ${its}, sent was ${digestOf(file.bytes)}. Run again.`,
    )
  return asset
}

async function deleteAsset(
  { octokit, at }: GitHub,
  asset: Asset,
): Promise<void> {
  try {
    await octokit.rest.repos.deleteReleaseAsset({ ...at, asset_id: asset.id })
  } catch (thrown) {
    if (!isAbsent(thrown) && !isLost(thrown))
      throw releaseFailure(thrown, `delete the unfinished ${asset.name}`)
  }
}

import { digestOf, isDigest } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import { downloadFile } from '../download.ts'
import type { Digest } from '../model.ts'
import type { GitHub } from './client.ts'
import type { Asset, Release } from './release.ts'

/** The complete asset of that name. One in state `starter` is not there (yet). */
export function findAsset(
  release: Pick<Release, 'assets'>,
  name: string,
): Asset | undefined {
  return release.assets.find(
    (asset) => asset.name === name && asset.state === 'uploaded',
  )
}

/** The SHA-256 of an asset: as GitHub reports it, else of its bytes. */
export async function assetDigest(
  github: GitHub,
  asset: Asset,
): Promise<Digest> {
  return reportedDigest(asset) ?? digestOf(await downloadAsset(github, asset))
}

/** As GitHub reports it since 2025; older servers do not. */
export function reportedDigest(asset: Asset): Digest | null {
  const { digest } = asset as { digest?: unknown }
  return isDigest(digest) ? digest : null
}

/**
 * Where strangers download an asset of a published release, as GitHub writes
 * it. Computed, because a draft's own URLs die when it is published. The name
 * of a package holds nothing that GitHub would change in an asset's name.
 */
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

/**
 * The bytes of an asset, of a draft or a private repository too: through the
 * API, which redirects to a storage that must not see the token.
 */
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
  const expected = reportedDigest(asset)
  if (expected !== null && digestOf(bytes) !== expected)
    throw new ReleaseError(
      'RELEASE_FAILED',
      `The asset ${asset.name} has ${digestOf(bytes)}, and GitHub says it has ${expected}. Run again.`,
    )
  return bytes
}

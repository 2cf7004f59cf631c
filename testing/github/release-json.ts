import { digestOf } from '../../src/digest.ts'
import { type Hub, apiUrl, webUrl } from './hub.ts'
import type { Asset, Release } from './release.ts'

/** A release as the API shows it. */
export function releaseJson(
  hub: Hub,
  release: Release,
): Record<string, unknown> {
  const url = apiUrl(hub, `/releases/${release.id}`)
  const upload = `${hub.urls.uploads}/repos/${hub.owner}/${hub.repo}/releases/${release.id}/assets`
  const tag = encodeURIComponent(release.tag)
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${upload}{?name,label}`,
    html_url: webUrl(hub, `/releases/tag/${tagInUrl(release)}`),
    id: release.id,
    node_id: `RE_${release.id}`,
    author: userJson(hub),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    draft: release.draft,
    immutable: release.immutable,
    prerelease: release.prerelease,
    created_at: release.createdAt,
    updated_at: release.publishedAt ?? release.createdAt,
    published_at: release.publishedAt,
    assets: release.assets.map((asset) => assetJson(hub, release, asset)),
    tarball_url: release.draft ? null : apiUrl(hub, `/tarball/${tag}`),
    zipball_url: release.draft ? null : apiUrl(hub, `/zipball/${tag}`),
    body: release.body,
  }
}

/** An asset as the API shows it. */
export function assetJson(
  hub: Hub,
  release: Release,
  asset: Asset,
): Record<string, unknown> {
  const name = encodeURIComponent(asset.name)
  return {
    url: apiUrl(hub, `/releases/assets/${asset.id}`),
    id: asset.id,
    node_id: `RA_${asset.id}`,
    name: asset.name,
    label: asset.label,
    uploader: userJson(hub),
    content_type: asset.contentType,
    state: asset.state,
    size: asset.content.length,
    digest: asset.state === 'uploaded' ? digestOf(asset.content) : null,
    download_count: 0,
    created_at: asset.createdAt,
    updated_at: asset.createdAt,
    browser_download_url: webUrl(
      hub,
      `/releases/download/${tagInUrl(release)}/${name}`,
    ),
  }
}

/** Where the bytes lie: another origin, as on GitHub. */
export function storageUrl(hub: Hub, asset: Asset): string {
  return `${hub.urls.storage}/${asset.id}/${asset.secret}`
}

export function userJson(hub: Hub): Record<string, unknown> {
  return {
    login: hub.login,
    id: 41898282,
    type: hub.login.endsWith('[bot]') ? 'Bot' : 'User',
    html_url: `${hub.urls.server}/${hub.login}`,
  }
}

function tagInUrl(release: Release): string {
  return release.draft
    ? `untagged-${release.untagged}`
    : encodeURIComponent(release.tag)
}

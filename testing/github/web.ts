import type { DoorRequest, DoorResponse } from '../door.ts'
import type { Hub } from './hub.ts'
import { storageUrl } from './release-json.ts'
import type { Asset, Release } from './release.ts'

/**
 * The web site, as somebody sees it who is not signed in: a job's token means
 * nothing here. Release pages and downloads of public repositories only.
 */
export function answerWeb(hub: Hub, request: DoorRequest): DoorResponse {
  const prefix = `/${hub.owner}/${hub.repo}`.toLowerCase()
  const path = request.url.pathname
  if (hub.visibility !== 'public' || !path.toLowerCase().startsWith(prefix))
    return missing()
  const [, place, rest] =
    /^\/releases\/(tag|download)\/(.+)$/.exec(path.slice(prefix.length)) ?? []
  if (place === undefined || rest === undefined)
    return path.length === prefix.length ? page() : missing()
  if (place === 'tag')
    return published(hub, decodeURIComponent(rest)) === null
      ? missing()
      : page()
  const at = rest.lastIndexOf('/')
  const name = decodeURIComponent(rest.slice(at + 1))
  const asset = published(
    hub,
    decodeURIComponent(rest.slice(0, at)),
  )?.assets.find((each) => each.name === name && each.state === 'uploaded')
  if (asset === undefined) return missing()
  return { status: 302, headers: { location: storageUrl(hub, asset) } }
}

/** The store behind downloads: whoever has a link may read. */
export function answerStorage(hub: Hub, request: DoorRequest): DoorResponse {
  // As the real one does: a link that is signed, and credentials beside it.
  if (request.headers['authorization'] !== undefined)
    return { status: 400, body: 'InvalidAuthenticationInfo' }
  const [, id, secret] = request.url.pathname.split('/')
  const asset = hub.releases
    .flatMap((release): Asset[] => release.assets)
    .find((each) => String(each.id) === id && each.secret === secret)
  if (asset === undefined) return missing()
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename=${asset.name}`,
    },
    body: asset.content,
  }
}

function published(hub: Hub, tag: string): Release | null {
  return (
    hub.releases.find((release) => !release.draft && release.tag === tag) ??
    null
  )
}

function missing(): DoorResponse {
  return { status: 404, body: 'Not Found' }
}

function page(): DoorResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<!doctype html><title>GitHub</title>',
  }
}

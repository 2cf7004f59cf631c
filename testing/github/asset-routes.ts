import { randomUUID } from 'node:crypto'
import { mayPush } from './access.ts'
import {
  Refusal,
  json,
  noContent,
  notFound,
  validationFailed,
} from './answer.ts'
import { assetName } from './asset-name.ts'
import type { Hub } from './hub.ts'
import { refuseImmutable } from './immutable.ts'
import { assetJson, storageUrl } from './release-json.ts'
import { releaseOf } from './release-routes.ts'
import { type Asset, type Release, timestamp } from './release.ts'
import { type Call, type Route, bodyOf, listPage, textField } from './route.ts'

/** https://docs.github.com/rest/releases/assets */
export const assetRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/releases/{id}/assets',
    scope: 'contents',
    handle: (hub, call) => {
      const release = releaseOf(hub, call)
      return listPage(
        call,
        release.assets.map((asset) => assetJson(hub, release, asset)),
      )
    },
  },
  {
    method: 'GET',
    path: '/releases/assets/{asset}',
    scope: 'contents',
    handle: (hub, call) => {
      const { release, asset } = assetOf(hub, call)
      if (!call.headers['accept']?.includes('application/octet-stream'))
        return json(200, assetJson(hub, release, asset))
      if (asset.state !== 'uploaded') throw notFound()
      return { status: 302, headers: { location: storageUrl(hub, asset) } }
    },
  },
  {
    method: 'PATCH',
    path: '/releases/assets/{asset}',
    scope: 'contents',
    handle: (hub, call) => {
      const { release, asset } = assetOf(hub, call)
      refuseImmutable(release, 'delete')
      const body = bodyOf(call)
      const name = textField(body, 'name')
      if (name !== undefined && assetName(name) !== asset.name)
        asset.name = freeName(release, name)
      asset.label = textField(body, 'label') ?? asset.label
      return json(200, assetJson(hub, release, asset))
    },
  },
  {
    method: 'DELETE',
    path: '/releases/assets/{asset}',
    scope: 'contents',
    handle: (hub, call) => {
      const { release, asset } = assetOf(hub, call)
      refuseImmutable(release, 'delete')
      release.assets.splice(release.assets.indexOf(asset), 1)
      return noContent()
    },
  },
]

/** The one route of the uploads host. */
export const uploadRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/releases/{id}/assets',
    scope: 'contents',
    handle: (hub, call) => {
      const release = releaseOf(hub, call)
      const contentType = call.headers['content-type']
      if (contentType === undefined)
        throw new Refusal(400, 'Bad Content-Type: ')
      const asset = addAsset(hub, release, {
        name: call.url.searchParams.get('name') ?? '',
        label: call.url.searchParams.get('label'),
        contentType,
        content: call.body,
      })
      return json(201, assetJson(hub, release, asset))
    },
  },
]

export interface Upload {
  readonly name: string
  readonly content: Buffer
  readonly contentType?: string
  readonly label?: string | null
  readonly state?: Asset['state']
  /** RFC 3339. */
  readonly createdAt?: string
}

/** Attaches a file to a release under the name that GitHub makes of its own. */
export function addAsset(hub: Hub, release: Release, upload: Upload): Asset {
  refuseImmutable(release, 'upload')
  if (upload.name === '')
    throw validationFailed({
      resource: 'ReleaseAsset',
      code: 'missing_field',
      field: 'name',
    })
  const state = upload.state ?? 'uploaded'
  if (state === 'uploaded' && upload.content.length === 0)
    throw validationFailed({
      resource: 'ReleaseAsset',
      code: 'custom',
      field: 'size',
      message: 'size is not included in the list',
    })
  const asset: Asset = {
    id: hub.nextId(),
    name: freeName(release, upload.name),
    label: upload.label ?? null,
    contentType: upload.contentType ?? 'application/octet-stream',
    content: upload.content,
    state,
    createdAt: upload.createdAt ?? timestamp(),
    secret: randomUUID(),
  }
  release.assets.push(asset)
  return asset
}

function freeName(release: Release, uploaded: string): string {
  const name = assetName(uploaded)
  if (release.assets.every((asset) => asset.name !== name)) return name
  throw validationFailed({
    resource: 'ReleaseAsset',
    code: 'already_exists',
    field: 'name',
  })
}

function assetOf(
  hub: Hub,
  call: Call,
): { readonly release: Release; readonly asset: Asset } {
  for (const release of hub.releases)
    for (const asset of release.assets)
      if (String(asset.id) === call.params['asset']) {
        if (release.draft && !mayPush(hub, call.asker)) throw notFound()
        return { release, asset }
      }
  throw notFound()
}

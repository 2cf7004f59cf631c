import { digestOf } from '../../src/digest.ts'
import { type Upload, addAsset } from './asset-routes.ts'
import type { Hub, Level, PagesSettings, Scope, Visibility } from './hub.ts'
import { beginRelease } from './release-routes.ts'
import { type MakeLatest, latestRelease } from './latest.ts'
import { type Asset, type Release, changeRelease } from './release.ts'

export interface AssetView {
  readonly id: number
  readonly name: string
  readonly size: number
  readonly digest: string
  readonly state: Asset['state']
  readonly content: Buffer
}

export interface ReleaseView {
  readonly id: number
  readonly tag: string
  readonly target: string
  readonly name: string | null
  readonly body: string | null
  readonly draft: boolean
  readonly prerelease: boolean
  readonly immutable: boolean
  /** Is it what `releases/latest` answers? */
  readonly latest: boolean
  readonly assets: readonly AssetView[]
}

export interface NewAsset {
  readonly name: string
  readonly content?: string | Buffer
  /** `starter`: as an interrupted upload leaves it. */
  readonly state?: Asset['state']
  /** RFC 3339. */
  readonly createdAt?: string
}

export interface NewRelease {
  readonly tag: string
  readonly target?: string
  readonly name?: string
  readonly body?: string
  readonly draft?: boolean
  readonly prerelease?: boolean
  readonly makeLatest?: MakeLatest
  readonly assets?: readonly NewAsset[]
}

/** What people do on GitHub's pages, and what tests look at afterwards. */
export interface People {
  /** All releases, drafts too, in the order in which they were made. */
  releases(): readonly ReleaseView[]
  createRelease(wanted: NewRelease): Promise<ReleaseView>
  addAsset(release: number, asset: NewAsset): AssetView
  setPages(settings: PagesSettings | null): void
  pages(): PagesSettings | null
  setImmutable(immutable: boolean): void
  setVisibility(visibility: Visibility): void
  /** What the token may; everything, unless told otherwise. */
  setPermission(scope: Scope, level: Level): void
}

export function peopleOf(hub: Hub): People {
  return {
    releases: () => hub.releases.map((release) => releaseView(hub, release)),
    createRelease: async ({ assets = [], draft = false, ...wanted }) => {
      // Always a draft first: an immutable release takes no assets later.
      const release = await beginRelease(hub, {
        ...wanted,
        makeLatest: undefined,
        draft: true,
      })
      for (const asset of assets) addAsset(hub, release, upload(asset))
      if (!draft)
        await changeRelease(hub, release, {
          draft: false,
          makeLatest: wanted.makeLatest,
        })
      return releaseView(hub, release)
    },
    addAsset: (id, asset) => {
      const release = hub.releases.find((each) => each.id === id)
      if (release === undefined) throw new Error(`there is no release ${id}`)
      return assetView(addAsset(hub, release, upload(asset)))
    },
    setPages: (settings) => {
      hub.pages = settings
    },
    pages: () => hub.pages,
    setImmutable: (immutable) => {
      hub.immutable = immutable
    },
    setVisibility: (visibility) => {
      hub.visibility = visibility
    },
    setPermission: (scope, level) => {
      hub.permissions.set(scope, level)
    },
  }
}

function upload({ name, content = '', ...rest }: NewAsset): Upload {
  return { name, content: Buffer.from(content), ...rest }
}

function assetView(asset: Asset): AssetView {
  const { id, name, state, content } = asset
  const size = content.length
  return { id, name, size, digest: digestOf(content), state, content }
}

function releaseView(hub: Hub, release: Release): ReleaseView {
  const { id, tag, target, name, body } = release
  const { draft, prerelease, immutable } = release
  return {
    id,
    tag,
    target,
    name,
    body,
    draft,
    prerelease,
    immutable,
    latest: latestRelease(hub) === release,
    assets: release.assets.map(assetView),
  }
}

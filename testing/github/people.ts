import { digestOf } from '../../src/digest.ts'
import { type Upload, addAsset } from './asset-routes.ts'
import type {
  Deployment,
  DeploymentState,
  Hub,
  Level,
  PagesBuild,
  PagesSettings,
  Scope,
  Visibility,
} from './hub.ts'
import type { Pull } from './pull-routes.ts'
import { beginRelease } from './release-routes.ts'
import { type MakeLatest, latestRelease } from './latest.ts'
import {
  type Asset,
  type Release,
  changeRelease,
  timestamp,
} from './release.ts'

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

export interface NewDeployment {
  readonly sha: string
  readonly ref: string
  readonly environment?: string
  /** Default: `success`. */
  readonly state?: DeploymentState
  /** RFC 3339; default: now. */
  readonly createdAt?: string
}

/** What people do on GitHub's pages, and what tests look at afterwards. */
export interface People {
  /** All releases, drafts too, in the order in which they were made. */
  releases(): readonly ReleaseView[]
  createRelease(wanted: NewRelease): Promise<ReleaseView>
  addAsset(release: number, asset: NewAsset): AssetView
  /** In the order in which they were opened. */
  pulls(): readonly Pull[]
  /** Merges one, as a person does. */
  mergePull(number: number): Promise<void>
  setPages(settings: PagesSettings | null): void
  pages(): PagesSettings | null
  /** `null`: nothing was ever built from the pages branch. */
  setPagesBuild(build: PagesBuild | null): void
  /** Told whenever somebody is about to read builds or deployments. */
  beforePagesAreRead(settle: () => Promise<void>): void
  deployments(): readonly Deployment[]
  /** One more, into the environment `github-pages` unless told otherwise. */
  recordDeployment(wanted: NewDeployment): void
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
    pulls: () => hub.pulls,
    mergePull: async (number) => {
      const pull = hub.pulls.find((one) => one.number === number)
      if (pull === undefined)
        throw new Error(`there is no pull request ${number}`)
      await hub.git([
        'update-ref',
        `refs/heads/${pull.base}`,
        `refs/heads/${pull.head}`,
      ])
      pull.state = 'closed'
    },
    setPages: (settings) => {
      hub.pages = settings
    },
    pages: () => hub.pages,
    setPagesBuild: (build) => {
      hub.pagesBuild = build
    },
    beforePagesAreRead: (settle) => {
      hub.settlePages = settle
    },
    deployments: () => [...hub.deployments],
    recordDeployment: (wanted) => {
      recordDeployment(hub, wanted)
    },
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

/** A success makes those before it in the same environment inactive. */
function recordDeployment(hub: Hub, wanted: NewDeployment): void {
  const { environment = 'github-pages', state = 'success' } = wanted
  if (state === 'success')
    for (const older of hub.deployments)
      if (older.environment === environment && older.states[0] === 'success')
        older.states = ['inactive', ...older.states]
  hub.deployments.push({
    id: hub.nextId(),
    sha: wanted.sha,
    ref: wanted.ref,
    environment,
    createdAt: wanted.createdAt ?? timestamp(),
    states: [state, 'in_progress', 'queued'],
  })
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

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ReleaseError } from '../errors.ts'
import {
  assetDigest,
  assetUrl,
  downloadAsset,
  ensureAsset,
  findAsset,
} from '../github/asset.ts'
import type { GitHub } from '../github/client.ts'
import { isAbsent, isLost } from '../github/failure.ts'
import {
  findLatest,
  findPublished,
  listReleases,
  readRelease,
  type Release,
  releaseFailure,
} from '../github/release.ts'
import type { Log } from '../log.ts'
import type { Package, Publication, Tag } from '../model.ts'
import { isPrerelease } from '../version.ts'
import type { Channel, ChartVersion, Download, Shipment } from './channel.ts'
import { checkForeign, openDraft, sortDrafts } from './draft.ts'
import { isLatest } from './latest.ts'

export interface ReleaseChannelOptions {
  readonly github: GitHub
  readonly tag: Tag
  /** The charts of this tag. */
  readonly charts: readonly ChartVersion[]
  /** The name of a new release. */
  readonly title: string
  readonly prerelease: 'auto' | 'true' | 'false'
  readonly makeLatest: 'auto' | 'true' | 'false'
  readonly adopt: boolean
  readonly log: Log
}

/** How often the release is begun anew when its draft vanishes. */
const ATTEMPTS = 3

/**
 * The GitHub Release of a tag as a channel. A new one is a draft until its
 * assets are there, because an immutable release freezes when it is published;
 * a published one is joined, and only gets what it lacks.
 */
export function createReleaseChannel(
  options: ReleaseChannelOptions,
): Channel & Required<Pick<Channel, 'stage'>> {
  const { github, tag } = options
  return {
    kind: 'github-release',
    name: `the GitHub Release of ${tag.name}`,
    required: true,

    locate: async (wanted) => {
      const published = await findPublished(github, tag.name)
      const fileName = fileNameOf(wanted)
      if (published !== null) {
        if (findAsset(published, fileName) !== undefined)
          return {
            state: 'found',
            publications: [publicationOf(options, published, fileName)],
            lacks: [],
          }
        checkImmutable(published, fileName)
        return { state: 'absent' }
      }
      const drafts = sortDrafts(await listReleases(github), tag)
      checkForeign(drafts, options)
      const { current } = drafts
      return current === undefined || findAsset(current, fileName) === undefined
        ? { state: 'absent' }
        : {
            state: 'draft',
            publication: publicationOf(options, current, fileName),
          }
    },

    download: async (wanted) => await download(options, wanted),

    stage: async (shipments) => {
      await stage(options, shipments)
    },

    publish: async (shipments) => {
      const release =
        (await findPublished(github, tag.name)) ??
        (await publishDraft(options, shipments))
      const publications: Publication[] = []
      for (const { package: made } of shipments) {
        // A joined release: its assets are seen as soon as they are there.
        const there = await attach(options, release, made)
        if (!there) throw vanished(tag)
        const now = await confirm(options, release, made)
        publications.push(publicationOf(options, now, made.fileName))
      }
      return publications
    },
  }
}

function fileNameOf({ name, version }: ChartVersion): string {
  return `${name}-${version}.tgz`
}

function publicationOf(
  { github, tag }: ReleaseChannelOptions,
  release: Release,
  fileName: string,
): Publication {
  const asset = findAsset(release, fileName)
  const digest = asset === undefined ? null : assetDigest(asset)
  return {
    channel: 'github-release',
    target: release.html_url,
    reference: assetUrl({
      serverUrl: github.serverUrl,
      owner: github.owner,
      repo: github.repo,
      tag: tag.name,
      fileName,
    }),
    digest,
    packageDigest: digest,
    hasProvenance: findAsset(release, `${fileName}.prov`) !== undefined,
  }
}

/** Of the published release, else of our draft for this commit. */
async function download(
  { github, tag }: ReleaseChannelOptions,
  wanted: ChartVersion,
): Promise<Download> {
  const release =
    (await findPublished(github, tag.name)) ??
    sortDrafts(await listReleases(github), tag).current
  const fileName = fileNameOf(wanted)
  const asset = release && findAsset(release, fileName)
  if (release === undefined || asset === undefined) throw vanished(tag)
  const provenance = findAsset(release, `${fileName}.prov`)
  return {
    archive: await downloadAsset(github, asset),
    provenance:
      provenance === undefined ? null : await downloadAsset(github, provenance),
  }
}

/** The draft with all assets; nothing when the release is published already. */
async function stage(
  options: ReleaseChannelOptions,
  shipments: readonly Shipment[],
): Promise<Release | null> {
  const { github, tag, log } = options
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const published = await findPublished(github, tag.name)
    if (published !== null) return published
    const draft = await openDraft({
      github,
      tag,
      title: options.title,
      prerelease: isPrereleaseOf(options),
      adopt: options.adopt,
      log,
    })
    if (await attachAll(options, draft, shipments)) return draft
    log.info('The draft is gone: another job ended it. Looking again')
  }
  throw vanished(tag)
}

async function attachAll(
  options: ReleaseChannelOptions,
  release: Release,
  shipments: readonly Shipment[],
): Promise<boolean> {
  for (const { package: made } of shipments)
    if (!(await attach(options, release, made))) return false
  return true
}

/** `false`: the release is gone. */
async function attach(
  { github }: ReleaseChannelOptions,
  release: Release,
  made: Package,
): Promise<boolean> {
  const files = [
    { path: made.path, contentType: 'application/gzip' },
    ...(made.provenance === null
      ? []
      : [{ path: made.provenance, contentType: 'text/plain' }]),
  ]
  for (const { path: file, contentType } of files) {
    const asset = await ensureAsset(github, release.id, {
      file: {
        name: path.basename(file),
        bytes: await readFile(file),
        contentType,
      },
      replace: release.draft,
    })
    if (asset === null) return false
  }
  return true
}

/**
 * Publishes our draft, with the flags in the same call: an immutable release
 * takes none later. A lost answer is settled by looking at the release.
 */
async function publishDraft(
  options: ReleaseChannelOptions,
  shipments: readonly Shipment[],
): Promise<Release> {
  const { github, tag, log } = options
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const draft = await stage(options, shipments)
    if (draft === null) break
    if (!draft.draft) return draft
    const makeLatest = await decideLatest(options)
    try {
      const { data } = await github.octokit.rest.repos.updateRelease({
        ...github.at,
        release_id: draft.id,
        tag_name: tag.name,
        draft: false,
        prerelease: isPrereleaseOf(options),
        make_latest: makeLatest,
      })
      return data
    } catch (thrown) {
      if (!isLost(thrown) && !isAbsent(thrown))
        throw releaseFailure(thrown, 'publish the release')
      const now = await readRelease(github, draft.id)
      if (now?.draft === false) return now
      if (attempt === ATTEMPTS)
        throw releaseFailure(thrown, 'publish the release')
      log.info('The release is not published yet: trying again')
      await github.clock.sleep(1000 * 2 ** attempt)
    }
  }
  throw vanished(tag)
}

function isPrereleaseOf({
  prerelease,
  charts,
}: ReleaseChannelOptions): boolean {
  return prerelease === 'auto'
    ? charts.some(({ version }) => isPrerelease(version))
    : prerelease === 'true'
}

async function decideLatest(
  options: ReleaseChannelOptions,
): Promise<'true' | 'false'> {
  const { github, makeLatest, charts } = options
  if (isPrereleaseOf(options)) return 'false'
  if (makeLatest !== 'auto') return makeLatest
  const [releases, latest] = [
    await listReleases(github),
    await findLatest(github),
  ]
  return isLatest(charts, releases, latest) ? 'true' : 'false'
}

/** What users see: GitHub may take a moment to show what it was given. */
async function confirm(
  { github, tag }: ReleaseChannelOptions,
  release: Release,
  made: Package,
): Promise<Release> {
  for (let look = 1; ; look++) {
    const now = await readRelease(github, release.id)
    const asset = now === null ? undefined : findAsset(now, made.fileName)
    if (now !== null && !now.draft && asset !== undefined) {
      const digest = assetDigest(asset)
      if (digest === null || digest === made.digest) return now
      throw new ReleaseError(
        'RELEASE_FAILED',
        `The release of ${tag.name} has ${made.fileName} with ${digest}, published was ${made.digest}.`,
      )
    }
    if (look === 5) throw vanished(tag)
    await github.clock.sleep(1000 * look)
  }
}

function checkImmutable(release: Release, fileName: string): void {
  if ((release as { immutable?: boolean }).immutable !== true) return
  throw new ReleaseError(
    'RELEASE_IMMUTABLE',
    `The release ${release.html_url} is published, immutable and lacks ${fileName}: nothing can be added to it. Let this action make the release (push the tag and publish no release by hand), or leave yours a draft and set github-release: adopt. For this version, set github-release: false or raise the version.`,
  )
}

function vanished({ name }: Tag): ReleaseError {
  return new ReleaseError(
    'RELEASE_FAILED',
    `The release of ${name}, or its asset, vanished while this run was at it: somebody else changed it. Run again.`,
  )
}

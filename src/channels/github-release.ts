import {
  assetDigest,
  assetUrl,
  downloadAsset,
  findAsset,
} from '../github/asset.ts'
import {
  findPublished,
  isImmutable,
  listReleases,
  type Release,
} from '../github/release.ts'
import type { Log } from '../log.ts'
import type { Digest, Publication } from '../model.ts'
import type { Channel, ChartVersion, Download } from './channel.ts'
import { checkForeign, sortDrafts } from './drafts.ts'
import { unlockDraft } from './draft.ts'
import { verifyRelease } from './release-verification.ts'
import { immutable } from './release-assets.ts'
import { needsUpdate } from './release-body.ts'
import {
  markedDigest,
  type MarkedPackage,
  readMarker,
} from './release-marker.ts'
import {
  confirmPublished,
  markPublished,
  vanished,
} from './release-publication.ts'
import {
  completeRelease,
  type Progress,
  publishRelease,
  type ReleaseChannelOptions,
  stageRelease,
} from './release-steps.ts'

export type { ReleaseChannelOptions } from './release-steps.ts'

/**
 * The GitHub Release of a tag as a channel. A new one is a draft until its
 * assets are there, because an immutable release freezes when it is published;
 * a published one is joined, and only gets what it lacks.
 */
export function createReleaseChannel(
  given: ReleaseChannelOptions,
): Channel & Required<Pick<Channel, 'stage'>> {
  const { github, tag } = given
  const options = { ...given, log: warnOnce(given.log) }
  const progress: Progress = { seen: new Set(), draft: undefined }
  return {
    kind: 'github-release',
    name: `the GitHub Release of ${tag.name}`,
    required: true,

    locate: async (wanted) => {
      const fileName = fileNameOf(wanted)
      const published = await findPublished(github, tag.name)
      if (published !== null) {
        const found = await publicationOf(options, published, fileName)
        if (found !== undefined)
          return {
            state: 'found',
            publications: [found],
            lacks: lacksOf(options, published, {
              ...wanted,
              digest: found.digest,
            }),
          }
        if (isImmutable(published)) throw immutable(published, fileName)
        return { state: 'absent' }
      }
      const drafts = sortDrafts(
        await (options.known?.() ?? listReleases(github)),
        tag,
      )
      if (!options.adopt) checkForeign(drafts, tag)
      const { current } = drafts
      if (current === undefined) return { state: 'absent' }
      const publication = await publicationOf(options, current, fileName)
      const marked = markedDigest(readMarker(current.body), wanted)
      // Half a draft is none: what it lacks is put there by `stage`.
      if (publication === undefined || publication.packageDigest !== marked)
        return { state: 'absent' }
      progress.seen.add(marked)
      return { state: 'draft', publication }
    },

    download: async (wanted) => await download(options, wanted),

    stage: async (shipments) => {
      // What is found is on a published release: there is nothing to hide.
      if (shipments.every(({ found }) => found !== undefined)) return
      await stageRelease(
        options,
        progress,
        shipments.map((shipment) => shipment.package),
      )
    },

    publish: async (shipments) => {
      const packages = shipments.map((shipment) => shipment.package)
      const found = shipments
        .filter((shipment) => shipment.found !== undefined)
        .map((shipment) => shipment.package)
      const release = await publishRelease(options, progress, packages)
      await completeRelease(options, release, { packages, found })
      const publications: Publication[] = []
      let now = release
      for (const made of packages) {
        now = await confirmPublished(options, release, made)
        const publication = await publicationOf(options, now, made.fileName)
        if (publication === undefined) throw vanished(tag)
        publications.push(publication)
      }
      // Another job may have written its own at the same moment.
      await markPublished(options, now, { packages, found })
      return publications
    },

    abandon: async () => {
      if (progress.draft !== undefined)
        await unlockDraft(options, progress.draft)
    },

    verify: async (publication, expected) =>
      await verifyRelease(
        {
          github,
          download: async () => await download(options, expected),
        },
        publication,
        expected,
      ),
  }
}

/** A publication whose asset is known. */
interface AssetPublication extends Publication {
  readonly digest: Digest
}

/** A text is looked at several times; what is wrong with it is said once. */
function warnOnce(log: Log): Log {
  const said = new Set<string>()
  return {
    ...log,
    warning: (message, at) => {
      if (said.has(message)) return
      said.add(message)
      log.warning(message, at)
    },
  }
}

function fileNameOf({ name, version }: ChartVersion): string {
  return `${name}-${version}.tgz`
}

/** Is what we wrote into its text out of date? What was taken out stays out. */
function lacksOf(
  { text }: ReleaseChannelOptions,
  release: Release,
  made: MarkedPackage,
): readonly string[] {
  const section = text?.installSection(made) ?? null
  if (section === null || isImmutable(release)) return []
  return needsUpdate(release.body, section) ? ['install commands'] : []
}

/** `undefined`: the release has no such asset, or not all of it. */
async function publicationOf(
  { github, tag }: ReleaseChannelOptions,
  release: Release,
  fileName: string,
): Promise<AssetPublication | undefined> {
  const asset = findAsset(release, fileName)
  if (asset === undefined) return undefined
  const digest = await assetDigest(github, asset)
  return {
    channel: 'github-release',
    target: release.html_url,
    reference: assetUrl({ ...github, tag: tag.name, fileName }),
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

import { findAsset } from '../github/asset.ts'
import {
  findPublished,
  isImmutable,
  readRelease,
  type Release,
} from '../github/release.ts'
import type { Digest, Package } from '../model.ts'
import { openDraft } from './draft.ts'
import { attachPackage, immutable } from './release-assets.ts'
import { decidePrerelease } from './release-flags.ts'
import {
  checkTag,
  markPublished,
  type PublicationOptions,
  publishDraft,
  type TextOrder,
  vanished,
} from './release-publication.ts'

export interface ReleaseChannelOptions extends PublicationOptions {
  /** The name of a new release. */
  readonly title: string
  /** Take over somebody else's draft for the tag. */
  readonly adopt: boolean
}

/** What this run knows by now. */
export interface Progress {
  /** Archives that `locate` found in our draft. */
  readonly seen: Set<Digest>
  /** The draft that holds every asset. */
  draft: number | undefined
}

/** How often the release is begun anew when its draft vanishes. */
const ATTEMPTS = 3

/** The draft with all assets, or the release that is published already. */
export async function stageRelease(
  options: ReleaseChannelOptions,
  progress: Progress,
  packages: readonly Package[],
): Promise<Release> {
  const { github, tag, log } = options
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const published = await findPublished(github, tag.name)
    if (published !== null) {
      checkJoinable(published, packages)
      return published
    }
    // The tag may have moved, and the draft been replaced for its new commit.
    if (attempt > 1) await checkTag(github, tag)
    const draft = await openDraft({
      ...options,
      ...progress,
      known: attempt === 1 ? options.known : undefined,
      prerelease: decidePrerelease(options),
      packages,
    })
    if (draft !== null && (await attachAll(options, draft, packages))) {
      progress.draft = draft.id
      return draft
    }
    log.info('The draft is gone: another job ended it. Looking again')
    // Or GitHub does not show yet what it was just given.
    await github.clock.sleep(1000 * attempt)
  }
  throw vanished(tag)
}

function checkJoinable(release: Release, packages: readonly Package[]): void {
  const missing = packages.find(
    ({ fileName }) => findAsset(release, fileName) === undefined,
  )
  if (missing !== undefined && isImmutable(release))
    throw immutable(release, missing.fileName)
}

async function attachAll(
  options: ReleaseChannelOptions,
  draft: Release,
  packages: readonly Package[],
): Promise<boolean> {
  for (const made of packages)
    if (!(await attachPackage(options, draft, made))) return false
  return true
}

/** A published release of the tag: our draft once it is published, or another. */
export async function publishRelease(
  options: ReleaseChannelOptions,
  progress: Progress,
  packages: readonly Package[],
): Promise<Release> {
  const { github, tag, log } = options
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const staged =
      progress.draft === undefined
        ? null
        : await readRelease(github, progress.draft)
    progress.draft = undefined
    // Looked at once more: from now on everybody sees it.
    const whole =
      staged !== null && (await attachAll(options, staged, packages))
    const release = whole
      ? staged
      : await stageRelease(options, progress, packages)
    if (!release.draft) return release
    const published = await publishDraft(options, release)
    if (published !== null) return published
    progress.draft = undefined
    log.info('The draft cannot be published any more. Looking again')
  }
  throw vanished(tag)
}

/**
 * Adds to a published release what it lacks. Its text comes before its assets:
 * from an asset that is there, a later run could not tell that the text was
 * never written (P4). But what may still be refused (P5) comes before both.
 */
export async function completeRelease(
  options: ReleaseChannelOptions,
  release: Release,
  order: TextOrder,
): Promise<void> {
  // One in state `starter` too: another job may be at it.
  const isThere = ({ fileName }: Package): boolean =>
    release.assets.some(({ name }) => name === fileName)
  const { packages } = order
  const attach = async (some: readonly Package[]): Promise<void> => {
    if (!(await attachAll(options, release, some))) throw vanished(options.tag)
  }
  await attach(packages.filter((made) => isThere(made)))
  await markPublished(options, release, order)
  await attach(packages.filter((made) => !isThere(made)))
}

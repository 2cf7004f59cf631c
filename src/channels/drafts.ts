import { ReleaseError } from '../errors.ts'
import type { Release } from '../github/release.ts'
import type { Tag } from '../model.ts'
import {
  markedDigest,
  type MarkedPackage,
  readMarker,
} from './release-marker.ts'

/** The drafts for a tag. */
export interface Drafts {
  /** Ours, made for this commit; the one that counts when there are several. */
  readonly current: Release | undefined
  /** Ours, made for another commit. */
  readonly stale: readonly Release[]
  /** Somebody else's. */
  readonly foreign: readonly Release[]
}

/**
 * Drafts are not unique per tag: the lowest number with our marker wins, so
 * that jobs which race agree without talking.
 */
export function sortDrafts(releases: readonly Release[], tag: Tag): Drafts {
  const drafts = releases
    .filter(({ draft, tag_name }) => draft && tag_name === tag.name)
    .toSorted((one, other) => one.id - other.id)
    .map((draft) => ({ draft, marker: readMarker(draft.body) }))
  const those = (
    fits: (commit: string | undefined) => boolean,
  ): readonly Release[] =>
    drafts
      .filter(({ marker }) => fits(marker?.commit))
      .map(({ draft }) => draft)
  return {
    current: those((commit) => commit === tag.commit)[0],
    stale: those((commit) => commit !== undefined && commit !== tag.commit),
    foreign: those((commit) => commit === undefined),
  }
}

/** For so long, a run of another commit may still be at its draft: 10 minutes. */
const AT_WORK = 10 * 60 * 1000

/**
 * Throws `RELEASE_FAILED` when a run of another commit is at work on a new tag,
 * with other bytes for one of these: whoever began first goes on (P5). With
 * `before`, only drafts with a lower number count.
 */
export function checkRivals(
  { stale }: Drafts,
  order: {
    readonly tag: Tag
    readonly packages: readonly MarkedPackage[]
    readonly now: Date
    readonly before?: number
  },
): void {
  // The tag is at one commit, once it is there: no other run goes on.
  if (order.tag.isNew !== true) return
  for (const draft of stale) {
    const marker = readMarker(draft.body)
    const age = order.now.getTime() - Date.parse(marker?.since ?? '')
    if (
      marker === null ||
      !(age < AT_WORK) ||
      draft.id >= (order.before ?? Infinity)
    )
      continue
    const theirs = order.packages.find((one) => {
      const digest = markedDigest(marker, one)
      return digest !== undefined && digest !== one.digest
    })
    if (theirs !== undefined)
      throw new ReleaseError(
        'RELEASE_FAILED',
        `Another run is releasing ${theirs.name} ${theirs.version} from the commit ${marker.commit}: it began ${Math.max(0, Math.round(age / 1000))} s ago (${draft.html_url}). Nothing of it was published by this one. Run again when that run has ended: then its version counts as released. If it was cancelled, delete that draft first. With "concurrency:" in the workflow, runs wait for each other.`,
      )
  }
}

/** Throws `RELEASE_FAILED` when somebody else has a draft for the tag. */
export function checkForeign({ foreign }: Drafts, tag: Tag): void {
  const [draft] = foreign
  if (draft === undefined) return
  throw new ReleaseError(
    'RELEASE_FAILED',
    `There is a draft release for the tag ${tag.name} that this action did not make: ${draft.html_url}. Publish it (then the package is added to it), delete it, or set the input github-release: adopt.`,
  )
}

/** `RELEASE_FAILED`: a job at the same time works with other bytes. */
export function anotherJob(release: Release, what: string): ReleaseError {
  return new ReleaseError(
    'RELEASE_FAILED',
    `Another job is releasing ${release.tag_name} at this moment with another archive: ${what} in the draft ${release.html_url}. Nothing was published by this one. Run it again when the other has ended; it then takes that archive.`,
  )
}

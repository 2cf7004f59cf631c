import type { Log } from '../log.ts'
import type { Tag } from '../model.ts'
import type { ReleaseText } from '../release-notes/release-text.ts'
import type { BodyChange, Omission } from './release-body.ts'
import {
  markedDigest,
  type MarkedPackage,
  type ReleaseMarker,
} from './release-marker.ts'

/**
 * What is to be in a release's text. A chart that the marker of this commit
 * names had its install commands in there: when they are gone, a maintainer
 * took them out, and they stay out.
 */
export function planBody(facts: {
  /** The marker that is there. */
  readonly before: ReleaseMarker | null
  /** The one that will be. */
  readonly marker: ReleaseMarker
  readonly packages: readonly MarkedPackage[]
  /** Those that the release carried already. */
  readonly found?: readonly MarkedPackage[]
  /** Charts that the release carries no longer. */
  readonly dropped?: readonly string[]
  readonly text: ReleaseText | undefined
}): BodyChange {
  const { before, marker, packages, found = [], dropped = [], text } = facts
  const known = before?.commit === marker.commit ? before : null
  return {
    marker,
    sections: packages.flatMap((made) => {
      const section = text?.installSection(made) ?? null
      if (section === null) return []
      const mayAppend =
        markedDigest(known, made) === undefined && !found.includes(made)
      return [{ section, mayAppend }]
    }),
    dropped,
  }
}

/** Says which install commands a release's text lacks. */
export function tellOmissions(
  omitted: readonly Omission[],
  { name }: Tag,
  log: Log,
): void {
  for (const { chart, why } of omitted)
    log.warning(
      why === 'no room'
        ? `The text of the release of ${name} has no room for the install commands of ${chart}: GitHub takes 125,000 characters, and what is there stays. Shorten it, and re-run this job.`
        : `The install commands of ${chart} in the text of the release of ${name} were left as they are, because the two comments around them (<!-- chart-release:install … -->) are not as this action wrote them. Delete both and what is between them, or put them back as they were.`,
    )
}

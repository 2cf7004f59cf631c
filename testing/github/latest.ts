import type { Hub } from './hub.ts'
import type { Release } from './release.ts'

export type MakeLatest = 'true' | 'false' | 'legacy'

/** The release behind `releases/latest`. */
export function latestRelease(hub: Hub): Release | null {
  const eligible = hub.releases.filter(
    ({ draft, prerelease }) => !draft && !prerelease,
  )
  const made = eligible.find(({ id }) => id === hub.latest)
  if (made !== undefined) return made
  // "The most recent non-prerelease, non-draft release, sorted by created_at"
  return (
    eligible.toSorted(
      (a, b) => b.createdAt.localeCompare(a.createdAt) || b.id - a.id,
    )[0] ?? null
  )
}

/** `undefined`: a change that does not speak of it. */
export function settleLatest(
  hub: Hub,
  release: Release,
  makeLatest: MakeLatest | undefined,
): void {
  if (makeLatest === 'true' && !release.prerelease) hub.latest = release.id
  if (makeLatest === 'legacy') hub.latest = null
  if (makeLatest === 'false' && hub.latest === release.id) hub.latest = null
}

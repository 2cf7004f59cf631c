import type { GitHub } from '../github/client.ts'
import { findLatest, listReleases, type Release } from '../github/release.ts'
import { isPrerelease } from '../version.ts'
import type { ChartVersion } from './channel.ts'
import { isLatest } from './latest.ts'
import { readMarker } from './release-marker.ts'

export interface FlagOptions {
  readonly github: GitHub
  /**
   * The repository's releases as this run has found them, for a run of many
   * tags: each list of thousands takes GitHub dozens of requests. Absent: they
   * are listed anew.
   */
  readonly known?: (() => Promise<readonly Release[]>) | undefined
  /** The charts of this tag. */
  readonly charts: readonly ChartVersion[]
  readonly prerelease: 'auto' | 'true' | 'false'
  readonly makeLatest: 'auto' | 'true' | 'false'
}

/** Is the release to be marked as a prerelease? `auto`: as SemVer has it. */
export function decidePrerelease(
  { prerelease, charts }: FlagOptions,
  draft?: Release,
): boolean {
  if (prerelease !== 'auto') return prerelease === 'true'
  // Who made an adopted draft may know better.
  const adopted = readMarker(draft?.body)?.adopted === true
  return (
    charts.some(({ version }) => isPrerelease(version)) ||
    (adopted && draft?.prerelease === true)
  )
}

/** What GitHub calls `make_latest`; a prerelease cannot be the latest. */
export async function decideLatest(
  { github, known, makeLatest, charts }: FlagOptions,
  prerelease: boolean,
): Promise<'true' | 'false'> {
  if (prerelease) return 'false'
  if (makeLatest !== 'auto') return makeLatest
  const releases = await (known?.() ?? listReleases(github))
  return isLatest(charts, releases, await findLatest(github)) ? 'true' : 'false'
}

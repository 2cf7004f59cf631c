import { compare } from 'semver'
import type { Release } from '../github/release.ts'
import { isStrictVersion } from '../strict-version.ts'
import { isPrerelease } from '../version.ts'
import type { ChartVersion } from './channel.ts'

/**
 * Shall GitHub show this release as the latest? A stable version that is the
 * highest of its chart, and never instead of a release that carries no chart:
 * an application keeps its place.
 */
export function isLatest(
  charts: readonly ChartVersion[],
  releases: readonly Release[],
  latest: Release | null,
): boolean {
  if (charts.some(({ version }) => isPrerelease(version))) return false
  if (
    latest !== null &&
    !latest.assets.some(({ name }) => name.endsWith('.tgz'))
  )
    return false
  const published = releases.filter(({ draft }) => !draft)
  return charts.every(({ name, version }) =>
    published
      .flatMap((release) => stableVersions(release, name))
      .every((other) => compare(other, version) <= 0),
  )
}

/** The stable versions of that chart which a release carries, or is named by. */
function stableVersions(release: Release, chart: string): readonly string[] {
  const named = ['-', '/', '@'].map((separator) => `${chart}${separator}`)
  const tag = release.tag_name
  const prefix = named.find((one) => tag.startsWith(one))
  return [
    ...(prefix === undefined ? [] : [tag.slice(prefix.length)]),
    ...release.assets.flatMap(({ name }) =>
      name.startsWith(`${chart}-`) && name.endsWith('.tgz')
        ? [name.slice(chart.length + 1, -'.tgz'.length)]
        : [],
    ),
  ]
    .map((text) => text.replace(/^v(?=\d)/, ''))
    .filter((text) => isStrictVersion(text) && !isPrerelease(text))
}

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
  const published = releases
    .filter(({ draft }) => !draft)
    .flatMap(({ assets }) => assets.map(({ name }) => name))
  return charts.every(({ name, version }) =>
    published.every((asset) => {
      const other = versionOf(asset, name)
      return other === undefined || compare(other, version) <= 0
    }),
  )
}

/** The stable version of that chart that an asset holds. */
function versionOf(asset: string, chart: string): string | undefined {
  if (!asset.startsWith(`${chart}-`) || !asset.endsWith('.tgz'))
    return undefined
  const version = asset.slice(chart.length + 1, -'.tgz'.length)
  return isStrictVersion(version) && !isPrerelease(version)
    ? version
    : undefined
}

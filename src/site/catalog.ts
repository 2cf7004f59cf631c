import type { CatalogChart, CatalogVersion } from '../repository/index-file.ts'
import {
  compareVersions,
  type LooseVersion,
  parseLooseVersion,
} from '../repository/version-order.ts'
import { about, type About } from './about.ts'

/** A version of a chart as the page lists it. */
export interface SiteVersion extends CatalogVersion {
  readonly isPrerelease: boolean
  /** The series it belongs to: `2.x`. */
  readonly series: string
}

/** A chart as the page shows it. */
export interface SiteChart {
  readonly name: string
  /** Part of addresses; `null` where the name can be none. */
  readonly slug: string | null
  /** The newest first. Never empty. */
  readonly versions: readonly SiteVersion[]
  /** The newest stable one, else the newest. */
  readonly shown: SiteVersion
  /** What the index says of that one. */
  readonly about: About
}

/**
 * The charts in the order of their names, those that are kept up first. Left
 * out is what Helm would not install: versions that are none, the later ones of
 * several entries for one version, and charts without any version.
 */
export function toSiteCharts(
  charts: readonly CatalogChart[],
): readonly SiteChart[] {
  return charts
    .flatMap((chart) => toSiteChart(chart) ?? [])
    .toSorted(
      (a, b) =>
        Number(a.about.isDeprecated) - Number(b.about.isDeprecated) ||
        (a.name < b.name ? -1 : 1),
    )
}

interface Ranked {
  readonly at: number
  readonly parsed: LooseVersion
  readonly version: SiteVersion
}

function toSiteChart({
  name,
  versions,
  entry,
}: CatalogChart): SiteChart | null {
  const known = new Set<string>()
  const ranked: Ranked[] = []
  for (const [at, version] of versions.entries()) {
    const parsed = parseLooseVersion(version.version)
    if (parsed === null || known.has(version.version)) continue
    known.add(version.version)
    const [major = 0n] = parsed.numbers
    ranked.push({
      at,
      parsed,
      version: {
        ...version,
        isPrerelease: parsed.prerelease.length > 0,
        series: `${major}.x`,
      },
    })
  }
  ranked.sort((a, b) => compareVersions(b.parsed, a.parsed) || a.at - b.at)
  const shown = ranked.find(({ version }) => !version.isPrerelease) ?? ranked[0]
  if (shown === undefined) return null
  return {
    name,
    slug: toSlug(name),
    versions: ranked.map(({ version }) => version),
    shown: shown.version,
    about: about(entry(shown.at)),
  }
}

/** A name as part of an address; `null` for one that can be none. */
export function toSlug(name: string): string | null {
  return /^[a-z0-9][\w.-]{0,99}$/i.test(name) ? name : null
}

import { isDigest } from '../digest.ts'
import type { Digest } from '../model.ts'
import { LONGEST_BODY } from '../release-notes/cut.ts'
import type { ChartVersion } from './channel.ts'

export interface MarkedPackage extends ChartVersion {
  readonly digest: Digest
}

/** What our releases carry, so that a later run knows them again. */
export interface ReleaseMarker {
  /** The commit that the packages were made from. */
  readonly commit: string
  readonly packages: readonly MarkedPackage[]
  /** When a run last took the draft up: RFC 3339 in UTC. */
  readonly since?: string
  /** Was the draft somebody's own before? Then its text is not ours to lose. */
  readonly adopted?: boolean
}

const form = /<!-- chart-release: (\{.*?\}) -->/

/**
 * A comment that nobody sees in the rendered notes. What is in it cannot end
 * it (P11): JSON can spell brackets and dashes in another way.
 */
export function writeMarker(marker: ReleaseMarker): string {
  const json = JSON.stringify(marker)
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('>', String.raw`\u003e`)
    .replaceAll('--', String.raw`-\u002d`)
  return `<!-- chart-release: ${json} -->`
}

/** The marker in a release's text; `null`: the release is not ours. */
export function readMarker(
  body: string | null | undefined,
): ReleaseMarker | null {
  const json = form.exec(body ?? '')?.[1]
  if (json === undefined) return null
  try {
    const { commit, packages, since, adopted } = JSON.parse(
      json,
    ) as Partial<ReleaseMarker>
    if (typeof commit !== 'string') return null
    const listed: readonly unknown[] = Array.isArray(packages) ? packages : []
    return {
      commit,
      packages: listed.filter(isMarkedPackage),
      ...(typeof since === 'string' ? { since } : {}),
      ...(adopted === true ? { adopted } : {}),
    }
  } catch {
    return null
  }
}

/**
 * The text with our marker in it, in the place of an older one of ours; every
 * other character stays (P6). `null`: there is no room for it.
 */
export function markBody(
  body: string | null | undefined,
  marker: ReleaseMarker,
): string | null {
  const text = body ?? ''
  const written = writeMarker(marker)
  const marked = form.test(text)
    ? text.replace(form, () => written)
    : text === ''
      ? written
      : `${text}\n\n${written}`
  return marked.length > LONGEST_BODY ? null : marked
}

/** The digest that the marker has of a chart version. */
export function markedDigest(
  marker: ReleaseMarker | null,
  { name, version }: ChartVersion,
): Digest | undefined {
  return marker?.packages.find(
    (one) => one.name === name && one.version === version,
  )?.digest
}

/** The packages of both; of a chart version in both, the later one's. */
export function mergePackages(
  earlier: readonly MarkedPackage[],
  later: readonly MarkedPackage[],
): readonly MarkedPackage[] {
  return [
    ...earlier.filter(
      ({ name, version }) =>
        !later.some((one) => one.name === name && one.version === version),
    ),
    ...later.map(({ name, version, digest }) => ({ name, version, digest })),
  ]
}

function isMarkedPackage(value: unknown): value is MarkedPackage {
  if (typeof value !== 'object' || value === null) return false
  const { name, version, digest } = value as Partial<MarkedPackage>
  return (
    typeof name === 'string' && typeof version === 'string' && isDigest(digest)
  )
}

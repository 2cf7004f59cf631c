import { ReleaseError } from '../errors.ts'
import type { Chart } from '../model.ts'
import { type ParsedTag, parseTag } from '../tag.ts'

/** The tags that may have released one version of one chart. */
export interface KnownTags {
  /** They name the chart. */
  readonly named: readonly string[]
  /** They name a version only, which other charts may have had as well. */
  readonly nameless: readonly string[]
}

/**
 * Which tags of a repository may have released each chart at its version:
 * every form counts, of `auto` and of the template, so that a repository may
 * come from another tool.
 */
export function recognizeTags(
  charts: readonly Chart[],
  tags: readonly string[],
  format: string,
): ReadonlyMap<Chart, KnownTags> {
  const names = charts.map(({ name }) => name)
  const parsed = tags.flatMap((tag) =>
    [...new Set([format, 'auto'])].flatMap((one) => {
      const found = tryParse(tag, one, names)
      return found === undefined ? [] : [{ tag, ...found }]
    }),
  )
  return new Map(
    charts.map((chart) => {
      const fits = parsed.filter(({ version }) => version === chart.version)
      const those = (name: string | undefined): readonly string[] => [
        ...new Set(
          fits.filter((one) => one.chart === name).map(({ tag }) => tag),
        ),
      ]
      return [chart, { named: those(chart.name), nameless: those(undefined) }]
    }),
  )
}

/** The tag that a run creates for a chart. */
export function newTagName({ name, version }: Chart, format: string): string {
  const template = format === 'auto' ? '{chart}-{version}' : format
  return template
    .replace('{chart}', () => name)
    .replace('{version}', () => version)
}

/** Most tags of a repository may have nothing to do with charts. */
function tryParse(
  tag: string,
  format: string,
  names: readonly string[],
): ParsedTag | undefined {
  try {
    return parseTag(tag, format, names)
  } catch (thrown) {
    if (thrown instanceof ReleaseError) return undefined
    throw thrown
  }
}

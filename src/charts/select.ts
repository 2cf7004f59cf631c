import { ReleaseError } from '../errors.ts'
import type { Chart, ChartRelease, Tag } from '../model.ts'
import type { ParsedTag } from '../tag.ts'
import type { ChartCollection, UnreadableChart } from './collect.ts'

export interface Selection {
  /** Never empty. */
  readonly released: readonly ChartRelease[]
  /** Charts that a tag which names none does not release. */
  readonly leftOut: readonly {
    readonly chart: Chart
    readonly reason: string
  }[]
}

export interface SelectionQuestion extends ChartCollection {
  readonly tag: Tag
  readonly parsed: ParsedTag
  readonly versionFrom: 'chart' | 'tag'
}

/**
 * Which charts a tag releases: the one that it names, else every chart at its
 * version (every chart with `version-from: tag`). Build metadata counts: 1.0.0+a
 * is not 1.0.0+b. Throws `TAG_MISMATCH`, at the line to change, when versions
 * differ; `TAG_INVALID` when two directories hold the chart; and the error of a
 * selected chart that cannot be read.
 */
export function selectCharts(question: SelectionQuestion): Selection {
  const { parsed, charts, unreadable } = question
  const broken = unreadable.find((one) => isSelected(one, question))
  if (broken !== undefined) throw broken.error
  const candidates =
    parsed.chart === undefined
      ? charts
      : charts.filter(({ name }) => name === parsed.chart)
  const chosen = candidates.filter(
    ({ version }) =>
      question.versionFrom === 'tag' || version === parsed.version,
  )
  if (chosen.length === 0) throw mismatch(question, candidates)
  checkNames(chosen, `The tag ${question.tag.name}`)
  return {
    released: chosen.map((chart) => ({
      chart,
      version: parsed.version,
      tag: question.tag,
    })),
    leftOut:
      parsed.chart === undefined
        ? charts
            .filter((chart) => !chosen.includes(chart))
            .map((chart) => ({
              chart,
              reason: `it is at version ${chart.version}, the tag at ${parsed.version}`,
            }))
        : [],
  }
}

/**
 * A chart whose version cannot be made out is selected only by its name; one
 * with a `v` before its version was meant to be released by that tag.
 */
function isSelected(
  { name, version }: UnreadableChart,
  { parsed, versionFrom, charts }: SelectionQuestion,
): boolean {
  if (parsed.chart !== undefined) return name === parsed.chart
  if (versionFrom === 'tag') return true
  // With no valid chart at all, the fault is the answer and not a mismatch.
  if (charts.length === 0) return true
  return version?.replace(/^v/i, '') === parsed.version
}

function mismatch(
  { tag, parsed }: SelectionQuestion,
  candidates: readonly Chart[],
): ReleaseError {
  const [first] = candidates
  const where = candidates
    .slice(0, 20)
    .map(
      ({ name, version, versionAt }) =>
        `${name} is at ${version} (${versionAt.file})`,
    )
    .join(', ')
  const more = candidates.length > 20 ? ', …' : ''
  return new ReleaseError(
    'TAG_MISMATCH',
    `The tag ${tag.name} is for version ${parsed.version}, but ${where}${more}. Set "version: ${parsed.version}" in ${candidates.length === 1 ? (first?.versionAt.file ?? '') : 'the chart that is to be released'}, commit it and move the tag there, or tag the version that is there. With the input version-from: tag, the tag's version is packaged whatever Chart.yaml says.`,
    { at: first?.versionAt },
  )
}

/** Throws `TAG_INVALID` when two of these charts have one name. */
export function checkNames(chosen: readonly Chart[], what: string): void {
  for (const chart of chosen) {
    const twin = chosen.find(
      (other) => other !== chart && other.name === chart.name,
    )
    if (twin !== undefined)
      throw new ReleaseError(
        'TAG_INVALID',
        `${what} fits two charts of the name ${chart.name}: in ${chart.directory} and in ${twin.directory}. Name the one to release in the input charts.`,
        { at: { file: twin.versionAt.file } },
      )
  }
}

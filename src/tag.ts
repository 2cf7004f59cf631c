import { ReleaseError } from './errors.ts'
import { explainVersion, isStrictVersion } from './strict-version.ts'

/** What a tag says. */
export interface ParsedTag {
  /** Strict SemVer 2.0.0. */
  readonly version: string
  /** The chart that the tag names; absent: it names none. */
  readonly chart?: string
}

const REF = 'refs/tags/'
const separators = ['-', '/', '@'] as const

/** The tag of `refs/tags/…`; `undefined` for any other ref. */
export function tagFromRef(ref: string): string | undefined {
  return ref.startsWith(REF) && ref.length > REF.length
    ? ref.slice(REF.length)
    : undefined
}

/** The tag to release: the asked one, else the event's. Throws `TAG_MISSING`. */
export function chooseTag(
  asked: string | undefined,
  fromEvent: string | undefined,
): string {
  const tag = asked ?? fromEvent
  if (tag !== undefined) return tag
  throw new ReleaseError(
    'TAG_MISSING',
    'There is no tag to release: the ref of this run is no tag, and the input tag is empty. Run the workflow on a pushed tag (on: push: tags: ["v*"]), or set the input tag to a tag that exists, like v1.2.3.',
  )
}

/**
 * The chart and version that a tag names. `format` is `auto`, or a template
 * with `{version}` and perhaps `{chart}`. Chart names may hold dashes and
 * digits, so only known names are looked for, the longest first. Throws
 * `TAG_INVALID` when the version is not strict, and when the tag fits no chart
 * or two.
 */
export function parseTag(
  tag: string,
  format: string,
  chartNames: readonly string[],
): ParsedTag {
  const names = [...new Set(chartNames)].sort(
    (one, other) => other.length - one.length,
  )
  const remainders = remaindersOf(tag, format, names)
  const fits = remainders.filter(({ rest }) => isStrictVersion(rest))
  const named = fits.filter(({ chart }) => chart !== undefined)
  if (named.length > 1)
    throw new ReleaseError(
      'TAG_INVALID',
      `The tag ${JSON.stringify(tag)} fits two charts: ${named.map(({ chart = '', rest }) => `${chart} at ${rest}`).join(', and ')}. Set the input tag-format to a template that tells them apart, like {chart}/v{version}.`,
    )
  const fit = named[0] ?? fits[0]
  if (fit === undefined) throw invalid({ tag, format, names, remainders })
  return {
    version: fit.rest,
    ...(fit.chart === undefined ? {} : { chart: fit.chart }),
  }
}

/** What is left of a tag for the version, once a format is taken off. */
interface Remainder {
  readonly rest: string
  readonly chart?: string
}

function remaindersOf(
  tag: string,
  format: string,
  names: readonly string[],
): readonly Remainder[] {
  if (format !== 'auto')
    return format.includes('{chart}')
      ? names.flatMap((chart) =>
          takeOff(
            tag,
            format.replace('{chart}', () => chart),
          ).map((rest) => ({
            rest,
            chart,
          })),
        )
      : takeOff(tag, format).map((rest) => ({ rest }))
  return [
    ...names.flatMap((chart) =>
      separators
        .filter((separator) => tag.startsWith(chart + separator))
        .map(() => ({ rest: withoutV(tag.slice(chart.length + 1)), chart })),
    ),
    { rest: withoutV(tag) },
  ]
}

function takeOff(tag: string, template: string): readonly string[] {
  const [before = '', after = ''] = template.split('{version}')
  return tag.length >= before.length + after.length &&
    tag.startsWith(before) &&
    tag.endsWith(after)
    ? [tag.slice(before.length, tag.length - after.length)]
    : []
}

function withoutV(text: string): string {
  return text.startsWith('v') ? text.slice(1) : text
}

function invalid(facts: {
  readonly tag: string
  readonly format: string
  readonly names: readonly string[]
  readonly remainders: readonly Remainder[]
}): ReleaseError {
  const { tag, format, names, remainders } = facts
  // A remainder that begins like a version was probably meant as one.
  const meant = remainders.find(({ rest }) => /^\d/.test(rest))
  const why =
    meant === undefined
      ? 'it fits none of the charts and formats'
      : `its version ${JSON.stringify(meant.rest)} is no strict SemVer 2.0.0: ${explainVersion(meant.rest)}`
  const charts = names.length === 0 ? 'none' : listed(names)
  const name = names[0] ?? 'demo'
  const [formats, examples] =
    format === 'auto'
      ? [
          `{version}, v{version}, and {chart}-{version} or {chart}-v{version} (also with "/" or "@" between)`,
          ['v1.2.3', '1.2.3', '1.2.3-rc.1', `${name}-1.2.3`],
        ]
      : [
          format,
          [format.replace('{chart}', () => name).replace('{version}', '1.2.3')],
        ]
  return new ReleaseError(
    'TAG_INVALID',
    `The tag ${JSON.stringify(tag)} names no version to release: ${why}. A valid tag looks like ${examples.join(', ')}. Charts tried: ${charts}. Formats tried: ${formats}. Tags of another form need the input tag-format.`,
  )
}

function listed(names: readonly string[]): string {
  const shown = names.toSorted().slice(0, 20)
  const more = names.length - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

import type { Digest } from '../model.ts'
import { escapeMarkdown, inlineCode } from '../report/escape.ts'
import { renderInstallBlock } from '../report/install-block.ts'
import type { InstallCommand } from '../report/install.ts'

/** What this action keeps up to date in a release's text: one for each chart. */
export interface InstallSection {
  readonly chart: string
  /** Markdown, with the markers around it. */
  readonly text: string
}

export interface InstallFacts {
  readonly name: string
  readonly version: string
  /** Of the archive that the release carries. */
  readonly digest: Digest
  readonly isLibrary: boolean
  readonly commands: readonly InstallCommand[]
}

/**
 * How to install a chart, and the digest to compare. The same facts give the
 * same text, so that a re-run has nothing to change.
 */
export function writeInstallSection(facts: InstallFacts): InstallSection {
  const { name, version, digest, isLibrary, commands } = facts
  const title = escapeMarkdown(`${name} ${version}`)
  const { begin, end } = markersOf(name)
  return {
    chart: name,
    text: [
      begin,
      `### ${isLibrary ? 'Get' : 'Install'} ${title}`,
      renderInstallBlock(commands),
      `Digest of ${inlineCode(`${name}-${version}.tgz`)}: ${inlineCode(digest)}`,
      end,
    ].join('\n\n'),
  }
}

/** Where the section of a chart stands in a text. */
export type SectionPlace =
  | { readonly state: 'absent' }
  /** Its markers are not one of each, in order: what is whose is unknown. */
  | { readonly state: 'damaged' }
  | { readonly state: 'intact'; readonly from: number; readonly to: number }

/** Finds the section by its two markers, whatever stands between them. */
export function findSection(body: string, chart: string): SectionPlace {
  const { begin, end } = markersOf(chart)
  const begins = body.split(begin).length - 1
  const ends = body.split(end).length - 1
  if (begins === 0 && ends === 0) return { state: 'absent' }
  const from = body.indexOf(begin)
  const to = body.indexOf(end)
  const inside = body.slice(from + begin.length, to)
  if (begins !== 1 || ends !== 1 || to < from || markerLike.test(inside))
    return { state: 'damaged' }
  return { state: 'intact', from, to: to + end.length }
}

/** Is a section there that says something else? Line ends do not count. */
export function isOutdated(body: string, section: InstallSection): boolean {
  const place = findSection(body, section.chart)
  return (
    place.state === 'intact' &&
    essence(body.slice(place.from, place.to)) !== essence(section.text)
  )
}

/**
 * The text with this section instead of the one at that place, in the line ends
 * that were there; every other character stays (P6).
 */
export function replaceSection(
  body: string,
  place: { readonly from: number; readonly to: number },
  text: string,
): string {
  const before = body.slice(place.from, place.to)
  const ending = before.includes('\r\n') ? '\r\n' : '\n'
  return (
    body.slice(0, place.from) +
    text.replaceAll('\n', ending) +
    body.slice(place.to)
  )
}

const markerLike = /<!-- \/?chart-release\b/

/** Text that could be taken for a marker of ours, so that it no longer can. */
export function defuseMarkers(text: string): string {
  return text.replaceAll(/<!--(?=\s*\/?chart-release\b)/g, '<!-- quoted:')
}

/** Comments, which nobody sees. Two dashes may not stand in one (P11). */
function markersOf(chart: string): {
  readonly begin: string
  readonly end: string
} {
  const key = encodeURIComponent(chart).replaceAll('--', '-%2D')
  return {
    begin: `<!-- chart-release:install ${key} -->`,
    end: `<!-- /chart-release:install ${key} -->`,
  }
}

/** GitHub's web editor writes `\r\n`. */
function essence(text: string): string {
  return text
    .split(/\r\n|\n/)
    .map((line) => line.trimEnd())
    .join('\n')
}

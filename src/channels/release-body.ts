import { fitNotes, LONGEST_BODY, type Notes } from '../release-notes/cut.ts'
import {
  findSection,
  type InstallSection,
  isOutdated,
  replaceSection,
} from '../release-notes/install-section.ts'
import { closingOf } from '../release-notes/markdown.ts'
import { markBody, type ReleaseMarker, writeMarker } from './release-marker.ts'

/** The text of a release, and what did not get into it. */
export interface ReleaseBody {
  readonly body: string
  readonly omitted: readonly Omission[]
}

/** The install commands of a chart that the text does not have as they are. */
export interface Omission {
  readonly chart: string
  readonly why: 'no room' | 'damaged markers'
}

/**
 * The text of a new release: the notes, the install commands of each chart and
 * the marker. Where GitHub's limit is reached, the notes are cut first.
 */
export function composeBody(parts: {
  readonly notes: Notes
  readonly sections: readonly InstallSection[]
  readonly marker: ReleaseMarker
}): ReleaseBody {
  const added = updateBody('', {
    marker: parts.marker,
    sections: parts.sections.map((section) => ({ section, mayAppend: true })),
    dropped: [],
  })
  // Thousands of charts: then the marker alone is tried, and GitHub decides.
  if (added === null) return { body: writeMarker(parts.marker), omitted: [] }
  const notes = fitNotes(parts.notes, LONGEST_BODY - added.body.length - 2)
  return notes === '' ? added : { ...added, body: `${notes}\n\n${added.body}` }
}

export interface BodyChange {
  readonly marker: ReleaseMarker
  readonly sections: readonly {
    readonly section: InstallSection
    /** Where there is none; else it is only replaced. */
    readonly mayAppend: boolean
  }[]
  /** Charts that the release no longer carries. */
  readonly dropped: readonly string[]
}

/**
 * A text with our marker and install commands in it, in the places of older
 * ones; every other character stays (P6). `null`: there is no room for the
 * marker.
 */
export function updateBody(
  body: string | null | undefined,
  { marker, sections, dropped }: BodyChange,
): ReleaseBody | null {
  let text = body ?? ''
  const omitted: Omission[] = []
  for (const chart of dropped) {
    const place = findSection(text, chart)
    if (place.state === 'intact') text = replaceSection(text, place, '')
  }
  for (const { section, mayAppend } of sections) {
    const { chart } = section
    const place = findSection(text, chart)
    if (place.state === 'damaged')
      omitted.push({ chart, why: 'damaged markers' })
    const placed =
      place.state === 'intact' && isOutdated(text, section)
        ? replaceSection(text, place, section.text)
        : place.state === 'absent' && mayAppend
          ? append(text, section.text)
          : text
    if (placed === text || markBody(placed, marker) !== null) text = placed
    else omitted.push({ chart, why: 'no room' })
  }
  const marked = markBody(text, marker)
  return marked === null ? null : { body: marked, omitted }
}

/** Is the section there, outdated, and is there room for it as it should be? */
export function needsUpdate(
  body: string | null | undefined,
  section: InstallSection,
): boolean {
  const text = body ?? ''
  const place = findSection(text, section.chart)
  return (
    place.state === 'intact' &&
    isOutdated(text, section) &&
    replaceSection(text, place, section.text).length <= LONGEST_BODY
  )
}

/** A code fence that nobody closed would swallow what is added. */
function append(text: string, added: string): string {
  if (text === '') return added
  const closing = closingOf(text)
  return `${text}${closing === '' ? '' : `\n${closing}`}\n\n${added}`
}

import { closingOf, readLines } from './markdown.ts'

/** GitHub's limit for the text of a release, in characters (measured by others: 422 above it). */
export const LONGEST_BODY = 125_000

/** What is written above the install commands. */
export interface Notes {
  /** Markdown; may be empty. */
  readonly text: string
  /** Where all of it can be read, should it be cut. */
  readonly more?: string | undefined
}

/**
 * Notes of at most so many UTF-16 units (never fewer than GitHub's characters),
 * cut at a line end if need be, with a line that says so. What is still open at
 * the end, a code fence say, is closed, so that it swallows nothing.
 */
export function fitNotes({ text, more }: Notes, room: number): string {
  const whole = close(text, closingOf(text))
  if (whole.length <= room) return whole
  const said = `_The rest was cut off: GitHub takes ${LONGEST_BODY.toLocaleString('en')} characters._${more === undefined ? '' : ` [All of it](${more})`}`
  const left = room - said.length - 2
  if (left <= 0) return ''
  const lines = readLines(text)
  const last = lines.findLast(
    ({ to, closing }) => close(text.slice(0, to), closing).length <= left,
  )
  const kept =
    last === undefined
      ? clip(text, left)
      : close(text.slice(0, last.to), last.closing)
  return `${kept}\n\n${said}`
}

/** One line is longer than everything. Half a pair is no character. */
function clip(text: string, longest: number): string {
  const start = text
    .slice(0, Math.max(0, longest - 100))
    .replace(/[\ud800-\udbff]$/, '')
  const closed = close(start, closingOf(start))
  return closed.length <= longest ? closed : ''
}

/** Also trims the end, where line ends mean nothing. */
function close(text: string, closing: string): string {
  return closing === '' ? text.trimEnd() : `${text.trimEnd()}\n${closing}`
}

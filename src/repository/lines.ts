import {
  readContinuation,
  readLineValue,
  type OpenScalar,
} from './open-scalar.ts'
import { readWord } from './word.ts'

/**
 * The lines of a YAML file in block style. It knows the forms that chart tools
 * write, and says so when it meets any other: it never guesses.
 */
export interface Line {
  /**
   * - `node`: a key, a list item, or an item that starts with a key;
   * - `more`: belongs to the scalar that began on an earlier line;
   * - `comment`: nothing but a comment.
   *
   * Lines without content are not reported.
   */
  readonly kind: 'node' | 'more' | 'comment'
  /** Counted from 1. */
  readonly number: number
  /** Offset of its first character. */
  readonly start: number
  /** Offset of the next line. */
  readonly next: number
  /** Column of its first character that is no space. */
  readonly column: number
  /** How many `- ` it starts with. */
  readonly dashes: number
  /** Column of its key, or of what stands after the last dash. */
  readonly keyColumn: number
  /** The key without its quotes; `null` for an item without one. */
  readonly key: string | null
  /** Was the key in quotes? Else a parser may take it for a number. */
  readonly quoted: boolean
  /** What follows the key, without its comment; empty for nothing. */
  readonly value: string
}

type Place = Pick<Line, 'number' | 'start' | 'next' | 'column'>

/** A byte order mark, and what may stand before and in a first `---` line. */
const preamble = /^\uFEFF?(?:(?:[ \t]*(?:#.*)?\r?\n)*---(?: +#.*| *)\r?\n)?/
const head =
  /( *)((?:- +)*)(?:([A-Za-z0-9_][A-Za-z0-9_./-]*|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'):(?=[ \r\n]|$))? */y

/**
 * Hands each line with content to `visit`. `false` as soon as a line is not
 * understood, here or by `visit`, which answers with the same.
 */
export function eachLine(
  text: string,
  visit: (line: Line) => boolean,
): boolean {
  // A lone CR is a line break in YAML.
  if (text.includes('\r') && /\r(?!\n)/.test(text)) return false
  const before = preamble.exec(text)?.[0] ?? ''
  let open: OpenScalar | null = null
  let number = before.split('\n').length - 1
  let next = before.length
  while (next < text.length) {
    const start = next
    const lineFeed = text.indexOf('\n', start)
    next = lineFeed === -1 ? text.length : lineFeed + 1
    number += 1
    const end = endOfContent(text, start, next)
    const content = afterSpaces(text, start, end)
    const place = { number, start, next, column: content - start }
    if (content === end) {
      if (open?.keep === true && !visit(lineOf(place, 'more'))) return false
      continue
    }
    if (open !== null) {
      const rest = text.slice(content, end)
      const belongs = readContinuation(open, place.column, rest)
      if (belongs === 'unclear') return false
      if (belongs !== 'goes on') open = null
      if (belongs !== 'ended before') {
        if (!visit(lineOf(place, 'more'))) return false
        continue
      }
    }
    if (text[content] === '#') {
      if (!visit(lineOf(place, 'comment'))) return false
      continue
    }
    const node = readNode(text, end, place)
    if (node === null || !visit(node.line)) return false
    open = node.open
  }
  // A file that ends inside quotes is no YAML.
  return open?.form !== '"' && open?.form !== "'"
}

function readNode(
  text: string,
  end: number,
  place: Place,
): { readonly line: Line; readonly open: OpenScalar | null } | null {
  head.lastIndex = place.start
  const match = head.exec(text)
  const [all = '', , dashText = '', name] = match ?? []
  const dashes = dashText === '' ? 0 : dashText.split('-').length - 1
  const keyColumn = place.column + dashText.length
  const parent =
    name === undefined ? place.column + dashText.lastIndexOf('-') : keyColumn
  const rest = text.slice(Math.min(place.start + all.length, end), end)
  const value = readLineValue(rest, parent)
  // Neither a key nor an item, or an item with nothing beside its dash.
  if (value === null || (name === undefined && value.text === '')) return null
  if (name === undefined && dashes === 0) return null
  const quoted = name !== undefined && /^["']/.test(name)
  const key = quoted ? unquote(name) : (name ?? null)
  const { number, start, next, column } = place
  return {
    line: {
      kind: 'node',
      number,
      start,
      next,
      column,
      dashes,
      keyColumn,
      key,
      quoted,
      value: value.text,
    },
    open: value.open,
  }
}

/** `null` for an escape that is none: only a parser has words for that. */
function unquote(name: string): string | null {
  return name.includes('\\') ? readWord(name) : name.slice(1, -1)
}

function lineOf(place: Place, kind: 'more' | 'comment'): Line {
  const { number, start, next, column } = place
  return {
    kind,
    number,
    start,
    next,
    column,
    dashes: 0,
    keyColumn: column,
    key: null,
    quoted: false,
    value: '',
  }
}

function afterSpaces(text: string, start: number, end: number): number {
  let at = start
  while (at < end && text.charCodeAt(at) === 32) at += 1
  return at
}

/** Where the line's own characters end: before its `\n` or `\r\n`. */
function endOfContent(text: string, start: number, next: number): number {
  let end = next
  if (end > start && text.charCodeAt(end - 1) === 10) end -= 1
  if (end > start && text.charCodeAt(end - 1) === 13) end -= 1
  return end
}

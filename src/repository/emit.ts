import type { Json, JsonObject } from '../model.ts'
import { compareKeys } from './key-order.ts'
import { doubleQuoted, keyInLine, scalarLines } from './scalar.ts'

/** Where the parts of an index stand, in columns counted from 0. */
export interface IndexStyle {
  /** Of the charts' names. */
  readonly chart: number
  /** Of the dash before each entry. */
  readonly dash: number
  /** Of an entry's keys. */
  readonly key: number
}

/** As Helm writes it: dashes stand under the name of the chart. */
export const helmStyle: IndexStyle = { chart: 2, dash: 2, key: 4 }

/** YAML demands a `?` before keys over 1024 characters; escapes count. */
const LONGEST_KEY = 1000

/** An entry as lines of the chart's list, without their line breaks. */
export function entryLines(
  entry: JsonObject,
  style: IndexStyle,
): readonly string[] {
  const lists = style.dash - style.chart
  const [first = '', ...rest] = mapLines(entry, { column: style.key, lists })
  const dash = `${' '.repeat(style.dash)}-`.padEnd(style.key)
  return [dash + first.slice(style.key), ...rest]
}

/** A chart and its only entry, as lines of `entries:`. */
export function chartLines(
  name: string,
  entry: JsonObject,
  style: IndexStyle,
): readonly string[] {
  const key = `${' '.repeat(style.chart)}${keyInLine(name)}:`
  return [key, ...entryLines(entry, style)]
}

/** A value on one line in flow style, strings quoted by `quote`. */
export function flowText(
  value: Json,
  quote: (text: string) => string = doubleQuoted,
): string {
  if (typeof value === 'string') return quote(value)
  if (value === null || typeof value !== 'object') return String(value)
  if (isList(value))
    return `[${value.map((item) => flowText(item, quote)).join(', ')}]`
  const pairs = sortedEntries(value).map(
    ([key, item]) => `${quote(key)}: ${flowText(item, quote)}`,
  )
  return `{${pairs.join(', ')}}`
}

interface Place {
  readonly column: number
  /** How far a list stands to the right of its key. */
  readonly lists: number
}

function mapLines(map: JsonObject, place: Place): string[] {
  const pad = ' '.repeat(place.column)
  const lines: string[] = []
  for (const [key, value] of sortedEntries(map)) {
    const written = keyInLine(key)
    const [head = '', ...rest] = valueLines(value, place)
    if (written.length > LONGEST_KEY)
      lines.push(`${pad}? ${written}`, `${pad}:${head}`, ...rest)
    else lines.push(`${pad}${written}:${head}`, ...rest)
  }
  return lines
}

function listLines(list: readonly Json[], place: Place): string[] {
  const pad = ' '.repeat(place.column)
  const inner = { ...place, column: place.column + 2 }
  return list.flatMap((item) => {
    if (isScalar(item)) {
      const [head = '', ...rest] = valueLines(item, place)
      return [`${pad}-${head}`, ...rest]
    }
    const [first = '', ...rest] = isList(item)
      ? listLines(item, inner)
      : mapLines(item, inner)
    return [`${pad}- ${first.slice(inner.column)}`, ...rest]
  })
}

/** What follows `key:` on its line, then the lines below it. */
function valueLines(value: Json, place: Place): string[] {
  if (typeof value === 'string') {
    const [head, ...rest] = scalarLines(value)
    const pad = ' '.repeat(place.column + 2)
    return [` ${head}`, ...rest.map((line) => (line === '' ? '' : pad + line))]
  }
  if (isScalar(value)) return [` ${flowText(value)}`]
  const { column, lists } = place
  return isList(value)
    ? ['', ...listLines(value, { column: column + lists, lists })]
    : ['', ...mapLines(value, { column: column + 2, lists })]
}

/** Is this written on the line of its key? */
function isScalar(
  value: Json,
): value is string | number | boolean | null | readonly [] {
  if (value === null || typeof value !== 'object') return true
  return Object.keys(value).length === 0
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function sortedEntries(map: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(map).sort(([a], [b]) => compareKeys(a, b))
}

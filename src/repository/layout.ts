import { eachLine, type Line } from './lines.ts'
import { invalidIndex } from './invalid.ts'
import { readWord } from './word.ts'
import { isPlainString } from './scalar.ts'

/** Lines of the text, as offsets: from the first to behind the last. */
export interface Span {
  readonly start: number
  readonly end: number
  /** Number of the first line, counted from 1. */
  readonly line: number
}

export interface EntryLines extends Span {
  /** As Helm reads it; empty where there is none. */
  readonly version: string
}

export interface ChartBlock extends Span {
  readonly name: string
  /** Behind the line with the name. */
  readonly body: number
  /** Columns of its dashes and of its entries' keys; `null` without entries. */
  readonly columns: { readonly dash: number; readonly key: number } | null
  readonly entries: readonly EntryLines[]
}

/** An index in the block form that Helm writes, cut into its lines. */
export interface IndexLayout {
  /** The top-level keys, in their order. */
  readonly keys: ReadonlyMap<string, Span>
  /** The line `entries:`; `null` where there is none. */
  readonly entries: (Span & { readonly value: '' | '{}' }) | null
  /** Column of the charts' names; `null` where there are no charts. */
  readonly chartColumn: number | null
  readonly charts: readonly ChartBlock[]
}

/**
 * What Helm itself could still load. More, each of a few bytes, would not fit
 * into the memory of a runner.
 */
const MOST_CHARTS = 200_000
const MOST_ENTRIES = 1_000_000
/** Helm knows six. */
const MOST_KEYS = 100

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type OpenChart = Mutable<Omit<ChartBlock, 'entries'>> & {
  readonly entries: OpenEntry[]
}
type OpenEntry = Mutable<EntryLines> & { versionRead: boolean }

interface State {
  readonly keys: Map<string, Mutable<Span>>
  readonly charts: OpenChart[]
  readonly names: Set<string>
  entries: Mutable<NonNullable<IndexLayout['entries']>> | null
  chartColumn: number | null
  /** The top-level key that the lines belong to. */
  key: string
  /** Of all entries. */
  count: number
  /** Was the last key a `version:` that may go on in the next line? */
  inVersion: boolean
}

/**
 * Cuts an index into lines. `null` when it is written in any form but the one
 * that Helm writes, or near to it (comments, quoted names, indented lists,
 * CRLF): then a YAML parser has to say what it means.
 *
 * Throws `INDEX_INVALID` for a name or key that stands there twice.
 */
export function readLayout(text: string): IndexLayout | null {
  const state: State = {
    keys: new Map(),
    charts: [],
    names: new Set(),
    entries: null,
    chartColumn: null,
    key: '',
    count: 0,
    inVersion: false,
  }
  return eachLine(text, (line) => visitLine(state, line)) ? state : null
}

function visitLine(state: State, line: Line): boolean {
  const inEntries = state.key === 'entries'
  if (line.kind === 'more') return extendsScalar(state, line)
  if (line.kind === 'comment') {
    // A comment to the right of the dashes belongs to the entry above it.
    const chart = state.charts.at(-1)
    const dash = chart?.columns?.dash
    if (inEntries && dash !== undefined && line.column > dash)
      extend(state, line.next)
    return true
  }
  state.inVersion = false
  if (line.column === 0) return visitKey(state, line)
  if (state.key === '') return false
  if (inEntries) return visitEntriesLine(state, line)
  extend(state, line.next)
  return true
}

function extendsScalar(state: State, line: Line): boolean {
  // A version over several lines is no version that anybody writes.
  if (state.inVersion) return false
  extend(state, line.next)
  return true
}

function extend(state: State, end: number): void {
  const key = state.keys.get(state.key)
  if (key !== undefined) key.end = end
  if (state.key !== 'entries') return
  const chart = state.charts.at(-1)
  if (chart === undefined) return
  chart.end = end
  const entry = chart.entries.at(-1)
  if (entry !== undefined) entry.end = end
}

function visitKey(state: State, line: Line): boolean {
  const { key, start, next, number } = line
  if (line.dashes > 0) {
    extend(state, next)
    return state.key !== 'entries' && state.key !== ''
  }
  if (key === null) return false
  if (state.keys.has(key))
    throw invalidIndex(`has the key \`${key}\` twice`, number)
  if (state.keys.size >= MOST_KEYS) return false
  const span = { start, end: next, line: number }
  state.keys.set(key, span)
  state.key = key
  // Helm wants a word there: a parser has to say whether this is one.
  if (key === 'apiVersion') return (readWord(line.value) ?? '') !== ''
  if (key !== 'entries') return true
  const value = line.value.replaceAll(' ', '')
  if (value !== '' && value !== '{}') return false
  state.entries = { ...span, value }
  return true
}

function visitEntriesLine(state: State, line: Line): boolean {
  if (state.entries?.value !== '') return false
  state.chartColumn ??= line.column
  if (line.column < state.chartColumn) return false
  if (line.column === state.chartColumn && line.dashes === 0)
    return visitChart(state, line)
  const chart = state.charts.at(-1)
  if (chart === undefined) return false
  if (chart.columns === null) {
    if (line.dashes === 0) return false
    chart.columns = { dash: line.column, key: line.keyColumn }
  }
  const { dash, key } = chart.columns
  if (line.column === dash)
    return visitEntry(state, chart, line) && visitPair(state, line)
  if (line.column < key) return false
  extend(state, line.next)
  return line.column > key || line.dashes > 0 || visitPair(state, line)
}

function visitChart(state: State, line: Line): boolean {
  const { key: name, start, next, number } = line
  if (name === null || line.value !== '') return false
  // Unquoted, `on` would be a boolean and `1.0` a number.
  if (!line.quoted && !isPlainString(name)) return false
  if (state.names.has(name))
    throw invalidIndex(`lists the chart \`${name}\` twice`, number)
  if (state.names.size >= MOST_CHARTS)
    throw invalidIndex(`lists more than ${MOST_CHARTS} charts`, number)
  state.names.add(name)
  extendKey(state, next)
  state.charts.push({
    name,
    start,
    end: next,
    line: number,
    body: next,
    columns: null,
    entries: [],
  })
  return true
}

function extendKey(state: State, end: number): void {
  const key = state.keys.get(state.key)
  if (key !== undefined) key.end = end
}

function visitEntry(state: State, chart: OpenChart, line: Line): boolean {
  const { start, next, number } = line
  state.count += 1
  if (state.count > MOST_ENTRIES)
    throw invalidIndex(`lists more than ${MOST_ENTRIES} versions`, number)
  if (line.dashes !== 1 || line.keyColumn !== chart.columns?.key) return false
  chart.entries.push({
    start,
    end: next,
    line: number,
    version: '',
    versionRead: false,
  })
  return true
}

/** A key of an entry. */
function visitPair(state: State, line: Line): boolean {
  extend(state, line.next)
  if (line.key === null) return false
  if (line.key !== 'version') return true
  const entry = state.charts.at(-1)?.entries.at(-1)
  const version = readWord(line.value)
  if (entry === undefined || version === null) return false
  if (entry.versionRead)
    throw invalidIndex('has an entry with two versions', line.number)
  entry.version = version
  entry.versionRead = true
  state.inVersion = true
  return true
}

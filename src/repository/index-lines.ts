import { isDeepStrictEqual } from 'node:util'
import { parseDocument } from 'yaml'
import { type CatalogChart, toCatalogVersion, toObject } from './catalog.ts'
import { chartLines, entryLines, helmStyle, type IndexStyle } from './emit.ts'
import { createScan } from './entry-scan.ts'
import type { IndexForm, Insertion } from './form.ts'
import { checkIndexKeys } from './index-keys.ts'
import { invalidIndex } from './invalid.ts'
import {
  readLayout,
  type ChartBlock,
  type EntryLines,
  type IndexLayout,
  type Span,
} from './layout.ts'
import { entriesOfVersion, toIndexEntry, type IndexEntry } from './listed.ts'
import { findRepeatedKey } from './nodes.ts'
import { placeOfKey, placeOfVersion } from './places.ts'
import { isTooHeavy } from './weight.ts'

/**
 * An index as its lines. `null` for a text that is not in the block form that
 * `readLayout` knows.
 */
export function readIndexLines(text: string): IndexForm | null {
  const layout = readLayout(text)
  if (layout === null) return null
  checkIndexKeys(
    new Map(Array.from(layout.keys, ([key, { line }]) => [key, line])),
  )
  return {
    read: (name, version) => {
      const all = chartOf(layout, name)?.entries ?? []
      const entries =
        version === undefined ? all : entriesOfVersion(all, version)
      return entries.map((entry) => readEntry(text, entry))
    },
    versions: () => contentsOf(layout),
    catalog: () => layout.charts.map((chart) => toCatalog(text, chart)),
    insert: (insertion) => {
      const edited = edit(text, layout, insertion)
      check({ text, layout, edited, insertion })
      return edited
    },
  }
}

function edit(text: string, layout: IndexLayout, added: Insertion): string {
  const chart = chartOf(layout, added.name)
  const style = styleOf(layout, chart)
  if (chart !== undefined) {
    const at = placeOf(chart, added)
    const before = at === 0 ? chart.body : chart.entries[at - 1]?.end
    return splice(text, before ?? chart.end, entryLines(added.entry, style))
  }
  const lines = chartLines(added.name, added.entry, style)
  const { entries, charts, keys } = layout
  if (entries === null)
    return splice(text, newKeyAt(keys), ['entries:', ...lines])
  const names = charts.map(({ name }) => name)
  const at = placeOfKey(names, added.name)
  if (at > 0) return splice(text, charts[at - 1]?.end ?? text.length, lines)
  // The line `entries: {}` is opened.
  const line = text.slice(entries.start, entries.end)
  const opened = line.replace(/(:) *\{ *\}/, '$1')
  const changed =
    text.slice(0, entries.start) + opened + text.slice(entries.end)
  return splice(changed, entries.start + opened.length, lines)
}

function chartOf(layout: IndexLayout, name: string): ChartBlock | undefined {
  return layout.charts.find((chart) => chart.name === name)
}

function placeOf(chart: ChartBlock, added: Insertion): number {
  const versions = chart.entries.map(({ version }) => version)
  return placeOfVersion(versions, added.version)
}

/** As the chart's own entries are indented, or else those of another chart. */
function styleOf(
  layout: IndexLayout,
  chart: ChartBlock | undefined,
): IndexStyle {
  const columns =
    chart?.columns ??
    layout.charts.find((other) => other.columns !== null)?.columns
  const column = layout.chartColumn
  if (column === null) return helmStyle
  return columns == null
    ? { chart: column, dash: column, key: column + 2 }
    : { chart: column, ...columns }
}

/** Where `entries:` goes in an index that has none. */
function newKeyAt(keys: ReadonlyMap<string, Span>): number {
  const spans = Array.from(keys.values())
  const at = placeOfKey(Array.from(keys.keys()), 'entries')
  return (at === 0 ? spans[0]?.start : spans[at - 1]?.end) ?? 0
}

/** Lines between lines, with the line breaks of the file. */
function splice(text: string, at: number, lines: readonly string[]): string {
  const lineFeed = text.indexOf('\n')
  const eol = text[lineFeed - 1] === '\r' ? '\r\n' : '\n'
  const block = lines.join(eol)
  // The last line of the file may lack its line break, and stays without.
  const isOpen = at > 0 && !/[\n\uFEFF]/.test(text[at - 1] ?? '')
  const inserted = isOpen ? eol + block : block + eol
  return text.slice(0, at) + inserted + text.slice(at)
}

function readEntry(text: string, entry: EntryLines): IndexEntry {
  const list = parseList(text.slice(entry.start, entry.end))
  if (list?.length !== 1)
    throw invalidIndex(
      'has an entry that is no valid YAML, or too large for one',
      entry.line,
    )
  const { digest, urls } = toIndexEntry(list[0], entry.line)
  return { version: entry.version, digest, urls, line: entry.line }
}

function toCatalog(text: string, chart: ChartBlock): CatalogChart {
  const { name, entries, columns } = chart
  const scan = columns === null ? null : createScan(columns)
  const parsed = (entry: EntryLines | undefined): unknown =>
    entry === undefined ? null : parseList(linesOf(text, entry))?.[0]
  return {
    name,
    versions: entries.map((entry) => {
      const scanned = scan?.(linesOf(text, entry)) ?? null
      return {
        ...toCatalogVersion(scanned ?? parsed(entry)),
        version: entry.version,
      }
    }),
    entry: (at) => toObject(parsed(entries[at])),
  }
}

function linesOf(text: string, { start, end }: EntryLines): string {
  return text.slice(start, end)
}

/** `null` when these lines are not a list of entries by themselves. */
function parseList(lines: string): readonly unknown[] | null {
  if (isTooHeavy(lines)) return null
  try {
    const document = parseDocument(lines, {
      version: '1.1',
      uniqueKeys: false,
      logLevel: 'silent',
    })
    if (document.errors.length > 0) return null
    if (findRepeatedKey(document) !== undefined) return null
    const list: unknown = document.toJS()
    return Array.isArray(list) ? list : null
  } catch {
    return null
  }
}

/**
 * The scan knows few forms, but it is ours. So the result is read again: all
 * charts and entries must be there as before, the new one in its place, and
 * the entries around it must read as before.
 */
function check(done: {
  readonly text: string
  readonly layout: IndexLayout
  readonly edited: string
  readonly insertion: Insertion
}): void {
  const { text, layout, edited, insertion } = done
  const after = readLayout(edited)
  const chart = chartOf(layout, insertion.name)
  const newChart = after === null ? undefined : chartOf(after, insertion.name)
  const at = chart === undefined ? 0 : placeOf(chart, insertion)
  const expected = contentsOf(layout)
  const list = expected.get(insertion.name) ?? []
  expected.set(insertion.name, list.toSpliced(at, 0, insertion.version))
  const around = (block: ChartBlock | undefined, from: number, to: number) =>
    block?.entries.slice(Math.max(from, 0), to) ?? []
  const before = textOf(text, around(chart, at - 1, at + 1))
  const now = parseList(textOf(edited, around(newChart, at - 1, at + 2)))
  const neighbours = before === '' ? [] : parseList(before)
  const wanted = neighbours?.toSpliced(Math.min(at, 1), 0, insertion.entry)
  if (
    after === null ||
    !isDeepStrictEqual(contentsOf(after), expected) ||
    // Neighbours that are broken, or beyond this parser, are not our doing.
    (wanted !== undefined && !isDeepStrictEqual(now, wanted))
  )
    throw invalidIndex(
      `has a form in which ${insertion.name} ${insertion.version} cannot be inserted safely`,
      chart?.line,
    )
}

/** Charts and their versions; order counts only within a chart. */
function contentsOf(layout: IndexLayout): Map<string, readonly string[]> {
  return new Map(
    layout.charts.map((chart) => [
      chart.name,
      chart.entries.map(({ version }) => version),
    ]),
  )
}

function textOf(text: string, entries: readonly EntryLines[]): string {
  const [first, last] = [entries[0], entries.at(-1)]
  return first === undefined || last === undefined
    ? ''
    : text.slice(first.start, last.end)
}

import { isNode, isPair, type CST, type YAMLSeq } from 'yaml'
import { invalidIndex } from './invalid.ts'
import type { ParsedMap, ParsedPair } from './nodes.ts'

/** Replace what stands from `start` to `end` by `text`. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** An item of a list, or a pair of a map, in both styles. */
export interface Written {
  readonly flow: string
  /** As lines that begin in `column`; the keys of a list's items in `key`. */
  readonly block: (column: number, key: number) => readonly string[]
}

type Collection = ParsedMap | YAMLSeq.Parsed
type SourceItem = CST.CollectionItem

/** Text that is no part of an item, though the parser keeps it there. */
const trivia: ReadonlySet<string> = new Set([
  'space',
  'comment',
  'newline',
  'comma',
])

/** Adds the `at`-th item of a list or map, in the style that it has. */
export function addItem(
  text: string,
  collection: Collection,
  added: Written & { readonly at: number },
): TextEdit {
  const source = collection.srcToken
  if (source === undefined || !('items' in source)) throw unclear()
  const items = source.items as readonly SourceItem[]
  return source.type === 'flow-collection'
    ? addToFlow(collection, items, added)
    : addToBlock(text, collection, { ...added, items })
}

/** Gives a key without a value, or with a null, this value in flow style. */
export function replaceNull(
  text: string,
  pair: ParsedPair,
  value: string,
): TextEdit {
  const range = pair.value?.range
  if (range != null && /\S/.test(text.slice(range[0], range[1])))
    return { start: range[0], end: range[1], text: value }
  const source = pair.srcToken
  const colon = source?.sep?.find(({ type }) => type === 'map-value-ind')
  if (colon === undefined) throw unclear()
  return insertion(colon.offset + 1, ` ${value}`)
}

function addToFlow(
  collection: Collection,
  items: readonly SourceItem[],
  { at, flow }: { readonly at: number; readonly flow: string },
): TextEdit {
  if (at < collection.items.length)
    return insertion(startOf(items[at]), `${flow}, `)
  if (at > 0) return insertion(endOf(collection, at - 1), `, ${flow}`)
  return insertion((collection.range?.[0] ?? 0) + 1, flow)
}

function addToBlock(
  text: string,
  collection: Collection,
  added: Written & {
    readonly at: number
    readonly items: readonly SourceItem[]
  },
): TextEdit {
  const { at, items } = added
  const first = startOf(items[0])
  const lineStart = text.lastIndexOf('\n', first - 1) + 1
  const indent = text.slice(lineStart, first).replace('\uFEFF', '')
  // An item that begins in the middle of a line: `- - a`.
  if (/[^ ]/.test(indent)) throw unclear()
  const key = items[0]?.value?.offset ?? first
  const isBeside = text.slice(first, key).trim() === '-'
  const column = indent.length
  const lines = added.block(
    column,
    isBeside ? column + key - first : column + 2,
  )
  const eol = /\r\n/.test(text) ? '\r\n' : '\n'
  const block = lines.join(eol)
  if (at < collection.items.length) {
    const bound = at === 0 ? 0 : endOf(collection, at - 1)
    const start = aboveComments(text, startOf(items[at]) - column, bound)
    return insertion(start, block + eol)
  }
  const last = Math.max(endOf(collection, at - 1) - 1, 0)
  const lineEnd = text.indexOf('\n', last)
  return lineEnd === -1
    ? insertion(text.length, eol + block)
    : insertion(lineEnd + 1, block + eol)
}

/** Comments above an item stay with it. */
function aboveComments(text: string, from: number, bound: number): number {
  let start = from
  for (;;) {
    const above = text.lastIndexOf('\n', start - 2) + 1
    const line = text.slice(above, start)
    if (above < bound || above >= start || !/^[ \t]*#/.test(line)) return start
    start = above
  }
}

/** Where the item begins: its dash, its anchor, its key or itself. */
function startOf(item: SourceItem | undefined): number {
  const own = item?.start.find(({ type }) => !trivia.has(type))
  const start = own?.offset ?? item?.key?.offset ?? item?.value?.offset
  if (start === undefined) throw unclear()
  return start
}

/** Where the value of an item ends. */
function endOf(collection: Collection, at: number): number {
  const item: unknown = collection.items[at]
  const nodes = isPair(item) ? [item.value, item.key] : [item]
  for (const node of nodes)
    if (isNode(node) && node.range != null) return node.range[1]
  throw unclear()
}

function insertion(at: number, text: string): TextEdit {
  return { start: at, end: at, text }
}

function unclear(): Error {
  return invalidIndex('is written in a form that cannot be edited')
}

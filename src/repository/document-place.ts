import { isMap, isSeq } from 'yaml'
import type { Json } from '../model.ts'
import {
  addItem,
  replaceNull,
  type TextEdit,
  type Written,
} from './document-edit.ts'
import { chartLines, entryLines, flowText } from './emit.ts'
import type { Insertion } from './form.ts'
import { invalidIndex } from './invalid.ts'
import { isEmptyNode, keyText, pairOf, type ParsedMap } from './nodes.ts'
import { placeOfKey } from './places.ts'
import { doubleQuoted } from './scalar.ts'

/**
 * Where and how an entry is written into a parsed index, as the `at`-th of its
 * chart. `INDEX_INVALID` where the chart is an alias of another part.
 */
export function locateInsertion(wanted: {
  readonly text: string
  readonly root: ParsedMap
  readonly insertion: Insertion
  readonly at: number
}): TextEdit {
  const { text, root, at } = wanted
  const { name, entry } = wanted.insertion
  const quote = quoteFor(text)
  const flow = (value: Json) => flowText(value, quote)
  const chart: Written = {
    flow: `${quote(name)}: ${flow([entry])}`,
    block: (column) => chartLines(name, entry, columnsFrom(column)),
  }
  const entries = pairOf(root, 'entries')
  if (entries === undefined)
    return intoMap(text, root, {
      key: 'entries',
      flow: `${quote('entries')}: ${flow({ [name]: [entry] })}`,
      block: (column) => [
        `${' '.repeat(column)}entries:`,
        ...chart.block(column + 2, 0),
      ],
    })
  if (isEmptyNode(entries.value))
    return replaceNull(text, entries, flow({ [name]: [entry] }))
  if (!isMap(entries.value)) throw shared('entries')
  const charts = entries.value
  const listed = pairOf(charts, name)
  if (listed === undefined)
    return intoMap(text, charts, { key: name, ...chart })
  if (isEmptyNode(listed.value)) return replaceNull(text, listed, flow([entry]))
  if (!isSeq(listed.value)) throw shared(name)
  return addItem(text, listed.value, {
    at,
    flow: flow(entry),
    block: (dash, key) => entryLines(entry, { chart: dash, dash, key }),
  })
}

/** A file in JSON stays JSON; its escapes are not quite those of YAML. */
function quoteFor(text: string): (word: string) => string {
  try {
    JSON.parse(text)
    return JSON.stringify
  } catch {
    return doubleQuoted
  }
}

function columnsFrom(column: number) {
  return { chart: column, dash: column, key: column + 2 }
}

function intoMap(
  text: string,
  map: ParsedMap,
  written: Written & { readonly key: string },
): TextEdit {
  const keys = map.items.map(({ key }) => keyText(key) ?? '')
  return addItem(text, map, { at: placeOfKey(keys, written.key), ...written })
}

function shared(key: string): Error {
  return invalidIndex(
    `has an alias in the place of \`${key}\`, so nothing can be inserted there`,
  )
}

import { isDeepStrictEqual } from 'node:util'
import {
  isAlias,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type ParsedNode,
} from 'yaml'
import { messageOf } from '../errors.ts'
import type { Json } from '../model.ts'
import { toCatalogVersion, toObject } from './catalog.ts'
import { locateInsertion } from './document-place.ts'
import type { IndexForm, Insertion } from './form.ts'
import { checkIndexKeys } from './index-keys.ts'
import { invalidIndex } from './invalid.ts'
import { entriesOfVersion, toIndexEntry, type IndexEntry } from './listed.ts'
import { findRepeatedKey, keyText, pairOf, type ParsedMap } from './nodes.ts'
import { placeOfVersion } from './places.ts'
import { isTooHeavy } from './weight.ts'

/** How often an alias may be followed: enough for people, not for bombs. */
const maxAliasCount = 100

interface Parsed {
  readonly text: string
  readonly lines: LineCounter
  readonly root: ParsedMap
  readonly document: Document.Parsed
  /** All documents of the file; Helm reads the first. */
  readonly values: readonly unknown[]
  readonly charts: Readonly<Record<string, unknown>>
}

/**
 * An index in any form that YAML has: flow style, JSON, anchors, several
 * documents. It is parsed for its meaning and for the places of its parts; what
 * is inserted is still only text between the rest.
 */
export function readIndexDocument(text: string): IndexForm {
  const parsed = parseIndex(text)
  return {
    read: (name, version) => {
      const entries = readEntries(parsed, name)
      return version === undefined
        ? entries
        : entriesOfVersion(entries, version)
    },
    versions: () =>
      new Map(
        Object.keys(parsed.charts).map((name) => [
          name,
          listOf(parsed, name).map((entry) => toIndexEntry(entry, 1).version),
        ]),
      ),
    catalog: () =>
      Object.keys(parsed.charts).map((name) => {
        const list = listOf(parsed, name)
        return {
          name,
          versions: list.map(toCatalogVersion),
          entry: (at) => toObject(list[at]),
        }
      }),
    insert: (insertion) => insert(parsed, insertion),
  }
}

function parseIndex(text: string): Parsed {
  if (isTooHeavy(text))
    throw invalidIndex(
      'is too large for a file that is not in the form that `helm repo index` writes',
    )
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    version: '1.1',
    keepSourceTokens: true,
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: 'silent',
    prettyErrors: false,
  }) as readonly Document.Parsed[]
  const document = documents[0]
  for (const { errors } of documents)
    for (const error of errors)
      throw invalidIndex(
        `is no valid YAML: ${error.message}`,
        lines.linePos(error.pos[0]).line,
        error,
      )
  for (const one of documents) {
    const twice = findRepeatedKey(one)
    if (twice !== undefined)
      throw invalidIndex(
        `has the key \`${twice.key}\` twice`,
        lines.linePos(twice.offset).line,
      )
  }
  const root: ParsedNode | null | undefined = document?.contents
  if (document === undefined || !isMap(root))
    throw invalidIndex('is no index of a Helm repository: it is not a map', 1)
  const keys = root.items.map(
    ({ key }) =>
      [keyText(key) ?? '', lines.linePos(key.range[0]).line] as const,
  )
  checkIndexKeys(new Map(keys))
  const values = documents.map(valueOf)
  const { apiVersion, entries } = values[0] as Record<string, unknown>
  if (apiVersion === null || apiVersion === '')
    throw invalidIndex('has an empty `apiVersion`, write `apiVersion: v1`')
  if (entries !== null && entries !== undefined && !isRecord(entries))
    throw invalidIndex('has `entries` that are not a map of charts')
  return { text, lines, root, document, values, charts: entries ?? {} }
}

function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount })
  } catch (cause) {
    throw invalidIndex(`cannot be read: ${messageOf(cause)}`, undefined, cause)
  }
}

function readEntries(parsed: Parsed, name: string): readonly IndexEntry[] {
  const nodes = nodesOf(parsed, name)
  return listOf(parsed, name).map((entry, at) => {
    const node = nodes[at]
    const offset = isNode(node) ? node.range?.[0] : undefined
    return toIndexEntry(entry, parsed.lines.linePos(offset ?? 0).line)
  })
}

function listOf(parsed: Parsed, name: string): readonly unknown[] {
  const list = Object.hasOwn(parsed.charts, name) ? parsed.charts[name] : null
  if (list === null || list === undefined) return []
  if (!Array.isArray(list))
    throw invalidIndex(`lists no versions of \`${name}\`, but something else`)
  return list
}

/** The nodes of a chart's entries, to tell their lines. */
function nodesOf({ root, document }: Parsed, name: string): readonly unknown[] {
  const follow = (node: unknown) =>
    isAlias(node) ? node.resolve(document) : node
  const charts = follow(pairOf(root, 'entries')?.value)
  const list = isMap(charts) ? follow(pairOf(charts, name)?.value) : null
  return isSeq(list) ? list.items : []
}

function insert(parsed: Parsed, insertion: Insertion): string {
  const { name, version, entry } = insertion
  const list = listOf(parsed, name)
  const versions = list.map((other) => toIndexEntry(other, 1).version)
  const at = placeOfVersion(versions, version)
  const { text, root } = parsed
  const edit = locateInsertion({ text, root, insertion, at })
  const edited = text.slice(0, edit.start) + edit.text + text.slice(edit.end)
  const [first, ...others] = parsed.values as [Record<string, Json>]
  const charts = { ...parsed.charts, [name]: list.toSpliced(at, 0, entry) }
  const expected = [{ ...first, entries: charts }, ...others]
  if (!isDeepStrictEqual(parseIndex(edited).values, expected))
    throw invalidIndex(
      `shares parts between charts (anchors, aliases, merge keys), so ${name} ${version} cannot be inserted without changing others`,
    )
  return edited
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { parse } from 'yaml'
import type { JsonObject } from '../model.ts'
import type { IndexEntry } from './listed.ts'
import type { NewEntry } from './entry.ts'

/**
 * An entry that an index in block form lists, as one that can be inserted into
 * another index; `null`: it is in another form, or has no digest. Only its own
 * lines are parsed: an index may be large.
 */
export function liftEntry(text: string, entry: IndexEntry): NewEntry | null {
  const { digest, urls, line } = entry
  const [first = '', ...rest] = text.split(/\r\n|\n/).slice(line - 1)
  if (!/^ *- /.test(first) || digest === null) return null
  const indent = indentOf(first)
  const end = rest.findIndex(
    (one) => one.trim() !== '' && indentOf(one) <= indent,
  )
  const lines = [first, ...(end === -1 ? rest : rest.slice(0, end))]
  const [found] = tryParse(lines.join('\n'))
  if (found?.['version'] !== entry.version) return null
  const { created, digest: _digest, urls: _urls, ...metadata } = found
  return typeof created === 'string'
    ? { metadata, created, digest, urls }
    : null
}

function tryParse(text: string): readonly (JsonObject | undefined)[] {
  try {
    const value: unknown = parse(text, { maxAliasCount: 0, logLevel: 'silent' })
    return Array.isArray(value) ? (value as JsonObject[]) : []
  } catch {
    return []
  }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

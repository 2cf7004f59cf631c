import { readWord } from './word.ts'

/** Keys whose values a list of versions shows. */
type Field = 'version' | 'appVersion' | 'kubeVersion' | 'created' | 'digest'

export type Scanned = Partial<Record<Field, string>>

/**
 * Reads these keys from the lines of an entry, without a parser: that would take
 * minutes of an index that has thousands of entries. `dash` and `key` are the
 * columns of its dash and of its keys. `null` where a value is written in a way
 * that only a parser understands.
 *
 * Only for lines that `readLayout` has understood: there, nothing but a key of
 * the entry itself begins in the column of its keys.
 */
export function createScan(columns: {
  readonly dash: number
  readonly key: number
}): (lines: string) => Scanned | null {
  const { dash, key } = columns
  const gap = key - dash - 1
  const field = new RegExp(
    `^(?: {${key}}| {${dash}}- {${gap}})(version|appVersion|kubeVersion|created|digest):(?: +([^\\r\\n]*))?\\r?(?:\\n|(?![^]))(?! {${key + 1}})`,
    'gm',
  )
  // The same, without a look at the next line: how many there should be.
  const named = new RegExp(
    `^(?: {${key}}| {${dash}}- {${gap}})["']?(?:version|appVersion|kubeVersion|created|digest)["']?:`,
    'gm',
  )
  return (lines) => {
    const found: Scanned = {}
    let count = 0
    for (const [, name, value = ''] of lines.matchAll(field)) {
      const word = readValue(value.trimEnd())
      if (word === null) return null
      found[name as Field] = word
      count += 1
    }
    return count === (lines.match(named)?.length ?? 0) ? found : null
  }
}

/** A value on its line; `null` for a parser. */
function readValue(value: string): string | null {
  if (value === '') return ''
  // What a parser would read as it stands: most are of these forms.
  if (/^(?:v?[0-9]+\.[0-9]+\.[0-9]+[\w.+-]*|[0-9a-f]{64})$/.test(value))
    return value
  const quoted = /^"([^"\\]*)"$|^'([^']*)'$/.exec(value)
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? ''
  return readWord(value)
}

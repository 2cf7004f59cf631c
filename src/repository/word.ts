import { parse } from 'yaml'

/**
 * A value on one line, as Helm reads it where it wants a string: quotes and
 * escapes undone, a number as Go writes it (`1.10` is `1.1`). `null` where it is
 * something else, or not to be told from this line alone.
 */
export function readWord(value: string): string | null {
  if (/^[0-9]+\.[0-9]+\.[0-9A-Za-z.+-]+$/.test(value)) return value
  if (value === '' || /^[|>[{]/.test(value)) return null
  let read: unknown
  try {
    read = parse(value, { version: '1.1', logLevel: 'silent' })
  } catch {
    return null
  }
  return typeof read === 'string' || typeof read === 'number'
    ? String(read)
    : null
}

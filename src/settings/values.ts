import { ReleaseError } from '../errors.ts'
import { isLoopback } from '../loopback.ts'

/** One input: its name, for errors, and its value as the user wrote it. */
export interface Setting {
  readonly name: string
  readonly value: string
}

/** An `INPUT_INVALID` that names the input. */
export function invalid(name: string, message: string): ReleaseError {
  return new ReleaseError('INPUT_INVALID', `${name}: ${message}`)
}

/** The spellings of `core.getBooleanInput` (YAML 1.2), as `true` or `false`. */
const booleans = new Map([
  ['true', 'true'],
  ['True', 'true'],
  ['TRUE', 'true'],
  ['false', 'false'],
  ['False', 'false'],
  ['FALSE', 'false'],
])

/** One of these words; `true` and `false` in each spelling of a boolean. */
export function parseChoice<Choice extends string>(
  { name, value }: Setting,
  choices: readonly Choice[],
): Choice {
  const word = booleans.get(value) ?? value
  const found = choices.find((choice) => choice === word)
  if (found !== undefined) return found
  throw invalid(
    name,
    `${quote(value)} is none of its values. Write ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}.`,
  )
}

/** The spellings of `core.getBooleanInput`. */
export function parseBoolean(setting: Setting): boolean {
  return parseChoice(setting, ['true', 'false']) === 'true'
}

/** A whole number of seconds, an hour at most. */
export function parseSeconds({ name, value }: Setting): number {
  const seconds = /^\d{1,5}$/.test(value) ? Number(value) : Infinity
  if (seconds <= 3600) return seconds
  throw invalid(
    name,
    `${quote(value)} is no number of seconds from 0 to 3600. Write digits only, like 300.`,
  )
}

/**
 * The items of a list, one a line, trimmed. Blank lines and lines that start
 * with `#` do not count; an item that starts with `#` is no use anywhere.
 */
export function parseLines(value: string): readonly string[] {
  return value
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** A value that must be one line of text. */
export function parseLine({ name, value }: Setting): string {
  // oxlint-disable-next-line no-control-regex -- that is what is refused
  if (/[\u0000-\u001f\u007f\u2028\u2029]/.test(value))
    throw invalid(
      name,
      'the value has line breaks or control characters. Write one line.',
    )
  return value
}

/**
 * A path (or glob) relative to the workspace, `/` between its parts and none at
 * its end; `.` for the workspace itself. Links are looked at where it is opened.
 */
export function parsePath(setting: Setting): string {
  const { name } = setting
  const value = parseLine(setting)
  if (/^[/~]|^[a-z]:/i.test(value) || value.includes('\\'))
    throw invalid(
      name,
      `${quote(value)} is no path relative to the workspace, with "/" between its parts.`,
    )
  const parts = value.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..'))
    throw invalid(
      name,
      `${quote(value)} leads out of the workspace. Write a path without "..".`,
    )
  if (parts.includes('.git'))
    throw invalid(name, `${quote(value)} lies in .git, which is never read.`)
  return parts.length === 0 ? '.' : parts.join('/')
}

/** An address without credentials, query and fragment, and no `/` at its end. */
export function parseUrl({ name, value }: Setting): string {
  const url = URL.canParse(value) ? new URL(value) : null
  if (url !== null && (url.username !== '' || url.password !== ''))
    // Not quoted: what stands in it may be a secret.
    throw invalid(name, 'the address holds credentials. Write it without them.')
  if (
    url === null ||
    !['https:', 'http:'].includes(url.protocol) ||
    url.search !== '' ||
    url.hash !== ''
  )
    throw invalid(
      name,
      `${quote(value)} is no address like https://example.com/path, without "?" and "#".`,
    )
  return url.href.replace(/\/+$/, '')
}

/** The same, over TLS; plain HTTP on loopback only. */
export function parseSecureUrl(setting: Setting): string {
  const url = parseUrl(setting)
  if (url.startsWith('https:') || isLoopback(new URL(url).host)) return url
  throw invalid(
    setting.name,
    `${quote(setting.value)} is not encrypted. Write an address that starts with https://.`,
  )
}

/** A value as an error shows it: in quotes, on one line, not too long. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value)
}

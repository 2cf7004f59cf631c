/**
 * Strings as YAML scalars that a YAML 1.1 parser, which Helm has, and a YAML
 * 1.2 parser both read back as these strings. The choice between plain, quoted
 * and literal is that of go-yaml v2, so that an entry looks as Helm's own.
 */

/** A scalar's text after its indicator; more than one line for a literal. */
export type ScalarLines = readonly [string, ...string[]]

/** Words and numbers that one of the two parsers takes for another type. */
const otherTypes = [
  /^(?:~|null|true|false|yes|no|on|off|y|n|=|<<)$/i,
  /^[-+]?(?:\.[0-9_]*|[0-9][0-9_]*\.?[0-9_]*)(?:e[-+]?[0-9_]+)?$/i,
  /^[-+]?0(?:b[01_]+|o[0-9_]+|x[0-9a-f_]+)$/i,
  // Base 60: 12:30 is 750.
  /^[-+]?[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?$/,
  /^[-+]?\.(?:inf|nan)$/i,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}/,
]

/**
 * What has to be written as an escape: control characters (the line breaks of
 * Unicode among them), halves of pairs, the byte order mark, and everything
 * beyond 16 bits, which go-yaml escapes too.
 */
const unprintable =
  /[\p{Cc}\p{Cs}\u2028\u2029\uFEFF\uFFFE\uFFFF]|[\u{10000}-\u{10FFFF}]/u
const eachUnprintable = new RegExp(`${unprintable.source}|["\\\\]`, 'gu')

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001B': '\\e',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

/** Would both parsers take this plain word for a string? */
export function isPlainString(word: string): boolean {
  return word !== '' && !otherTypes.some((type) => type.test(word))
}

/** A string as a value: on one line, or as a literal block of several. */
export function scalarLines(text: string): ScalarLines {
  return literalLines(text) ?? [scalarInLine(text)]
}

/** A string on one line, as a key has to be. */
export function scalarInLine(text: string): string {
  if (unprintable.test(text) || !isPlainString(text)) return doubleQuoted(text)
  if (needsNoQuotes(text)) return text
  return `'${text.replaceAll("'", "''")}'`
}

/**
 * A string as a key, in a form that is read by its line again: odd ones in
 * double quotes, though go-yaml would leave some of them plain.
 */
export function keyInLine(text: string): string {
  return /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(text)
    ? scalarInLine(text)
    : doubleQuoted(text)
}

/** In double quotes, for block and flow style; JSON has other escapes. */
export function doubleQuoted(text: string): string {
  return `"${text.replace(eachUnprintable, escapeOf)}"`
}

function escapeOf(character: string): string {
  const known = named[character]
  if (known !== undefined) return known
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase()
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`
  return code.length <= 4
    ? `\\u${code.padStart(4, '0')}`
    : `\\U${code.padStart(8, '0')}`
}

/** YAML 1.2.2, section 7.3.3: where a plain scalar may not stand. */
function needsNoQuotes(text: string): boolean {
  return (
    !/^[\s,[\]{}#&*!|>'"%@`]/.test(text) &&
    !/^[-?:](?:\s|$)/.test(text) &&
    !/^(?:---|\.\.\.)/.test(text) &&
    !/:(?:\s|$)|\s#|\s$/.test(text)
  )
}

/** `null` where a literal block would lose something. */
function literalLines(text: string): ScalarLines | null {
  if (!text.includes('\n')) return null
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  const lines = body.split('\n')
  const safe =
    /^[^\s]/.test(body) &&
    !body.endsWith('\n') &&
    lines.every((line) => !unprintable.test(line) && !/\s$/.test(line))
  return safe ? [text === body ? '|-' : '|', ...lines] : null
}

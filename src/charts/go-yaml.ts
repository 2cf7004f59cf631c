import {
  isMap,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  type ScalarTag,
} from 'yaml'
import { messageOf, ReleaseError } from '../errors.ts'

/**
 * A plain value as Helm's YAML parser sees it. An integer is a `bigint`, so
 * that a `number` is always a float.
 */
export type GoScalar = string | number | bigint | boolean | null

/** A YAML file as Helm reads it. */
export interface YamlFile {
  /** Scalars as `GoScalar`, lists as arrays, maps as objects. */
  readonly value: unknown
  /** The line, from 1, of a key of the top map. */
  lineOf(key: string): number | undefined
  /** The value of a key of the top map as it is written, if it is a scalar. */
  sourceOf(key: string): string | undefined
}

/**
 * Helm reads YAML with a fork of go-yaml v2: YAML 1.1's booleans, integers in
 * every base, `_` in numbers, but no base 60 and no times. The rules are those
 * of https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/goyaml.v2/resolve.go
 */
const scalars: readonly ScalarTag[] = [
  {
    tag: 'tag:yaml.org,2002:null',
    default: true,
    test: /^(?:~|null|Null|NULL)?$/,
    resolve: () => null,
  },
  {
    tag: 'tag:yaml.org,2002:bool',
    default: true,
    test: /^(?:[yYnN]|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
    resolve: (text) => /^(?:y|t|on$)/i.test(text),
  },
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?\d[\d_]*$|^[-+]?0_*[xXoObB][\da-fA-F_]+$/,
    resolve: readInteger,
  },
  {
    tag: 'tag:yaml.org,2002:float',
    default: true,
    test: /^[-+]?(?:\.\d[\d_]*|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?[\d_]+)?$/,
    resolve: readFloat,
  },
  {
    tag: 'tag:yaml.org,2002:float',
    default: true,
    test: /^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/,
    resolve: (text) =>
      /nan/i.test(text)
        ? Number.NaN
        : text.startsWith('-')
          ? -Infinity
          : Infinity,
  },
]

/**
 * Parses the first document of a YAML text as Helm would: repeated keys are
 * taken (the last one counts), `<<` merges. Throws `CHART_INVALID` with the
 * line, also for more aliases than any chart needs.
 */
export function parseGoYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      customTags: (tags) => [...tags, ...scalars],
      merge: true,
      uniqueKeys: false,
      lineCounter: lines,
      prettyErrors: false,
      // Helm looks at no document after the first.
      logLevel: 'silent',
    })
    const [fault] = document.errors
    if (fault !== undefined)
      throw new ReleaseError(
        'CHART_INVALID',
        `${file} is no valid YAML: ${fault.message}.`,
        {
          cause: fault,
          at: { file, line: lines.linePos(fault.pos[0]).line },
        },
      )
    const { contents } = document
    const find = (key: string): Pair | undefined =>
      isMap(contents)
        ? contents.items.findLast(
            (pair) => isScalar(pair.key) && String(pair.key.value) === key,
          )
        : undefined
    return {
      value: document.toJS({ maxAliasCount: 100 }) as unknown,
      lineOf: (name) => {
        const key = find(name)?.key
        return isScalar(key) && key.range != null
          ? lines.linePos(key.range[0]).line
          : undefined
      },
      sourceOf: (name) => {
        const value = find(name)?.value
        return isScalar(value) ? value.source : undefined
      },
    }
  } catch (thrown) {
    if (thrown instanceof ReleaseError) throw thrown
    // Too many aliases, or nested too deeply to be read.
    throw new ReleaseError(
      'CHART_INVALID',
      `${file} cannot be read as YAML: ${messageOf(thrown)}.`,
      { cause: thrown, at: { file } },
    )
  }
}

/**
 * What Helm makes of a plain value where it wants a string; `undefined` for a
 * list or a map, which it refuses. Floats go through 32 bits (measured: 1.10
 * is `1.1`, 3.14159265358979 is `3.1415927`, 1e6 is `1e+06`).
 */
export function goText(value: unknown): string | undefined {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return goFloat(value)
  return typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : undefined
}

function readInteger(text: string): bigint | number | string {
  const plain = text.replaceAll('_', '')
  const sign = plain.startsWith('-') ? -1n : 1n
  const digits = plain.replace(/^[-+]/, '')
  const based = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
  // Decimal digits with a zero in front that are not octal: a float to Go.
  if (/^0\d/.test(based)) return readFloat(text)
  try {
    const value = sign * BigInt(based.toLowerCase())
    if (value >= -(2n ** 63n) && value < 2n ** 64n) return value
  } catch {
    return text
  }
  return /^\d+$/.test(based) ? readFloat(text) : text
}

function readFloat(text: string): number | string {
  const value = Number(text.replaceAll('_', ''))
  // Go reports a number out of range, and the parser then keeps the text.
  return Number.isFinite(value) ? value : text
}

/** `strconv.FormatFloat(value, 'g', -1, 32)` */
function goFloat(value: number): string {
  const single = Math.fround(value)
  if (Number.isNaN(single)) return 'NaN'
  if (!Number.isFinite(single)) return single < 0 ? '-Inf' : '+Inf'
  if (single === 0) return Object.is(single, -0) ? '-0' : '0'
  // The fewest digits that still read back as the same 32 bits.
  let shortest = single.toExponential()
  for (let digits = 0; digits < 9; digits++) {
    const attempt = single.toExponential(digits)
    if (Math.fround(Number(attempt)) === single) {
      shortest = attempt
      break
    }
  }
  const [digits = '', power = ''] = shortest.split('e')
  const exponent = Number(power)
  // JavaScript writes exponents from 1e-7 and 1e21 on, so not here.
  if (exponent >= -4 && exponent < 6) return String(Number(shortest))
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits}e${exponent < 0 ? '-' : '+'}${size}`
}

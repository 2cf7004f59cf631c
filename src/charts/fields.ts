import { ReleaseError } from '../errors.ts'
import type { FilePosition } from '../model.ts'
import { goText, parseGoYaml } from './go-yaml.ts'

/** The fields of a YAML file of a chart, read as Helm reads them. */
export interface Fields {
  /** Relative to the workspace. */
  readonly file: string
  has(name: string): boolean
  /** The raw value: `undefined` when the file lacks it. */
  raw(name: string): unknown
  /** The value as it is written, without what a comment or quotes add. */
  source(name: string): string | undefined
  /** A string, or what Helm makes of a number there; '' when absent. */
  text(name: string): string
  texts(name: string): readonly string[]
  textMap(name: string): Readonly<Record<string, string>>
  maps(name: string): readonly Readonly<Record<string, unknown>>[]
  at(name: string): FilePosition
  /** A `CHART_INVALID` that points at the field. */
  fault(name: string, message: string): ReleaseError
}

/** Reads a text as the top map of a chart's file. Throws `CHART_INVALID`. */
export function readFields(text: string, file: string): Fields {
  const yaml = parseGoYaml(text, file)
  const top = yaml.value ?? {}
  if (!isObject(top))
    throw new ReleaseError(
      'CHART_INVALID',
      `${file} holds ${kindOf(top)}, not fields like "name: …".`,
      { at: { file, line: 1 } },
    )
  const keyOf = (name: string): string => findKey(top, name) ?? name
  const at = (name: string): FilePosition => {
    const line = yaml.lineOf(keyOf(name))
    return line === undefined ? { file } : { file, line }
  }
  const fault = (name: string, message: string): ReleaseError => {
    const position = at(name)
    const place =
      position.line === undefined ? file : `${file}, line ${position.line}`
    return new ReleaseError('CHART_INVALID', `${place}: ${message}`, {
      at: position,
    })
  }
  const raw = (name: string): unknown => top[keyOf(name)]
  const list = (name: string): readonly unknown[] => {
    const value = raw(name) ?? []
    if (Array.isArray(value)) return value as readonly unknown[]
    throw fault(name, `"${name}" must be a list, but is ${kindOf(value)}.`)
  }
  const textOf = (value: unknown, name: string): string => {
    const found = goText(value ?? null)
    if (found !== undefined) return found
    throw fault(name, `"${name}" must be text, but has ${kindOf(value)}.`)
  }
  return {
    file,
    has: (name) => findKey(top, name) !== undefined,
    raw,
    source: (name) => yaml.sourceOf(keyOf(name)),
    at,
    fault,
    text: (name) => textOf(raw(name), name),
    texts: (name) => list(name).map((value) => textOf(value, name)),
    textMap: (name) => {
      const value = raw(name) ?? {}
      if (!isObject(value))
        throw fault(name, `"${name}" must be a map, but is ${kindOf(value)}.`)
      return Object.fromEntries(
        Object.entries(value).map(([key, one]) => [key, textOf(one, name)]),
      )
    },
    maps: (name) =>
      list(name).map((value) => {
        if (isObject(value)) return value
        throw fault(
          name,
          `"${name}" must be a list of maps, but has ${kindOf(value)}.`,
        )
      }),
  }
}

/** A field of a nested map as text; `undefined` when it is a list or a map. */
export function textIn(
  map: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  return goText(map[findKey(map, name) ?? name] ?? null)
}

/** Go's JSON decoder, which Helm reads with, takes `Name:` for `name:` too. */
function findKey(
  map: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  if (Object.hasOwn(map, name)) return name
  const wanted = name.toLowerCase()
  return Object.keys(map).find((key) => key.toLowerCase() === wanted)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a value is, in YAML's words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'a boolean'
  return typeof value === 'object' ? 'a map' : 'a number'
}

import type { Json, JsonObject } from '../model.ts'
import type { SiteChart } from './catalog.ts'

/** A registry that has a chart. */
export interface KnownRegistry {
  /** `oci://host/path/chart` */
  readonly target: string
  /** `host/path/chart:tag` of the version. */
  readonly reference: string
  /** Strangers need a login. */
  readonly login: boolean
}

/** What a release knew of a chart and an index does not say. */
export interface KnownChart {
  /** The version that this is about. */
  readonly version: string
  /** The git tag. */
  readonly tag: string
  /** Relative to the repository's root, with `/`; `.` for the root. */
  readonly directory: string
  readonly registries: readonly KnownRegistry[]
  /** Markdown; `''`: there is none. */
  readonly readme: string
}

/**
 * What the landing page remembers from one release to the next. It is kept
 * beside the page, so that a release of one chart can write a page of all.
 */
export interface Memory {
  /** Was there ever a page for each chart? Then their addresses stay. */
  readonly hasPages: boolean
  /** By the charts' names. */
  readonly charts: ReadonlyMap<string, KnownChart>
  /** Is there a `.prov` with the archive? By `name version`, where it is known. */
  readonly signed: ReadonlyMap<string, boolean>
}

/** A chart version that a run publishes. */
export interface Released extends KnownChart {
  readonly name: string
  /** `undefined`: nobody knows. */
  readonly isSigned: boolean | undefined
}

export const generator = 'chart-release-action'

export const emptyMemory: Memory = {
  hasPages: false,
  charts: new Map(),
  signed: new Map(),
}

/**
 * Reads what `writeMemory` wrote. `null` for anything else: somebody else's
 * file. Everything in it is text that anybody may have changed.
 */
export function readMemory(text: string): Memory | null {
  let root: Json
  try {
    root = JSON.parse(text) as Json
  } catch {
    return null
  }
  if (!isObject(root) || root['generator'] !== generator) return null
  const charts = new Map<string, KnownChart>()
  for (const [name, value] of entriesOf(root['charts'])) {
    const known = toKnownChart(value)
    if (known !== null) charts.set(name, known)
  }
  const signed = new Map<string, boolean>()
  for (const [name, value] of entriesOf(root['signed']))
    if (typeof value === 'boolean') signed.set(name, value)
  return { hasPages: root['hasPages'] === true, charts, signed }
}

/**
 * What is known after a release. Only that of a version that the page shows
 * takes the place of what was known before: an older tag, released again, brings
 * no older README back.
 */
export function remember(
  before: Memory,
  charts: readonly SiteChart[],
  released: readonly Released[],
): Memory {
  const known = new Map(before.charts)
  const signed = new Map(before.signed)
  for (const { name, isSigned, ...chart } of released) {
    if (isSigned !== undefined) signed.set(`${name} ${chart.version}`, isSigned)
    const shown = charts.find((one) => one.name === name)?.shown.version
    if (shown === chart.version) known.set(name, chart)
  }
  return { ...before, charts: known, signed }
}

/** What an earlier release knew, as if it were released again. */
export function recall(memory: Memory | null): readonly Released[] {
  return Array.from(memory?.charts ?? [], ([name, known]) => ({
    name,
    ...known,
    isSigned: memory?.signed.get(`${name} ${known.version}`),
  }))
}

/** The same memory is always the same text. */
export function writeMemory({ hasPages, charts, signed }: Memory): string {
  const value = {
    generator,
    hasPages,
    charts: Object.fromEntries(sorted(charts)),
    signed: Object.fromEntries(sorted(signed)),
  }
  return `${JSON.stringify(value, null, 2)}\n`
}

function toKnownChart(value: Json): KnownChart | null {
  if (!isObject(value)) return null
  const { version, tag, directory, readme, registries } = value
  if (typeof version !== 'string' || typeof tag !== 'string') return null
  return {
    version,
    tag,
    directory: typeof directory === 'string' ? directory : '.',
    registries: (Array.isArray(registries)
      ? (registries as readonly Json[])
      : []
    ).flatMap((one) => toRegistry(one) ?? []),
    readme: typeof readme === 'string' ? readme : '',
  }
}

function toRegistry(value: Json): KnownRegistry | null {
  if (!isObject(value)) return null
  const { target, reference, login } = value
  return typeof target === 'string' && typeof reference === 'string'
    ? { target, reference, login: login === true }
    : null
}

function entriesOf(value: Json | undefined): readonly [string, Json][] {
  return isObject(value) ? Object.entries(value) : []
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { ReleaseError } from '../errors.ts'
import type { Digest, Json, JsonObject } from '../model.ts'

/** A chart version that is to be listed. */
export interface NewEntry {
  /** The packaged `Chart.yaml` as Helm reads it. */
  readonly metadata: JsonObject
  /** RFC 3339 in UTC. */
  readonly created: string
  readonly digest: Digest
  /** Where the archive is; absolute, or relative to the index. */
  readonly urls: readonly string[]
}

/** One value of a known key: `undefined` when it is not to be written. */
type Reader = (value: Json, key: string) => Json | undefined

/**
 * The keys of `Metadata` in Helm's `pkg/chart/v2/metadata.go`. Helm reads an
 * index strictly: one key more, and it refuses the whole repository.
 */
const metadataKeys: Readonly<Record<string, Reader>> = {
  annotations: readTexts,
  apiVersion: readText,
  appVersion: readText,
  condition: readText,
  dependencies: (value, key) => readList(value, key, readDependency),
  deprecated: readFlag,
  description: readText,
  home: readText,
  icon: readText,
  keywords: readTextList,
  kubeVersion: readText,
  maintainers: (value, key) => readList(value, key, readMaintainer),
  name: readText,
  sources: readTextList,
  tags: readText,
  type: readText,
  version: readText,
}

const maintainerKeys: Readonly<Record<string, Reader>> = {
  email: readText,
  name: readText,
  url: readText,
}

/**
 * The keys of `Dependency` in `pkg/chart/v2/dependency.go`, without
 * `depends-on`, which Helm 3 and Helm 4 up to 4.2 do not know.
 */
const dependencyKeys: Readonly<Record<string, Reader>> = {
  alias: readText,
  condition: readText,
  enabled: readFlag,
  'import-values': (value) => (isEmptyList(value) ? undefined : value),
  name: readText,
  repository: readText,
  tags: readTextList,
  version: readText,
}

/** The name and version that an entry is listed under. */
export function identityOf(entry: NewEntry): {
  readonly name: string
  readonly version: string
} {
  const { name, version } = entry.metadata
  if (typeof name !== 'string' || name === '')
    throw mistyped('name', 'a chart name')
  if (typeof version !== 'string' || version === '')
    throw mistyped('version', 'a version')
  return { name, version }
}

/**
 * The entry as Helm would list it: known keys only, empty values left out, the
 * digest as bare hex digits. Throws `CHART_INVALID` for a value of a type that
 * Helm could not read.
 */
export function toIndexObject(entry: NewEntry): JsonObject {
  return {
    // `MustAdd` in Helm's `pkg/repo/v1/index.go` fills this in.
    apiVersion: 'v1',
    ...pick(entry.metadata, metadataKeys),
    created: entry.created,
    digest: entry.digest.slice('sha256:'.length),
    urls: entry.urls,
  }
}

function pick(
  source: JsonObject,
  readers: Readonly<Record<string, Reader>>,
): JsonObject {
  const picked: Record<string, Json> = {}
  for (const [key, read] of Object.entries(readers)) {
    const value = Object.hasOwn(source, key) ? source[key] : null
    if (value === undefined || value === null) continue
    const known = read(value, key)
    if (known !== undefined) picked[key] = known
  }
  return picked
}

function readText(value: Json, key: string): string | undefined {
  if (typeof value === 'object') throw mistyped(key, 'a string')
  return String(value) === '' ? undefined : String(value)
}

function readFlag(value: Json, key: string): true | undefined {
  if (typeof value !== 'boolean') throw mistyped(key, 'true or false')
  return value || undefined
}

function readTexts(value: Json, key: string): JsonObject | undefined {
  if (!isObject(value)) throw mistyped(key, 'a map of strings')
  const texts = Object.entries(value).map(
    ([name, text]) =>
      [name, readText(text ?? '', `${key}.${name}`) ?? ''] as const,
  )
  // A map of its own: `__proto__` is a key like any other here.
  return texts.length === 0 ? undefined : Object.fromEntries(texts)
}

function readTextList(value: Json, key: string): Json | undefined {
  return readList(value, key, (item) => readText(item ?? '', key) ?? '')
}

function readList(
  value: Json,
  key: string,
  read: (item: Json, key: string) => Json,
): Json | undefined {
  if (!Array.isArray(value)) throw mistyped(key, 'a list')
  const items = (value as readonly Json[]).map((item) => read(item, key))
  return items.length === 0 ? undefined : items
}

function readMaintainer(value: Json, key: string): JsonObject {
  if (!isObject(value)) throw mistyped(key, 'a list of maps')
  return pick(value, maintainerKeys)
}

function readDependency(value: Json, key: string): JsonObject {
  if (!isObject(value)) throw mistyped(key, 'a list of maps')
  // Helm writes these two even when they are empty.
  return { name: '', repository: '', ...pick(value, dependencyKeys) }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0
}

function mistyped(key: string, expected: string): ReleaseError {
  return new ReleaseError(
    'CHART_INVALID',
    `Chart.yaml of the package has a \`${key}\` that is not ${expected}, so Helm could not read the index entry. Correct \`${key}\` in Chart.yaml.`,
  )
}

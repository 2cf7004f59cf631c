import type { Json, JsonObject } from '../model.ts'

export interface Person {
  readonly name: string
  readonly email: string
  readonly url: string
}

/** What the index says of a version of a chart, for people; `''`: nothing. */
export interface About {
  readonly description: string
  readonly icon: string
  readonly home: string
  readonly license: string
  readonly sources: readonly string[]
  readonly keywords: readonly string[]
  readonly maintainers: readonly Person[]
  readonly isLibrary: boolean
  readonly isDeprecated: boolean
  /** Does it name charts that are fetched from elsewhere? */
  readonly hasDependencies: boolean
  /** As written: absolute, or relative to the index. */
  readonly url: string
}

/** Reads an entry of an index; what is of another type counts as not given. */
export function about(entry: JsonObject): About {
  const annotations = isObject(entry['annotations']) ? entry['annotations'] : {}
  return {
    description: text(entry['description']),
    icon: text(entry['icon']),
    home: text(entry['home']),
    license: text(annotations['artifacthub.io/license']),
    sources: texts(entry['sources']),
    keywords: texts(entry['keywords']),
    maintainers: list(entry['maintainers']).filter(isObject).map(toPerson),
    isLibrary: entry['type'] === 'library',
    isDeprecated: entry['deprecated'] === true,
    hasDependencies: list(entry['dependencies'])
      .filter(isObject)
      .some((one) => /^(?:https?|oci):/.test(text(one['repository']))),
    url: texts(entry['urls'])[0] ?? '',
  }
}

function toPerson(person: JsonObject): Person {
  return {
    name: text(person['name']),
    email: text(person['email']),
    url: text(person['url']),
  }
}

function text(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : ''
}

function texts(value: Json | undefined): readonly string[] {
  return list(value)
    .map(text)
    .filter((one) => one !== '')
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

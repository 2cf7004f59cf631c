import type { Digest, Json, JsonObject } from '../model.ts'
import { readDigest } from './listed.ts'

/** One version of a chart, as a list of versions shows it; `''`: not given. */
export interface CatalogVersion {
  readonly version: string
  readonly appVersion: string
  readonly kubeVersion: string
  /** As written, RFC 3339 as a rule. */
  readonly created: string
  readonly digest: Digest | null
}

export interface CatalogChart {
  readonly name: string
  /** In the order of the index. */
  readonly versions: readonly CatalogVersion[]
  /** All that the index says of the version at that place. */
  readonly entry: (at: number) => JsonObject
}

/** A parsed entry, whatever it is, as a list of versions shows it. */
export function toCatalogVersion(entry: unknown): CatalogVersion {
  const fields = toObject(entry)
  return {
    version: textOf(fields['version']),
    appVersion: textOf(fields['appVersion']),
    kubeVersion: textOf(fields['kubeVersion']),
    created: textOf(fields['created']),
    digest: readDigest(fields['digest']),
  }
}

/** A parsed entry with nothing but JSON in it: YAML 1.1 knows dates. */
export function toObject(entry: unknown): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(entry ?? null))
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as JsonObject)
    : {}
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : ''
}

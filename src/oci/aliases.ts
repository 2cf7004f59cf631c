import { valid } from 'semver'
import { ReleaseError } from '../errors.ts'
import type { Digest } from '../model.ts'
import {
  compareVersions,
  expandAlias,
  isPrerelease,
  ociTag,
} from '../version.ts'
import type { OciClient } from './client.ts'
import { chartOf, readObject } from './manifest.ts'
import { referenceOf, type Repository } from './reference.ts'

/** What there is of a version's extra tags. */
export interface Aliases {
  /** They point at the version's manifest. */
  readonly pointing: readonly string[]
  /** They are to be pointed at it. */
  readonly lacking: readonly string[]
  /** They hold something that is no chart, and stay. */
  readonly foreign: readonly string[]
}

export interface AliasQuestion {
  readonly client: OciClient
  readonly at: Repository
  /** `v{version}`, `{major}.{minor}`, `latest`, … */
  readonly templates: readonly string[]
  readonly version: string
  /** The manifest that the version's own tag points at; `null`: none yet. */
  readonly digest: Digest | null
}

/**
 * Which aliases of a version are there, and which may be added. An alias with
 * the whole version in it never moves; every other one moves only to a higher
 * stable version. Throws `VERSION_CONFLICT` for one of the first kind that
 * points at something else.
 */
export async function readAliases(question: AliasQuestion): Promise<Aliases> {
  const { client, at, version, digest } = question
  const pointing: string[] = []
  const lacking: string[] = []
  const foreign: string[] = []
  for (const alias of aliasTags(question)) {
    const { tag, fixed } = alias
    const held = await client.getDigest(at, tag)
    if (held !== undefined && held === digest) pointing.push(tag)
    else if (fixed && held !== undefined) throw taken(question, tag, held)
    else if (fixed) lacking.push(tag)
    else if (isPrerelease(version)) continue
    else if (held === undefined) {
      if (await isHighest(question, alias)) lacking.push(tag)
    } else {
      const other = await readVersion(client, at, held)
      if (other === null) foreign.push(tag)
      else if (compareVersions(version, other) > 0) lacking.push(tag)
    }
  }
  return { pointing, lacking, foreign }
}

/** Throws `VERSION_CONFLICT` when `v1.2.3` is there although 1.2.3 is not. */
export async function checkAliasesFree(
  question: Omit<AliasQuestion, 'digest'>,
): Promise<void> {
  const { client, at } = question
  for (const { tag, fixed } of aliasTags(question)) {
    const held = fixed ? await client.getDigest(at, tag) : undefined
    if (held !== undefined)
      throw taken({ ...question, digest: null }, tag, held)
  }
}

interface Alias {
  readonly template: string
  readonly tag: string
  /** Has it the whole version in it? */
  readonly fixed: boolean
}

function aliasTags({
  templates,
  version,
}: Pick<AliasQuestion, 'templates' | 'version'>): readonly Alias[] {
  const aliases = new Map<string, Alias>()
  for (const template of templates) {
    const tag = ociTag(expandAlias(template, version))
    const fixed = template.includes('{version}')
    if (tag !== ociTag(version)) aliases.set(tag, { template, tag, fixed })
  }
  return [...aliases.values()]
}

/** An alias that is new must not start at an old version either. */
async function isHighest(
  { client, at, version }: AliasQuestion,
  { template, tag }: Alias,
): Promise<boolean> {
  const others = (await client.listTags(at))
    .map((other) => other.replace('_', '+'))
    // The plain ones: "v1.2.3" and "1.2" are aliases, not versions.
    .filter((other) => /^\d/.test(other) && valid(other) !== null)
  return !others.some(
    (other) =>
      !isPrerelease(other) &&
      ociTag(expandAlias(template, other)) === tag &&
      compareVersions(other, version) > 0,
  )
}

function taken(
  { at, version, digest }: Omit<AliasQuestion, 'client' | 'templates'>,
  tag: string,
  held: Digest,
): ReleaseError {
  const own =
    digest === null
      ? `${version} itself is not published there`
      : `${version} is ${digest}`
  return new ReleaseError(
    'VERSION_CONFLICT',
    `The tag ${referenceOf(at, tag)} points at ${held}, but ${own}. A published version never changes: raise the chart's version, or take this alias out of the input registry-aliases.`,
  )
}

/** The chart version that a manifest holds; `null` when there is none. */
async function readVersion(
  client: OciClient,
  at: Repository,
  digest: Digest,
): Promise<string | null> {
  const manifest = await client.getManifest(at, digest)
  const chart = manifest === undefined ? null : chartOf(manifest)
  if (manifest === undefined || chart === null) return null
  const version =
    manifest.annotations['org.opencontainers.image.version'] ??
    readObject(await client.getBlob(at, chart.config))?.['version']
  return typeof version === 'string' ? valid(version) : null
}

import { parse } from 'semver'
import type { Attempt, Arrived, PullOrder, Stranger } from '../helm/stranger.ts'
import { messageOf } from '../errors.ts'
import type { Digest } from '../model.ts'
import { compareVersions, isPrerelease } from '../version.ts'
import type { OciClient } from './client.ts'
import type { Place } from './published.ts'
import { referenceOf } from './reference.ts'

export interface PullQuestion {
  /** Sees what a stranger sees; and so does `helm`. */
  readonly client: OciClient
  readonly helm: Stranger
  /** Sees what the owner sees. */
  readonly owners: OciClient
  readonly place: Place
  readonly name: string
  /** Of the archive. */
  readonly digest: Digest
  /** Of the version's manifest. */
  readonly manifest: Digest
  /** Tags that were set for this version. */
  readonly aliases: readonly string[]
  readonly plainHttp: boolean
}

export type Proof =
  | { readonly outcome: 'proved' }
  /** The network's or the server's fault of the moment. */
  | { readonly outcome: 'trouble'; readonly words: string }
  | {
      readonly outcome: 'differs'
      readonly reference: string
      readonly digest: Digest
    }
  /** `unseen`: by its version it can be pulled, by a range it cannot. */
  | {
      readonly outcome: 'failed' | 'unseen'
      readonly command: string
      readonly words: string
    }
  | {
      readonly outcome: 'alias'
      readonly reference: string
      readonly words: string
    }

/** How often Helm is run for one chart in one registry, at most. */
const MOST_PULLS = 4

/**
 * Pulls with Helm by a range, by the version and by the first alias. A range
 * that ends at this version has pulled it by its own tag, which proves both: no
 * archive is downloaded a second time for it. Further aliases are proved by
 * their manifest's digest.
 */
export async function provePulls(question: PullQuestion): Promise<Proof> {
  const { name, digest, place } = question
  const pull = createPuller(question)
  const range = rangeOf(place.version)
  let byRange: Attempt<Arrived> | undefined
  if (range !== undefined) {
    byRange = await pull({ version: range })
    const found = byRange.ok ? versionOf(byRange.value, name) : undefined
    if (byRange.ok && found === place.version)
      return byRange.value.digest === digest
        ? await proveAliases(question, pull)
        : differs(question, place.tag, byRange.value.digest)
  }
  const exact = await pull({ version: place.version })
  if (!exact.ok)
    return exact.passing
      ? { outcome: 'trouble', words: exact.words }
      : {
          outcome: 'failed',
          command: command(question, place.version),
          words: exact.words,
        }
  if (exact.value.digest !== digest)
    return differs(question, place.tag, exact.value.digest)
  if (range !== undefined && byRange !== undefined) {
    if (!byRange.ok)
      return byRange.passing
        ? { outcome: 'trouble', words: byRange.words }
        : {
            outcome: 'unseen',
            command: command(question, range),
            words: byRange.words,
          }
    const found = versionOf(byRange.value, name)
    if (found === undefined || compareVersions(found, place.version) < 0)
      return {
        outcome: 'unseen',
        command: command(question, range),
        words: `it finds ${byRange.value.fileName}`,
      }
  }
  return await proveAliases(question, pull)
}

type Pull = (
  wanted: { readonly version: string } | { readonly tag: string },
) => Promise<Attempt<Arrived>>

/** Pulls once more what failed for a moment, as long as there are runs left. */
function createPuller({ helm, place, plainHttp }: PullQuestion): Pull {
  const chart = `oci://${referenceOf(place.at)}`
  let left = MOST_PULLS
  return async (wanted) => {
    const order: PullOrder =
      'version' in wanted
        ? { chart, version: wanted.version, plainHttp }
        : { chart: `${chart}:${wanted.tag}`, plainHttp }
    left -= 1
    const first = await helm.pull(order)
    // Two runs are kept for the other ways in.
    if (first.ok || !first.passing || left < 3) return first
    left -= 1
    return await helm.pull(order)
  }
}

/** Aliases with all of a version never move; others may move on meanwhile. */
async function proveAliases(
  question: PullQuestion,
  pull: Pull,
): Promise<Proof> {
  const { place, digest, aliases } = question
  const [first, ...others] = aliases
  if (first === undefined) return { outcome: 'proved' }
  const arrived = await pull(
    // Helm takes what parses as a version for the tag, and no other word.
    parse(first.replaceAll('_', '+'), { loose: true }) === null
      ? { tag: first }
      : { version: first.replaceAll('_', '+') },
  )
  if (!arrived.ok && arrived.passing)
    return { outcome: 'trouble', words: arrived.words }
  if (
    !(arrived.ok && arrived.value.digest === digest) &&
    !(await hasMoved(question, first))
  )
    return {
      outcome: 'alias',
      reference: referenceOf(place.at, first),
      words: arrived.ok
        ? `it gives an archive with the digest ${arrived.value.digest}`
        : arrived.words,
    }
  for (const alias of others) {
    const proof = await proveByDigest(question, alias)
    if (proof !== undefined) return proof
  }
  return { outcome: 'proved' }
}

async function proveByDigest(
  question: PullQuestion,
  alias: string,
): Promise<Proof | undefined> {
  const { client, place, manifest } = question
  try {
    const held = await client.getDigest(place.at, alias)
    if (held === manifest || (await hasMoved(question, alias))) return undefined
    return {
      outcome: 'alias',
      reference: referenceOf(place.at, alias),
      words:
        held === undefined
          ? 'there is no such tag'
          : `it points at ${held}, the version at ${manifest}`,
    }
  } catch (thrown) {
    return { outcome: 'trouble', words: messageOf(thrown) }
  }
}

/** Has another job moved `latest` on, to a higher version? */
async function hasMoved(
  { owners, place, manifest }: PullQuestion,
  alias: string,
): Promise<boolean> {
  if (alias.includes(place.tag)) return false
  const held = await owners.getDigest(place.at, alias).catch(() => undefined)
  return held !== undefined && held !== manifest
}

function differs({ place }: PullQuestion, tag: string, digest: Digest): Proof {
  return { outcome: 'differs', reference: referenceOf(place.at, tag), digest }
}

function command({ place }: PullQuestion, version: string): string {
  return `helm pull oci://${referenceOf(place.at)} --version "${version}"`
}

/** Up to the next major version; ranges find no prereleases. */
function rangeOf(version: string): string | undefined {
  const found = parse(version)
  return found === null || isPrerelease(version)
    ? undefined
    : `>=${found.version} <${found.major + 1}.0.0`
}

/** Helm names what it pulled `NAME-VERSION.tgz`. */
function versionOf({ fileName }: Arrived, name: string): string | undefined {
  const version = fileName.slice(name.length + 1, -'.tgz'.length)
  return fileName.startsWith(`${name}-`) && parse(version) !== null
    ? version
    : undefined
}

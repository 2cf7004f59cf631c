import { messageOf } from '../errors.ts'
import type { GitHub } from '../github/client.ts'
import type { Digest, Publication } from '../model.ts'
import {
  decodeIndex,
  findEntries,
  type IndexEntry,
  listVersions,
} from '../repository/index-file.ts'
import type { Retry } from '../retry.ts'
import type { Expected } from './channel.ts'
import { type Fetched, fetchAsStranger } from './stranger-fetch.ts'

/** What is served where the index should be. */
export type Served =
  | { readonly state: 'index'; readonly text: string }
  /** A file, but none that can be read as an index. */
  | { readonly state: 'no index'; readonly words: string }
  | Exclude<Fetched, { readonly state: 'served' }>

/** Whoever looks again is the one who retries. */
const once: Retry = async (_, attempt) => await attempt()

let looks = 0

/**
 * Looks at the index as a stranger, but past the caches: GitHub's keep an
 * answer for ten minutes, by its whole address. With `cached`, just as Helm
 * would see it. Never rejects.
 */
export async function lookAtIndex(
  ports: Pick<GitHub, 'http' | 'clock'>,
  baseUrl: string,
  { cached = false } = {},
): Promise<Served> {
  const unique = `${ports.clock.now().getTime().toString(36)}-${++looks}`
  const fetched = await fetchAsStranger(
    { ...ports, retry: once },
    {
      // A server that is silent must not use up the time of the next looks.
      timeoutSeconds: 60,
      ...(cached
        ? { url: `${baseUrl}/index.yaml` }
        : {
            url: `${baseUrl}/index.yaml?look=${unique}`,
            headers: { 'cache-control': 'no-cache' },
          }),
    },
  )
  if (fetched.state !== 'served') return fetched
  try {
    const text = decodeIndex(fetched.bytes)
    listVersions(text)
    return { state: 'index', text }
  } catch (thrown) {
    return { state: 'no index', words: messageOf(thrown) }
  }
}

/** What an index lists of what a stranger must get. */
export type Listing =
  | { readonly state: 'ours'; readonly entry: IndexEntry }
  /** The version, but with these digests; `null`: with none. */
  | { readonly state: 'other'; readonly digest: Digest | null }
  | { readonly state: 'absent' }
  /** The list of this chart cannot be read. */
  | { readonly state: 'unreadable'; readonly words: string }

/**
 * Finds the entry with the expected digest. One without a digest is it only
 * where that is how the branch lists it (`undigested`): at the same address.
 */
export function readListing(
  text: string,
  expected: Expected,
  undigested?: Publication,
): Listing {
  let entries: readonly IndexEntry[]
  try {
    entries = findEntries(text, expected.name, expected.version)
  } catch (thrown) {
    return { state: 'unreadable', words: messageOf(thrown) }
  }
  const ours =
    entries.find(({ digest }) => digest === expected.digest) ??
    entries.find(
      ({ digest, urls }) =>
        digest === null &&
        undigested !== undefined &&
        urls[0] === undigested.reference,
    )
  if (ours !== undefined) return { state: 'ours', entry: ours }
  const [first] = entries
  return first === undefined
    ? { state: 'absent' }
    : {
        state: 'other',
        digest: entries.find(({ digest }) => digest !== null)?.digest ?? null,
      }
}

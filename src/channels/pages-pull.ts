import type { Arrived, Attempt, Stranger } from '../helm/stranger.ts'
import type { Digest } from '../model.ts'
import type { ChartVersion } from './channel.ts'

/** What came of adding the repository and pulling from it. */
export type Pulled =
  | { readonly outcome: 'arrived'; readonly digest: Digest }
  /** Helm was handed an index that does not list it, or none. */
  | { readonly outcome: 'unlisted'; readonly words: string }
  /** Helm does not take what is served for an index. */
  | { readonly outcome: 'unreadable'; readonly words: string }
  /** The index lists it, and the archive does not come. */
  | { readonly outcome: 'failed'; readonly words: string }
  | { readonly outcome: 'trouble'; readonly words: string }

export interface PullOptions {
  readonly baseUrl: string
  readonly wanted: ChartVersion
  /** The archive is in a registry on this machine. */
  readonly plainHttp: boolean
}

/** A stranger who pulls from a Helm repository, with so many Helm processes. */
export interface Puller {
  /** Are there processes for another pull? */
  mayPull(): boolean
  pull(): Promise<Pulled>
  /** Once more, from the index that Helm has. */
  pullAgain(): Promise<Pulled>
}

/** `helm repo add` and `helm pull`, twice. */
const MOST_PROCESSES = 4

export function createPuller(helm: Stranger, options: PullOptions): Puller {
  const { baseUrl, wanted, plainHttp } = options
  let left = MOST_PROCESSES
  let repositories = 0
  /** A passing fault of the network is tried once more. */
  const run = async <T>(
    helps: () => Promise<Attempt<T>>,
    reserved: number,
  ): Promise<Attempt<T>> => {
    left -= 1
    const first = await helps()
    if (first.ok || !first.passing || left <= reserved) return first
    left -= 1
    return await helps()
  }
  const fetchArchive = async (): Promise<Pulled> => {
    const pulled: Attempt<Arrived> = await run(
      async () =>
        await helm.pull({
          // Helm answers a known name from what it has: each is a new one.
          chart: `look-${repositories}/${wanted.name}`,
          version: wanted.version,
          plainHttp,
        }),
      0,
    )
    if (pulled.ok) return { outcome: 'arrived', digest: pulled.value.digest }
    const { words, passing } = pulled
    if (isUnlisted(words)) return { outcome: 'unlisted', words }
    return { outcome: passing ? 'trouble' : 'failed', words }
  }
  return {
    mayPull: () => left >= 2,
    pull: async () => {
      repositories += 1
      const name = `look-${repositories}`
      const added = await run(
        async () => await helm.addRepository(name, baseUrl),
        1,
      )
      if (added.ok) return await fetchArchive()
      const { words, passing } = added
      if (passing) return { outcome: 'trouble', words }
      return {
        outcome: isNotThere(words) ? 'unlisted' : 'unreadable',
        words,
      }
    },
    pullAgain: async () =>
      left > 0
        ? await fetchArchive()
        : { outcome: 'trouble', words: 'too many attempts' },
  }
}

// Helm's words are no contract: whatever these miss is told as it is.

function isUnlisted(words: string): boolean {
  return /not found in .*(?:repository|index)|no chart (?:version|name) found/i.test(
    words,
  )
}

/** An older copy of the site had no index yet. */
function isNotThere(words: string): boolean {
  return /failed to fetch .*: 4\d\d\b/i.test(words)
}

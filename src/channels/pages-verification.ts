import pLimit from 'p-limit'
import { messageOf } from '../errors.ts'
import { hasServedFile } from '../github/deployments.ts'
import type { PagesSite } from '../github/pages-site.ts'
import type { Strangers } from '../helm/stranger.ts'
import type { Log } from '../log.ts'
import type { Publication, Verification } from '../model.ts'
import type { Expected } from './channel.ts'
import { indexPath, readBranchIndex } from './pages-branch.ts'
import { isPointless, type PagesFacts, readFacts } from './pages-facts.ts'
import { isRightUrl, type PagesPlace, serves } from './pages-place.ts'
import { otherEntry } from './pages-archive.ts'
import { proveArchive } from './pages-proof.ts'
import { explainMissing, isDefinite } from './pages-reasons.ts'
import { warnBefore } from './pages-survey.ts'
import { waitForIndex } from './pages-wait.ts'
import {
  type Listing,
  lookAtIndex,
  readListing,
  type Served,
} from './served-index.ts'

/** What verifying as a stranger takes, beside the channel itself. */
export interface PagesVerificationOptions {
  readonly site: PagesSite
  readonly strangers: Strangers
  /** How long Pages may take to serve the new index. */
  readonly timeoutSeconds: number
}

export interface PagesVerifier {
  survey(): Promise<readonly string[]>
  verify(publication: Publication, expected: Expected): Promise<Verification>
}

/** How many charts are pulled at a time. */
const SIDE_BY_SIDE = 4

/** Between two lines of the log that say what is waited for, in milliseconds. */
const SILENCE = 20_000

/** The caches of Pages may keep a "not found" as long as an index. */
const CACHED_MILLISECONDS = 10 * 60 * 1000

/**
 * Can a stranger add the served index as a Helm repository, and pull from it?
 * Charts that are verified at the same time share what is asked.
 */
export function createPagesVerifier(
  ports: PagesPlace & PagesVerificationOptions & { readonly log: Log },
): PagesVerifier {
  const { github, site, log } = ports
  const { clock } = github
  const limit = pLimit(SIDE_BY_SIDE)
  let servedAnIndex = false
  let told = -Infinity
  const tell = (waited: number): void => {
    if (clock.now().getTime() < told + SILENCE) return
    told = clock.now().getTime()
    log.info(
      `Waiting for Pages to serve the new ${ports.baseUrl}/index.yaml: ${Math.round(waited / 1000)} s of at most ${ports.timeoutSeconds} s`,
    )
  }

  const look = shared(async (): Promise<Served> => {
    const served = await lookAtIndex(github, ports.baseUrl)
    servedAnIndex ||= served.state === 'index'
    return served
  })
  const consult = shared(
    async (): Promise<PagesFacts> => await readFacts(ports, ports.branch),
  )
  const readBranch = shared(
    async () =>
      await readBranchIndex(ports).catch((thrown: unknown) => {
        log.debug(`Pages: ${messageOf(thrown)}`)
        return undefined
      }),
  )
  const history = shared(
    async (facts: PagesFacts) => await hasServedBefore(ports, facts),
  )
  return {
    survey: async () => {
      try {
        const [state, served] = await Promise.all([site.known(), look()])
        return await warnBefore(ports, { state, served })
      } catch (thrown) {
        log.debug(`Pages: ${messageOf(thrown)}`)
        return []
      }
    },

    verify: async (publication, expected) => {
      const began = clock.now().getTime()
      const until = new Date(began + ports.timeoutSeconds * 1000)
      const branch = lazy(readBranch)
      const list = async (text: string): Promise<Listing> => {
        const found = readListing(text, expected)
        if (found.state !== 'other') return found
        // An entry without a digest is ours only if the branch has it so, too.
        const own = await branch()
        return own != null &&
          readListing(own, expected).state !== 'ours' &&
          readListing(own, expected, publication).state === 'ours'
          ? readListing(text, expected, publication)
          : found
      }
      const seen = await waitForIndex({
        clock,
        until,
        look: async () => {
          const served = await look()
          const { state } = served
          const listing = state === 'index' ? await list(served.text) : null
          return { served, listing }
        },
        consult,
        onPause: tell,
        isPointless: (facts, served) => isPointless(ports, facts, served),
        isOver: async ({ listing }) => {
          if (listing?.state !== 'other') return false
          const own = await branch()
          return (
            own !== undefined &&
            (own === null ||
              readListing(own, expected, publication).state !== 'ours')
          )
        },
      })
      const { served, listing } = seen
      if (listing?.state === 'other')
        return otherEntry(ports, expected, listing.digest)
      // What we cannot read, Helm may: it has the last word.
      if (
        listing?.state === 'ours' ||
        listing?.state === 'unreadable' ||
        served.state === 'no index'
      )
        return await limit(
          async () =>
            await proveArchive({
              place: ports,
              strangers: ports.strangers,
              expected,
              entry: listing?.state === 'ours' ? listing.entry : undefined,
              until,
            }),
        )
      const facts = seen.facts ?? (await consult())
      return explainMissing({
        place: ports,
        facts,
        served,
        servedBefore:
          servedAnIndex || (isDefinite(served) && (await history(facts))),
        what: `${expected.name} ${expected.version}`,
      })
    },
  }
}

/** By GitHub's history, which tells of the branch at Pages' own address. */
async function hasServedBefore(
  ports: PagesPlace & { readonly log: Log },
  { state }: PagesFacts,
): Promise<boolean> {
  const { github, branch, log } = ports
  const settings = state?.kind === 'on' ? state.settings : null
  const isElsewhere = settings !== null && !serves(ports, settings)
  if (
    settings !== null &&
    // Of another folder of this branch, history cannot be told from this one's.
    (isElsewhere
      ? settings.builtBy === 'branch' && settings.branch === branch
      : !isRightUrl(ports, settings))
  )
    return false
  const isGone = state?.kind === 'off' || isElsewhere
  try {
    return await hasServedFile(github, {
      branch,
      path: indexPath(ports),
      until: new Date(
        github.clock.now().getTime() - (isGone ? 0 : CACHED_MILLISECONDS),
      ),
    })
  } catch (thrown) {
    // No evidence is no accusation.
    log.debug(`Pages: ${messageOf(thrown)}`)
    return false
  }
}

/** Whoever asks while it is being asked gets the same answer. */
function shared<A extends readonly unknown[], T>(
  ask: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  let asked: Promise<T> | undefined
  return async (...args) =>
    await (asked ??= ask(...args).finally(() => {
      asked = undefined
    }))
}

function lazy<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  return async () => await (asked ??= ask())
}

import type { Clock } from '../clock.ts'
import type { Listing, Served } from './served-index.ts'
import type { PagesFacts } from './pages-facts.ts'

/** What is served at one look. */
export interface Sight {
  readonly served: Served
  /** `null` without an index. */
  readonly listing: Listing | null
}

/** What was served when waiting ended. */
export interface Seen extends Sight {
  /** What GitHub said at that moment, if it was asked. */
  readonly facts: PagesFacts | null
}

export interface WaitOrder {
  readonly clock: Clock
  /** When to give up; there is always one look. */
  readonly until: Date
  readonly look: () => Promise<Sight>
  /** Asks GitHub how Pages is set up. */
  readonly consult: () => Promise<PagesFacts>
  readonly isPointless: (facts: PagesFacts, served: Served) => boolean
  /** Tells people before each pause; in milliseconds. */
  readonly onPause: (waited: number) => void
  /** Does this end the waiting at once? */
  readonly isOver: (seen: Sight) => Promise<boolean>
}

const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 15_000

/** Seconds of waiting after which GitHub is asked again. */
const CONSULT_AFTER = [0, 30, 120]

/** GitHub's settings may lag a moment behind: so many looks make it sure. */
const LOOKS_TO_BE_SURE = 3

/**
 * Looks, with growing pauses, until the index lists what it should, or until
 * there is no point in waiting.
 */
export async function waitForIndex(order: WaitOrder): Promise<Seen> {
  const { clock, until } = order
  const began = clock.now().getTime()
  const due = CONSULT_AFTER.map((seconds) => began + seconds * 1000)
  let pause = FIRST_PAUSE
  let inVain = 0
  for (;;) {
    const seen = await order.look()
    if (seen.listing?.state === 'ours' || (await order.isOver(seen)))
      return { ...seen, facts: null }
    const now = clock.now().getTime()
    if (inVain > 0 || now >= (due[0] ?? Infinity)) {
      while (now >= (due[0] ?? Infinity)) due.shift()
      const facts = await order.consult()
      inVain = order.isPointless(facts, seen.served) ? inVain + 1 : 0
      if (inVain >= LOOKS_TO_BE_SURE) return { ...seen, facts }
    }
    const left = until.getTime() - clock.now().getTime()
    if (left <= 0) return { ...seen, facts: null }
    order.onPause(clock.now().getTime() - began)
    await clock.sleep(Math.min(pause, left))
    pause = Math.min(LONGEST_PAUSE, pause * 1.5)
  }
}

import { isLost } from './failure.ts'
import type { GitHub } from './client.ts'
import { judgeFault } from './octokit.ts'

/** A write of which one look tells whether it happened. */
export interface WriteOrder<T> {
  /** For the log: `POST releases`. */
  readonly what: string
  readonly write: () => Promise<T>
  /** What the write has made; `undefined`: it did not happen. */
  readonly look: () => Promise<{ readonly made: T } | undefined>
}

const ATTEMPTS = 4

/**
 * Writes something that must not be written twice: when the answer is lost, it
 * looks first, and repeats only what did not happen. Throws what the last
 * attempt threw; what GitHub refuses is thrown at once.
 */
export async function writeOnce<T>(
  { retry, clock }: Pick<GitHub, 'retry' | 'clock'>,
  { what, write, look }: WriteOrder<T>,
): Promise<T> {
  let lost = false
  try {
    return await retry(
      {
        what,
        attempts: ATTEMPTS,
        judge: (thrown) =>
          isLost(thrown) ? judgeFault(thrown, clock.now()) : { again: false },
      },
      async () => {
        const there = lost ? await look() : undefined
        if (there !== undefined) return there.made
        try {
          return await write()
        } catch (thrown) {
          lost = isLost(thrown)
          throw thrown
        }
      },
    )
  } catch (thrown) {
    // The last answer was lost, too.
    const there = isLost(thrown) ? await look() : undefined
    if (there === undefined) throw thrown
    return there.made
  }
}

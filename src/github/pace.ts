import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

/** Resolves when one more write may be sent. */
export type Pace = () => Promise<void>

/**
 * GitHub takes about 80 content-creating requests a minute of one user, and
 * answers more with 403 for a while; other steps of the job write, too.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
const MOST = 70
const MINUTE = 60_000

/** Lets writes through at once as long as a minute has not had too many. */
export function createPace(clock: Clock, log: Pick<Log, 'info'>): Pace {
  /** When the last of them go out, in milliseconds; some may still wait. */
  const slots: number[] = []
  let toldUntil = -Infinity
  return async () => {
    const now = clock.now().getTime()
    const earlier = slots.length < MOST ? undefined : slots.shift()
    const slot = earlier === undefined ? now : Math.max(now, earlier + MINUTE)
    slots.push(slot)
    if (slot <= now) return
    if (now >= toldUntil) {
      toldUntil = slot
      log.info(
        `GitHub takes about ${MOST} writes a minute: waiting for ${Math.ceil((slot - now) / 1000)} s`,
      )
    }
    await clock.sleep(slot - now)
  }
}

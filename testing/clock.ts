import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../src/clock.ts'

/** A clock that sleeping moves on, and that nobody waits for. */
export function fastClock(pauses: number[] = []): Clock {
  let now = Date.now()
  return {
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      pauses.push(milliseconds)
      now += milliseconds
      await setImmediate()
    },
  }
}

import { setTimeout } from 'node:timers/promises'

/** Time as a port, so that waiting can be tested without waiting. */
export interface Clock {
  now(): Date
  /** Resolves after so many milliseconds. */
  sleep(milliseconds: number): Promise<void>
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds) => {
    await setTimeout(milliseconds)
  },
}

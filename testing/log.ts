import type { Log } from '../src/log.ts'

/** A log that says nothing, but for what a test listens to. */
export function quietLog(listeners: Partial<Log> = {}): Log {
  const nothing = (): void => undefined
  return {
    debug: nothing,
    info: nothing,
    notice: nothing,
    warning: nothing,
    error: nothing,
    mask: nothing,
    group: async (_, work) => await work(),
    ...listeners,
  }
}

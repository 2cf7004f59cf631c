/**
 * For `node --import`: a pause lasts a part of what it should, by the variable
 * HURRY, and then as much time has passed as if it had not; a time-out comes so
 * much earlier as the variable IMPATIENCE says. So tests wait little, and the
 * program needs no switch for them.
 */
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'

const factor = Number(process.env.HURRY ?? 1)
const impatience = Number(process.env.IMPATIENCE ?? 1)
const { setTimeout } = timers
const RealDate = Date
/** Milliseconds that nobody has waited for. */
let skipped = 0

timers.setTimeout = async (milliseconds, ...rest) => {
  const due = Date.now() + milliseconds
  const value = await setTimeout(milliseconds / factor, ...rest)
  skipped += Math.max(0, due - Date.now())
  return value
}
syncBuiltinESMExports()

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + skipped)
    else super(...parts)
  }

  static now() {
    return RealDate.now() + skipped
  }
}

/** What waits longer than this before it gives up, in milliseconds. */
const LONG = 30_000
const { timeout } = AbortSignal
AbortSignal.timeout = (milliseconds) =>
  timeout.call(AbortSignal, Math.ceil(milliseconds / impatience))

const later = globalThis.setTimeout
globalThis.setTimeout = Object.assign(
  (work, milliseconds, ...rest) =>
    later(
      work,
      milliseconds > LONG ? milliseconds / impatience : milliseconds,
      ...rest,
    ),
  later,
)

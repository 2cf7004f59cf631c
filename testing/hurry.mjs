/**
 * For `node --import`: pauses last a part of what they should, by the variable
 * HURRY, so that tests need no switch in the program itself.
 */
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'

const factor = Number(process.env.HURRY ?? 1)
const { setTimeout } = timers

timers.setTimeout = (milliseconds, ...rest) =>
  setTimeout(milliseconds / factor, ...rest)
syncBuiltinESMExports()

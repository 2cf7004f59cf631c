import { parseArgs } from 'node:util'

/** What to do of each kind of case; `Infinity`: all of them. */
export interface Options {
  readonly faults: number
  readonly kills: number
  readonly cancels: number
  readonly races: boolean
  readonly seed: number
  /** The name of the one case to do, or a part of several names. */
  readonly only: string | undefined
  /** How many cases run side by side. */
  readonly jobs: number
}

export const usage = `npm run faults -- [OPTION …]

  --faults N   so many cases of the fault matrix
  --kills N    so many of the kill matrix
  --cancels N  so many cancelled jobs
  --races      the races
  --seed N     which ones, and the moments of kills between requests (default: 1)
  --only NAME  the cases with this name, or with this in their name
  --jobs N     so many side by side (default: 2)

Without any of the first four: everything.
`

/** Throws, with words, for what is no option. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      faults: { type: 'string' },
      kills: { type: 'string' },
      cancels: { type: 'string' },
      races: { type: 'boolean' },
      seed: { type: 'string' },
      only: { type: 'string' },
      jobs: { type: 'string' },
    },
  })
  const { faults, kills, cancels, races } = values
  const all = [faults, kills, cancels, races].every(
    (value) => value === undefined,
  )
  const rest = all ? Infinity : 0
  return {
    faults: count('faults', faults) ?? rest,
    kills: count('kills', kills) ?? rest,
    cancels: count('cancels', cancels) ?? rest,
    races: races ?? all,
    seed: count('seed', values.seed) ?? 1,
    only: values.only,
    jobs: Math.max(1, count('jobs', values.jobs) ?? 2),
  }
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) throw new Error(`--${name} wants a number`)
  return Number(text)
}

import { cancelCases } from './cancel-cases.ts'
import { faultCases } from './fault-cases.ts'
import { killCases } from './kill-cases.ts'
import type { Options } from './options.ts'
import { raceCases } from './race-cases.ts'
import { createRandom, type Random, sample } from './random.ts'
import { record } from './recording.ts'
import { createCheckout } from './stage.ts'
import type { Case } from './verdict.ts'

export interface Collection {
  readonly cases: readonly Case[]
  /** Removes what they share. */
  close(): Promise<void>
}

/** Records releases without faults, and makes the cases that were asked for. */
export async function collectCases(options: Options): Promise<Collection> {
  const random = createRandom(options.seed)
  const checkout = await createCheckout(['demo'], 'v1.2.3')
  const untagged = await createCheckout(['demo'])
  const later = await record(checkout, 'later')
  const first = await record(checkout, 'first')
  const branch = await record(untagged, 'branch')
  const groups: readonly (readonly [readonly Case[], number])[] = [
    [faultCases([later, first, branch]), options.faults],
    [killCases(later, random), options.kills],
    [cancelCases(later), options.cancels],
    [raceCases(later), options.races ? Infinity : 0],
  ]
  return {
    cases: groups.flatMap(([all, count]) =>
      pick(all, { count, only: options.only, random }),
    ),
    close: async () => {
      for (const { repository } of [checkout, untagged])
        await repository.remove()
    },
  }
}

/** By name where there is one, else so many of them. */
export function pick(
  all: readonly Case[],
  how: {
    readonly count: number
    readonly only: string | undefined
    readonly random: Random
  },
): readonly Case[] {
  const { only, count, random } = how
  if (only === undefined) return sample(all, count, random)
  const exact = all.filter(({ name }) => name === only)
  return exact.length > 0
    ? exact
    : all.filter(({ name }) => name.includes(only))
}

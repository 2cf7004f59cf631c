import type { FaultEffect } from '../../testing/faults.ts'
import { judge } from './attempt.ts'
import type { Recording } from './recording.ts'
import { kindOf, namePoint, type Point } from './request-kind.ts'
import { HURRY, openStage } from './stage.ts'
import type { Case, Verdict } from './verdict.ts'

interface FaultKind {
  readonly name: string
  readonly effect: FaultEffect
  /** Default: 1. */
  readonly times?: number
  /** Requests that it is kept from. */
  readonly spares?: RegExp
}

/** What can happen to a request. */
export const faultKinds: readonly FaultKind[] = [
  { name: '500', effect: { kind: 'status', status: 500 } },
  {
    name: '503 three times',
    times: 3,
    effect: { kind: 'status', status: 503 },
  },
  {
    name: '429',
    effect: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  },
  { name: 'reset before', effect: { kind: 'reset', when: 'before' } },
  { name: 'reset after', effect: { kind: 'reset', when: 'after' } },
  { name: 'cut short', effect: { kind: 'truncate' } },
  { name: 'no answer', effect: { kind: 'hang' } },
  // Not the one request alone, but all of its kind: until the run gives up.
  {
    name: '503 from then on',
    times: Infinity,
    effect: { kind: 'status', status: 503 },
    // Without them there is a release that says so, not none.
    spares: /generate-notes$/,
  },
]

/**
 * Every fault for every request of these releases; of the second and further
 * ones, only what changes something at GitHub, or was never asked before.
 */
export function faultCases(recordings: readonly Recording[]): readonly Case[] {
  const seen = new Set<string>()
  const isNew = (point: Point): boolean => {
    const name = namePoint(point)
    const known = seen.has(name)
    seen.add(name)
    return !known || (point.door === 'github' && point.method !== 'GET')
  }
  return recordings.flatMap((recording) =>
    recording.points.filter(isNew).flatMap((point) =>
      faultKinds
        .filter(({ spares }) => spares?.test(point.kind) !== true)
        .map((kind) => ({
          group: kind.name,
          name: `${kind.name}: ${recording.setting} release, ${namePoint(point)}`,
          run: async () => await strike(recording, point, kind),
        })),
    ),
  )
}

async function strike(
  { checkout, setting, state }: Recording,
  point: Point,
  kind: FaultKind,
): Promise<Verdict> {
  const stage = await openStage(checkout, setting)
  try {
    let seen = 0
    stage.doors[point.door]?.inject({
      method: point.method,
      path: (path) => {
        const fits = kindOf(path) === point.kind
        if (fits) seen += 1
        return fits
      },
      after: point.nth - 1,
      times: kind.times ?? 1,
      effect: kind.effect,
    })
    const first = await stage.release(
      kind.effect.kind === 'hang' ? { impatience: HURRY } : {},
    )
    return await judge({
      stage,
      wanted: state,
      first,
      met: seen >= point.nth,
    })
  } finally {
    await stage.close()
  }
}

import { type Point, pointsOf } from './request-kind.ts'
import { type Checkout, openStage, type Setting } from './stage.ts'
import type { State } from './state.ts'
import { tailOf } from './verdict.ts'

/** A release that nothing was done to. */
export interface Recording {
  readonly setting: Setting
  readonly checkout: Checkout
  readonly points: readonly Point[]
  readonly state: State
  /** How long it took. */
  readonly milliseconds: number
}

export async function record(
  checkout: Checkout,
  setting: Setting,
): Promise<Recording> {
  const stage = await openStage(checkout, setting)
  try {
    const begun = Date.now()
    const run = await stage.release()
    if (run.exitCode !== 0 || stage.watcher.complaints.size > 0)
      throw new Error(
        `a release without faults failed:\n${[...stage.watcher.complaints, ...tailOf(run)].join('\n')}`,
      )
    return {
      setting,
      checkout,
      points: Object.entries(stage.doors).flatMap(([name, door]) =>
        pointsOf(name, door.requests),
      ),
      state: await stage.state(),
      milliseconds: Date.now() - begun,
    }
  } finally {
    await stage.close()
  }
}

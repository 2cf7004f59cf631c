import type { ActionResult } from '../../testing/action.ts'
import type { Stage } from './stage.ts'
import { differences, type State } from './state.ts'
import { tailOf, untidiness, type Verdict } from './verdict.ts'

export interface Attempt {
  readonly stage: Stage
  /** What a run without faults leaves. */
  readonly wanted: State
  /** The run that something is done to. */
  readonly first: ActionResult
  /** It was killed: nobody asks how it took it. */
  readonly killed?: boolean
  /** Awaited before the end is looked at. */
  readonly settled?: () => Promise<void>
  readonly met: boolean
}

/**
 * The verdict on a run that something was done to: it released everything, or
 * it failed as it should, or warned of what it left out; then one more run
 * releases the rest.
 */
export async function judge(attempt: Attempt): Promise<Verdict> {
  const { stage, first, wanted, met } = attempt
  const words: string[] = []
  const failed = first.exitCode !== 0
  if (failed && attempt.killed !== true) words.push(...untidiness(first))
  const again = failed || (await isPartial(attempt))
  if (again) {
    for (const door of Object.values(stage.doors)) door.heal()
    const second = await stage.release()
    if (second.exitCode !== 0)
      words.push('the second run failed, too:', ...tailOf(second))
  }
  await attempt.settled?.()
  words.push(
    ...differences(await stage.state(), wanted),
    ...stage.watcher.complaints,
  )
  if (words.length > 0)
    return {
      ending: 'lost',
      met,
      words: [...words, 'the first run ended so:', ...tailOf(first)],
    }
  return { ending: again ? 'by re-run' : 'at once', words, met }
}

/** A green run that says what is still to be done: an alias, say. */
async function isPartial({ stage, first, wanted }: Attempt): Promise<boolean> {
  return (
    first.annotations.some(({ level }) => level === 'warning') &&
    differences(await stage.state(), wanted).length > 0
  )
}

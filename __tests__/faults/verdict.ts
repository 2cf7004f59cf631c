import { errorCodes } from '../../src/errors.ts'
import type { ActionResult } from '../../testing/action.ts'

/** How a case ended. */
export type Ending = 'at once' | 'by re-run' | 'lost'

export interface Verdict {
  readonly ending: Ending
  /** Of what was lost: how it came. */
  readonly words: readonly string[]
  /** Did the case happen at all? A fault may meet no request. */
  readonly met: boolean
}

export interface Case {
  /** The row of the table. */
  readonly group: string
  /** Unique, and enough to do it again. */
  readonly name: string
  run(): Promise<Verdict>
}

/** What is wrong with how a run failed; nothing, if it failed as it should. */
export function untidiness(
  run: Pick<ActionResult, 'exitCode' | 'log' | 'annotations'>,
): readonly string[] {
  const titles = run.annotations
    .filter(({ level }) => level === 'error')
    .map(({ properties }) => properties['title'] ?? '')
  const known: readonly string[] = errorCodes
  return [
    ...(run.exitCode === 1 ? [] : [`it ended with exit code ${run.exitCode}`]),
    ...(titles.length === 0 ? ['it failed without a word'] : []),
    ...titles
      .filter((title) => !known.includes(title) || title === 'INTERNAL')
      .map((title) => `it failed with the code "${title}"`),
    ...(/^\s+at .+:\d+:\d+\)?$/m.test(run.log) ? ['it shows a stack'] : []),
  ]
}

/** The end of a log, for somebody who looks into a lost case. */
export function tailOf({ log }: Pick<ActionResult, 'log'>): readonly string[] {
  return log.trimEnd().split('\n').slice(-12)
}

import { judge } from './attempt.ts'
import { afterRequest } from './moment.ts'
import { groupEnds, killGroup, signal } from './processes.ts'
import type { Random } from './random.ts'
import type { Recording } from './recording.ts'
import { openStage } from './stage.ts'
import type { Case, Verdict } from './verdict.ts'

/**
 * `job`: the job's process alone, so that a Helm of it may work on. `machine`:
 * that, too.
 */
type Victim = 'job' | 'machine'

interface Kill {
  readonly victim: Victim
  /** Requests that were done by then, from 1. */
  readonly after: number
  /** What else passes, in milliseconds. 0: nobody is told of that request. */
  readonly pause: number
}

/** How many more there are than requests, at moments that nobody chose. */
const MORE = 40

/** SIGKILL after every request, and at moments between. */
export function killCases(
  recording: Recording,
  random: Random,
): readonly Case[] {
  const { points, milliseconds } = recording
  const every = points.map((_, at): Kill => ({
    victim: at % 2 === 0 ? 'job' : 'machine',
    after: at + 1,
    pause: 0,
  }))
  // Between two requests, as they came in the recorded release.
  const gap = (2 * milliseconds) / points.length
  const between = Array.from({ length: MORE }, (): Kill => ({
    victim: random() < 0.5 ? 'job' : 'machine',
    after: 1 + Math.floor(random() * points.length),
    pause: 1 + Math.floor(random() * gap),
  }))
  return [...every, ...between].map((kill) => ({
    group: `kill ${kill.victim}`,
    name: nameOf(kill),
    run: async () => await strike(recording, kill),
  }))
}

function nameOf({ victim, after, pause }: Kill): string {
  const moment = pause === 0 ? '' : `${pause} ms `
  return `kill ${victim}: ${moment}after request ${after}`
}

async function strike(
  { checkout, setting, state }: Recording,
  { victim, after, pause }: Kill,
): Promise<Verdict> {
  const stage = await openStage(checkout, setting)
  try {
    let pid = 0
    const kill = (): void => {
      if (victim === 'machine') killGroup(pid)
      else signal(pid, 'SIGKILL')
    }
    afterRequest(stage, after, () => {
      if (pause === 0) kill()
      else setTimeout(kill, pause)
    })
    const first = await stage.release({
      onStart: (started) => {
        pid = started
      },
    })
    return await judge({
      stage,
      wanted: state,
      first,
      killed: true,
      settled: async () => {
        await groupEnds(pid)
      },
      met: first.exitCode === null,
    })
  } finally {
    await stage.close()
  }
}

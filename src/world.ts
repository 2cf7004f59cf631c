import type { Clock } from './clock.ts'
import type { Exec } from './exec.ts'
import type { Http } from './http.ts'
import type { Log } from './log.ts'
import type { OutputName } from './report/outputs.ts'

/** Everything outside this process that a run touches, made in `index.ts`. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly exec: Exec
  readonly http: Http
  readonly clock: Clock
  readonly log: Log
  setOutput(name: OutputName, value: string): void
  /** Adds GitHub's Markdown to the job summary. */
  addSummary(markdown: string): Promise<void>
  /** Makes the step fail. */
  fail(): void
}

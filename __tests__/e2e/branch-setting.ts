import type { ActionResult } from '../../testing/action.ts'
import {
  chartFiles,
  type Files,
  type Repository,
} from '../../testing/repository.ts'
import type { LoopbackWorld } from '../../testing/world.ts'

/** Two charts, `one` at 1.0.0 and `two` at 2.0.0, below `charts/`. */
export const two: Files = {
  ...chartFiles({ name: 'one', version: '1.0.0', directory: 'charts/one' }),
  ...chartFiles({ name: 'two', version: '2.0.0', directory: 'charts/two' }),
}

/** A run of the default branch that makes the tags, and verifies nothing. */
export async function runOnMain(
  world: LoopbackWorld,
  repository: Repository,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionResult> {
  return await world.release({
    repository,
    inputs: { 'create-tags': 'true', verify: 'false', ...inputs },
    hurry: 20,
  })
}

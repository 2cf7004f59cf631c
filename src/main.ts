import { failuresOf } from './failures.ts'
import { release } from './release.ts'
import { nothingReleased, type Outcome } from './report/outcome.ts'
import { report } from './report/report.ts'
import { readRequest } from './request.ts'
import { openRunFolder } from './run-folder.ts'
import type { World } from './world.ts'

/** One run of the action. Never rejects: the report tells what failed. */
export async function main(world: World): Promise<void> {
  await report(world, await run(world))
}

async function run(world: World): Promise<Outcome> {
  try {
    const request = await world.log.group(
      'Read',
      async () => await readRequest(world),
    )
    const folder = await openRunFolder(request.event.temp)
    try {
      return await release(world, request, folder)
    } finally {
      await folder.remove()
    }
  } catch (thrown) {
    return nothingReleased(failuresOf(thrown))
  }
}

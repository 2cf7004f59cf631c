import type { ReleaseError } from './errors.ts'
import { failuresOf } from './failures.ts'
import type { GitHub } from './github/client.ts'
import { createTag } from './github/tags.ts'
import type { Log } from './log.ts'
import type { ReleasedChart } from './verify-chart.ts'

/**
 * Creates the new tags that no GitHub Release has created by being published,
 * last of all: a tag says that its version is out. Returns the failures.
 */
export async function createNewTags(
  charts: readonly ReleasedChart[],
  github: GitHub,
  log: Log,
): Promise<readonly ReleaseError[]> {
  const failures: ReleaseError[] = []
  const byTag = Map.groupBy(charts, ({ release }) => release.tag.name)
  for (const [name, those] of byTag) {
    const due = those.every(
      ({ release, settled, deliveries }) =>
        release.tag.isNew === true &&
        !settled &&
        deliveries.every(
          ({ channel, receipt }) =>
            channel.kind !== 'github-release' &&
            (receipt.status !== 'failed' || !channel.required),
        ),
    )
    const [first] = those
    if (!due || first === undefined) continue
    try {
      await createTag(github, first.release.tag)
      log.info(`The tag ${name} now points at ${first.release.tag.commit}`)
    } catch (thrown) {
      failures.push(...failuresOf(thrown))
    }
  }
  return failures
}

import type { Channel } from './channels/channel.ts'
import { type Located, locateEverywhere } from './findings.ts'
import type { ChartRelease } from './model.ts'
import type { Request } from './request.ts'
import type { Resolved } from './resolve.ts'
import { warnAboutSource } from './source-link.ts'
import type { World } from './world.ts'

/** A chart of this run, and what every channel has of it. */
export interface Checked {
  readonly release: ChartRelease
  readonly located: readonly Located[]
}

/** Everything that can be known without changing anything (P2). */
export async function check(
  { log }: World,
  facts: {
    readonly request: Request
    readonly resolved: Resolved
    readonly channels: readonly Channel[]
  },
): Promise<readonly Checked[]> {
  const checked: Checked[] = []
  for (const release of facts.resolved.released) {
    const { chart, version } = release
    const warning = warnAboutSource(chart, facts.request)
    if (warning !== null) log.warning(warning, chart.versionAt)
    const located = await locateEverywhere(
      facts.channels,
      { name: chart.name, version },
      log,
    )
    for (const { channel, location } of located)
      log.info(`${channel.name}: ${chart.name} ${version} is ${location.state}`)
    checked.push({ release, located })
  }
  return checked
}

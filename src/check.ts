import pLimit from 'p-limit'
import { checkArtifactHub } from './artifacthub/check.ts'
import type { Channel } from './channels/channel.ts'
import { isForksEvent } from './event.ts'
import { ReleaseError } from './errors.ts'
import { allOf } from './failures.ts'
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

/** How many charts are looked for at a time. */
const SIDE_BY_SIDE = 4

/** Everything that can be known without changing anything (P2). */
export async function check(
  { log }: World,
  facts: {
    readonly request: Request
    readonly resolved: Resolved
    readonly channelsOf: (release: ChartRelease) => readonly Channel[]
  },
): Promise<readonly Checked[]> {
  const { channelsOf, request } = facts
  const { released } = facts.resolved
  const { inputs, event } = request
  // A pull request is not the place to tell what Pages lacks.
  if (inputs.verify && !(inputs.dryRun && isForksEvent(event.name)))
    await surveyAll([...new Set(released.flatMap(channelsOf))], log)
  await checkArtifactHub(event.workspace, released, log)
  const limit = pLimit(SIDE_BY_SIDE)
  const checked = await allOf(
    released.map(async (release): Promise<Checked> => {
      const { chart, version } = release
      const wanted = { name: chart.name, version }
      const located = await limit(
        async () =>
          await locateEverywhere(
            channelsOf(release).map((channel) =>
              release.settledBy === undefined ? channel : onlyLook(channel),
            ),
            wanted,
            { log, dryRun: request.inputs.dryRun },
          ),
      )
      return { release, located }
    }),
  )
  for (const { release, located } of checked) {
    const { chart, version } = release
    const warning = warnAboutSource(chart, facts.request)
    if (warning !== null) log.warning(warning, chart.versionAt)
    for (const { channel, location } of located)
      log.info(`${channel.name}: ${chart.name} ${version} is ${location.state}`)
  }
  return checked
}

/** An immutable release that lacks the package needs it no more. */
function onlyLook(channel: Channel): Channel {
  return {
    ...channel,
    locate: async (wanted) => {
      try {
        return await channel.locate(wanted)
      } catch (thrown) {
        if (
          thrown instanceof ReleaseError &&
          thrown.code === 'RELEASE_IMMUTABLE'
        )
          return { state: 'absent' }
        throw thrown
      }
    },
  }
}

/** What will keep strangers away is said before it is too late. */
async function surveyAll(
  channels: readonly Channel[],
  log: World['log'],
): Promise<void> {
  const found = await Promise.all(
    channels.map(async (channel) => (await channel.survey?.()) ?? []),
  )
  for (const warning of found.flat()) log.warning(warning)
}

import type { Channel } from './channels/channel.ts'
import { createReleaseChannel } from './channels/github-release.ts'
import { listReleases, type Release } from './github/release.ts'
import { prepareReleaseText } from './release-notes/release-text.ts'
import { releaseTitle } from './release-title.ts'
import { outcomeContext } from './report/context.ts'
import type { ToolsOrder } from './tools-order.ts'

/** A channel for the release of each tag, by its name. */
export async function openReleases(
  { request, resolved, github, world: { log } }: ToolsOrder,
  pagesUrl: string | undefined,
): Promise<ReadonlyMap<string, Channel>> {
  const { inputs, event } = request
  const releases = new Map<string, Channel>()
  if (inputs.githubRelease === 'false') return releases
  const visibility =
    event.visibility ?? (await github.readRepository()).visibility
  let listed: Promise<readonly Release[]> | undefined
  const known = async (): Promise<readonly Release[]> =>
    await (listed ??= listReleases(github))
  const byTag = Map.groupBy(resolved.released, ({ tag }) => tag.name)
  for (const [name, charts] of byTag) {
    const [first] = charts
    if (first === undefined) continue
    const channel = createReleaseChannel({
      github,
      known: byTag.size > 1 ? known : undefined,
      tag: first.tag,
      charts: charts.map(({ chart, version }) => ({
        name: chart.name,
        version,
      })),
      title: releaseTitle(
        inputs.releaseName ?? '{tag}',
        first,
        inputs.appVersion,
      ),
      prerelease: inputs.prerelease,
      makeLatest: inputs.makeLatest,
      // What was released before is only looked at, whoever drafts there now.
      adopt: inputs.githubRelease === 'adopt' || first.settledBy !== undefined,
      text: await prepareReleaseText({
        github,
        source: inputs.releaseNotes,
        workspace: event.workspace,
        charts,
        registries: inputs.registries,
        pagesUrl,
        isPublic: visibility === 'public',
        context: outcomeContext(request, resolved),
        log,
      }),
      log,
    })
    releases.set(name, channel)
  }
  return releases
}

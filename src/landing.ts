import type { Landing } from './channels/pages-landing.ts'
import { describeRelease } from './channels/landing-release.ts'
import { isOfGitHub } from './oci/visibility.ts'
import type { ToolsOrder } from './tools-order.ts'

/** The landing page that this run keeps; `undefined`: none. */
export async function prepareLanding(
  { request, resolved, github, world: { log } }: ToolsOrder,
  baseUrl: string,
): Promise<Landing | undefined> {
  const { inputs, event } = request
  if (inputs.pagesSite === 'false') return undefined
  const { owner, repo, serverUrl } = github
  const visibility =
    event.visibility ?? (await github.readRepository()).visibility
  const releases = new Map(
    resolved.released.map((one) => [`${one.chart.name} ${one.version}`, one]),
  )
  return {
    mode: inputs.pagesSite,
    facts: {
      owner,
      repositoryName: repo,
      repositoryUrl: `${serverUrl}/${owner}/${repo}`,
      baseUrl,
    },
    describe: async (made) =>
      await describeRelease(
        {
          registries: inputs.registries,
          // A package starts with the visibility of the repository it is linked to.
          wantsLogin: ({ host }) =>
            visibility !== 'public' && isOfGitHub({ host }, github),
          sourceOf: ({ name, version }) => {
            const one = releases.get(`${name} ${version}`)
            return {
              tag: one?.settledBy ?? one?.tag.name ?? '',
              directory: one?.chart.directory ?? '.',
            }
          },
          log,
        },
        made,
      ),
  }
}

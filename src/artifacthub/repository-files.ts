import { readRepositoryFile, type RepositoryFile } from './repository-file.ts'
import type { ToolsOrder } from '../tools-order.ts'

/**
 * ArtifactHub's files: the root's is about the Helm repository, one beside a
 * chart about that chart's own OCI repository. Never is one sent to both.
 */
export async function readRepositoryFiles({
  request: { inputs, event },
  resolved: { released },
  world: { log },
}: ToolsOrder): Promise<{
  readonly ofRoot: RepositoryFile | undefined
  readonly ofChart: ReadonlyMap<string, RepositoryFile>
}> {
  const ofChart = new Map<string, RepositoryFile>()
  if (!inputs.artifacthubRepo) return { ofRoot: undefined, ofChart }
  for (const { chart, settledBy } of released) {
    if (chart.directory === '.' || settledBy !== undefined) continue
    const file = await readRepositoryFile(event.workspace, chart.directory)
    if (file !== null) ofChart.set(chart.name, file)
  }
  const ofRoot = await readRepositoryFile(event.workspace, '.')
  for (const [chart, { id, name }] of ofChart)
    if (id !== null && id === ofRoot?.id)
      log.warning(
        `${name} beside the chart ${chart} and the one at the root both say repositoryID: ${id}. ArtifactHub gives each repository an ID of its own: the one at the root is the Helm repository's, the one beside a chart is that of its OCI repository. Correct the one that is wrong, or ArtifactHub does not show it as verified.`,
      )
  return { ofRoot: ofRoot ?? undefined, ofChart }
}

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { readChartFile } from '../charts/read.ts'
import type { Log } from '../log.ts'
import type { ChartRelease } from '../model.ts'
import { checkAnnotations } from './annotations.ts'
import { findMissingNiceties } from './niceties.ts'

/**
 * Checks what ArtifactHub will read of the charts, before they are published
 * (P2). Throws every `METADATA_INVALID` at once; what would merely be nice is
 * one notice a chart. A version that was released before is left alone.
 */
export async function checkArtifactHub(
  workspace: string,
  released: readonly ChartRelease[],
  log: Log,
): Promise<void> {
  const failures: unknown[] = []
  for (const { chart, settledBy } of released) {
    if (settledBy !== undefined) continue
    const { directory } = chart
    const { text } = await readChartFile({ workspace, directory })
    failures.push(...checkAnnotations(chart, text))
    const files = await readdir(path.join(workspace, directory))
    const notice = findMissingNiceties(chart, { text, files })
    if (notice !== null) log.notice(notice, { file: chart.versionAt.file })
  }
  if (failures.length === 1) throw failures[0]
  if (failures.length > 1)
    throw new AggregateError(failures, `${failures.length} annotations`)
}

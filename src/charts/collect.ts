import path from 'node:path'
import { asReleaseError, type ReleaseError } from '../errors.ts'
import type { Chart } from '../model.ts'
import { type ChartRules, identifyChart } from './chart-file.ts'
import { findCharts } from './find.ts'
import { type ChartPlace, readChart, readChartFile } from './read.ts'

/** A directory with a `Chart.yaml` that is no valid chart. */
export interface UnreadableChart {
  /** Relative to the workspace, with `/`. */
  readonly directory: string
  /** As far as it can be made out, else the directory's own name. */
  readonly name: string
  /** As it stands there, valid or not. */
  readonly version?: string
  readonly error: ReleaseError
}

/** Every chart of the workspace. */
export interface ChartCollection {
  readonly charts: readonly Chart[]
  /** Faults only when the tag selects them, see `selectCharts`. */
  readonly unreadable: readonly UnreadableChart[]
}

export interface ChartSearch {
  readonly workspace: string
  /** The input `charts`; empty: find them. */
  readonly patterns: readonly string[]
  readonly rules: ChartRules
}

/**
 * Finds and reads the charts, by directory. Throws `CHART_NOT_FOUND` and
 * `INPUT_INVALID` as `findCharts` does; a chart that cannot be read is a value.
 */
export async function collectCharts({
  workspace,
  patterns,
  rules,
}: ChartSearch): Promise<ChartCollection> {
  const charts: Chart[] = []
  const unreadable: UnreadableChart[] = []
  for (const directory of await findCharts(workspace, patterns)) {
    const place = { workspace, directory }
    try {
      charts.push(await readChart(place, rules))
    } catch (thrown) {
      unreadable.push({
        directory,
        name: path.basename(path.resolve(workspace, directory)),
        ...(await identify(place)),
        error: asReleaseError(thrown),
      })
    }
  }
  return { charts, unreadable }
}

async function identify(
  place: ChartPlace,
): Promise<ReturnType<typeof identifyChart>> {
  return await readChartFile(place).then(identifyChart, () => ({}))
}

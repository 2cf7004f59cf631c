import { access, mkdtemp } from 'node:fs/promises'
import path from 'node:path'
import type { ArchiveFiles } from './archive.ts'
import {
  type Copier,
  createCopier,
  isWithin,
  type RefusedLink,
} from './copy.ts'
import { readDependencies } from './dependencies.ts'
import { ReleaseError } from '../errors.ts'
import type { Chart } from '../model.ts'

export interface StagedChart {
  /** The copy of the whole part of the workspace that was needed. */
  readonly root: string
  /** The copy of the chart. */
  readonly directory: string
  /** The copies of its `file://` dependencies, the deepest first. */
  readonly local: readonly string[]
  /** Throws `CHART_INVALID` when a link that was not followed was packaged. */
  checkLinks(files: ArchiveFiles): void
}

/**
 * Copies a chart, and whatever its `file://` dependencies need, to a new folder
 * below `stagingRoot`, at the same places relative to each other: Helm resolves
 * `file://../library` against the chart. The workspace is only read.
 *
 * Throws `CHART_INVALID` for a dependency that is not inside the workspace.
 */
export async function stageChart(question: {
  readonly chart: Chart
  readonly workspace: string
  readonly stagingRoot: string
  /** Whether `file://` dependencies are needed. */
  readonly withLocal: boolean
}): Promise<StagedChart> {
  const { chart, workspace, stagingRoot, withLocal } = question
  const root = await mkdtemp(path.join(stagingRoot, 'chart-'))
  const copier = await createCopier(workspace)
  const places: Places = { workspace, root, copier, staged: new Set() }
  const directory = await stage(chart.directory, places, chart)
  const own = copier.refused.find(({ link }) => link === chart.versionAt.file)
  if (own !== undefined) throw refusal(own)
  const local: string[] = []
  const visit = async (
    folder: string,
    above: readonly string[],
  ): Promise<void> => {
    if (above.includes(folder))
      throw invalid(chart, `${relative(folder, root)} depends on itself`)
    if (local.includes(folder)) return
    for (const { name, repository } of await readDependencies(folder)) {
      if (!repository.startsWith('file://')) continue
      const wanted = repository.slice('file://'.length)
      if (path.isAbsolute(wanted))
        throw invalid(
          chart,
          `dependency ${name} is named by an absolute path (${repository}); name it relative to the chart, such as file://../${name}`,
        )
      const within = path.relative(root, path.resolve(folder, wanted))
      await visit(await stage(within, places, chart), [...above, folder])
    }
    if (folder !== directory) local.push(folder)
  }
  if (withLocal) await visit(directory, [])
  return {
    root,
    directory,
    local,
    checkLinks: (files) => {
      checkLinks(files, copier)
    },
  }
}

interface Places {
  readonly workspace: string
  readonly root: string
  readonly copier: Copier
  /** What has been copied, absolutely. */
  readonly staged: Set<string>
}

/** Copies one chart folder, unless a copied folder held it already. */
async function stage(
  within: string,
  places: Places,
  chart: Chart,
): Promise<string> {
  const { workspace, root, copier, staged } = places
  const from = path.resolve(workspace, within)
  const to = path.resolve(root, within)
  const name = within.replaceAll('\\', '/')
  if (!isWithin(root, to))
    throw invalid(
      chart,
      `a file:// dependency leads out of the workspace, to ${name}`,
    )
  const found = await copier.resolve(from)
  if ('reason' in found) throw invalid(chart, `${name} ${found.reason}`)
  if ([...staged].some((done) => isWithin(done, to)) && (await exists(to)))
    return to
  await copier.copyFolder(from, to)
  staged.add(to)
  return to
}

function checkLinks(files: ArchiveFiles, copier: Copier): void {
  if (copier.refused.length === 0) return
  for (const bytes of files.values()) {
    const link = copier.refusedBy(bytes)
    if (link !== undefined) throw refusal(link)
  }
}

function refusal({ link, reason }: RefusedLink): ReleaseError {
  return new ReleaseError(
    'CHART_INVALID',
    `${link} is a link that ${reason}. It is not followed: replace it by what it points at, or exclude it in .helmignore.`,
    { at: { file: link } },
  )
}

function invalid(chart: Chart, reason: string): ReleaseError {
  return new ReleaseError(
    'CHART_INVALID',
    `Chart ${chart.name} cannot be packaged: ${reason}. A chart and its file:// dependencies must lie inside the workspace and outside .git.`,
    { at: { file: chart.versionAt.file } },
  )
}

function relative(folder: string, root: string): string {
  return path.relative(root, folder).replaceAll('\\', '/') || '.'
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  )
}

import { access, mkdtemp } from 'node:fs/promises'
import path from 'node:path'
import type { ArchiveFiles } from './archive.ts'
import {
  type Copier,
  createCopier,
  isWithin,
  type RefusedLink,
} from './copy.ts'
import {
  type Dependencies,
  type DependencyMode,
  type NamedDependency,
  readDependencies,
} from './dependencies.ts'
import { ReleaseError } from '../errors.ts'
import type { Helm } from '../helm/cli.ts'
import type { Chart } from '../model.ts'

export interface StagedChart {
  /** The copy of the whole part of the workspace that was needed. */
  readonly root: string
  /** The copy of the chart. */
  readonly directory: string
  /**
   * The chart and its `file://` dependencies, as copies: the deepest first, the
   * chart itself last.
   */
  readonly folders: ReadonlyMap<string, Dependencies>
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
  /** What is to be done about dependencies; with `none`, none are copied. */
  readonly mode: DependencyMode
  readonly helm: Helm
}): Promise<StagedChart> {
  const { chart, workspace, stagingRoot } = question
  const root = await mkdtemp(path.join(stagingRoot, 'chart-'))
  const copier = await createCopier(workspace)
  const places: Places = { workspace, root, copier, staged: new Set() }
  const directory = await stage(chart.directory, places, chart)
  const own = copier.refused.find(({ link }) => link === chart.versionAt.file)
  if (own !== undefined) throw refusal(own)
  const folders = new Map<string, Dependencies>()
  const visit = async (
    folder: string,
    above: readonly string[],
  ): Promise<void> => {
    if (above.includes(folder))
      throw invalid(chart, `${relative(folder, root)} depends on itself`)
    if (folders.has(folder)) return
    const found = await readDependencies(folder, question)
    for (const dependency of [...found.named, ...found.locked]) {
      const within = placeOf(dependency, { folder, root, chart })
      if (within === undefined) continue
      // A lock may be of yesterday, which Helm tells better.
      if (found.locked.includes(dependency) && (await isGone(within, places)))
        continue
      await visit(await stage(within, places, chart), [...above, folder])
    }
    folders.set(folder, found)
  }
  await visit(directory, [])
  return {
    root,
    directory,
    folders,
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

/**
 * Where a `file://` dependency lies, relative to the workspace; `undefined` for
 * one that is fetched. Throws `CHART_INVALID` for an absolute path.
 */
function placeOf(
  { name, repository }: NamedDependency,
  from: {
    readonly folder: string
    readonly root: string
    readonly chart: Chart
  },
): string | undefined {
  if (!repository.startsWith('file://')) return undefined
  const wanted = repository.slice('file://'.length)
  if (path.isAbsolute(wanted))
    throw invalid(
      from.chart,
      `dependency ${name} is named by an absolute path (${repository}); name it relative to the chart, such as file://../${name}`,
    )
  return path.relative(from.root, path.resolve(from.folder, wanted))
}

/** Is there nothing in the workspace? What leads out of it is not "gone". */
async function isGone(
  within: string,
  { workspace, root }: Places,
): Promise<boolean> {
  return (
    isWithin(root, path.resolve(root, within)) &&
    !(await exists(path.resolve(workspace, within)))
  )
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

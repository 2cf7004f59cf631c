import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  utimes,
} from 'node:fs/promises'
import path from 'node:path'
import { checkAddresses } from './addresses.ts'
import { type ArchiveFiles, readArchive } from './archive.ts'
import { type DependencyMode, fetchDependencies } from './dependencies.ts'
import { describePackage } from './description.ts'
import { ReleaseError } from '../errors.ts'
import type { Exec } from '../exec.ts'
import type { Helm } from '../helm/cli.ts'
import { checkLint } from '../helm/lint.ts'
import { addRepositories, type HostLogin } from '../helm/repositories.ts'
import type { Log } from '../log.ts'
import type { ChartRelease, Package } from '../model.ts'
import { setTimes } from './mtimes.ts'
import { type StagedChart, stageChart } from './staging.ts'
import { findPackageWarnings } from './stray.ts'
import { warnAboutUntracked } from './untracked.ts'

export interface PackageRequest {
  readonly release: Pick<ChartRelease, 'chart' | 'version'>
  readonly workspace: string
  readonly helm: Helm
  /** The Helm home that `helm` runs with. */
  readonly helmHome: string
  readonly exec: Exec
  readonly log: Log
  readonly dependencies: DependencyMode
  readonly lint: 'true' | 'strict' | 'false'
  readonly appVersion?: string | undefined
  /** The time of everything in the package, to the second. */
  readonly commitTime: Date
  /** A folder for working copies, removed at the end of the run. */
  readonly stagingRoot: string
  /** Where the package is put; an older one of that name is replaced. */
  readonly destination: string
  /** Whether the chart may be that of a fork. */
  readonly fromStranger: boolean
  /** For HTTP chart repositories that the chart names. */
  readonly logins: readonly HostLogin[]
}

/**
 * Builds the package of a chart, from a copy: the workspace is only read. The
 * same commit and the same Helm 4 give the same bytes (P10), because every time
 * that Helm archives, the archive's own included, is the commit's.
 *
 * Lints the chart with its dependencies in place, and warns of what hardly
 * belongs into it. Throws `CHART_INVALID`, `DEPENDENCY_FAILED`, `LINT_FAILED`
 * (several as an `AggregateError`) and `HELM_FAILED`.
 */
export async function packageChart(request: PackageRequest): Promise<Package> {
  const { chart, version } = request.release
  await mkdir(request.stagingRoot, { recursive: true })
  await mkdir(request.destination, { recursive: true })
  const staged = await stageChart({
    chart,
    workspace: request.workspace,
    stagingRoot: request.stagingRoot,
    mode: request.dependencies,
    helm: request.helm,
  })
  const out = await mkdtemp(path.join(request.stagingRoot, 'out-'))
  try {
    const time = new Date(
      Math.floor(request.commitTime.getTime() / 1000) * 1000,
    )
    await resolveDependencies(staged, request, time)
    await lint(staged, request)
    await setTimes(staged.root, time)
    const built = await request.helm.packageChart({
      directory: staged.directory,
      destination: out,
      version: version === chart.version ? undefined : version,
      appVersion: request.appVersion,
      time,
    })
    const archive = await readFile(built)
    const files = await readArchive(archive)
    staged.checkLinks(files)
    const file = await place(built, request)
    // Helm writes this time into the OCI manifest.
    await utimes(file, time, time)
    await warn(files, request)
    return describePackage(
      { archive, files, file, provenance: null, time },
      { name: chart.name, version },
    )
  } finally {
    await rm(staged.root, { recursive: true, force: true })
    await rm(out, { recursive: true, force: true })
  }
}

/** Deepest first: a `file://` dependency is archived with what it holds then. */
async function resolveDependencies(
  staged: StagedChart,
  request: PackageRequest,
  time: Date,
): Promise<void> {
  const { dependencies: mode, helm, helmHome: home, logins, log } = request
  if (mode === 'none') return
  const found = [...staged.folders.values()]
  await checkAddresses(
    found.flatMap(({ named, locked }) => [...named, ...locked]),
    { fromStranger: request.fromStranger },
  )
  const urls = found.flatMap(({ named }) =>
    named.map(({ repository }) => repository),
  )
  await addRepositories({ home, urls, logins, log })
  for (const [folder, { named }] of staged.folders) {
    await setTimes(staged.root, time)
    await fetchDependencies(folder, { mode, helm, time, named })
  }
}

async function lint(
  staged: StagedChart,
  { release, helm, log, lint: how }: PackageRequest,
): Promise<void> {
  if (how === 'false') return
  const strict = how === 'strict'
  const result = await helm.lint(staged.directory, strict)
  await checkLint(result, { chart: release.chart, strict, log })
}

/** Moves the archive to its destination, under the one name it may have. */
async function place(built: string, request: PackageRequest): Promise<string> {
  const { chart, version } = request.release
  const expected = `${chart.name}-${version}.tgz`
  if (path.basename(built) !== expected)
    throw new ReleaseError(
      'HELM_FAILED',
      `helm package made ${path.basename(built)} where ${expected} was expected.`,
    )
  const file = path.join(request.destination, expected)
  await rename(built, file).catch(async () => {
    // Another file system.
    await copyFile(built, file)
  })
  return file
}

async function warn(
  files: ArchiveFiles,
  { release: { chart }, workspace, exec, log }: PackageRequest,
): Promise<void> {
  for (const warning of findPackageWarnings(files, chart)) log.warning(warning)
  const untracked = await warnAboutUntracked({ chart, workspace, files, exec })
  if (untracked !== null) log.warning(untracked)
}

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ChartVersion, Download } from './channels/channel.ts'
import { ReleaseError } from './errors.ts'
import { compareFindings, type Located } from './findings.ts'
import { keepPackage } from './package/keep.ts'
import type { Log } from './log.ts'
import type { Chart, ChartRelease, Digest, Package } from './model.ts'
import { type Action, planRelease, type Plan, type Source } from './plan.ts'
import type { Work } from './publish.ts'
import type { RunFolder } from './run-folder.ts'
import { takeOver } from './package/take-over.ts'

export interface Decided {
  readonly work: Work
  /** What this release is; also the output `package`. */
  readonly package: Package
  /** `VERSION_CONFLICT`, when the version is taken by other content. */
  readonly conflict: ReleaseError | undefined
}

export interface Decision {
  readonly release: ChartRelease
  readonly located: readonly Located[]
  /** Just built, or taken from our own draft. */
  readonly atHand: Package
  readonly folder: RunFolder
  readonly commitTime: Date
  readonly log: Log
}

/** Holds what is at hand against what was found, and decides what to do. */
export async function decide(decision: Decision): Promise<Decided> {
  const { release, located, atHand, folder, log } = decision
  const { chart } = release
  const wanted: ChartVersion = { name: chart.name, version: release.version }
  const { findings, downloads } = await compareFindings(
    located,
    wanted,
    await readFile(atHand.path),
  )
  const plan = planRelease({
    chart: wanted.name,
    version: wanted.version,
    digest: atHand.digest,
    hasProvenance: atHand.provenance !== null,
    locked: chart.locked || chart.dependencies.length === 0,
    findings,
    indexPointsAt: 'github-release',
  })
  for (const warning of plan.warnings) log.warning(warning)
  for (const [at, action] of plan.actions.entries())
    log.info(`${findings[at]?.name ?? ''}: ${inWords(action)}`)

  const taken = new Map<Digest, Package>([[atHand.digest, atHand]])
  const packageOf = async (source: Source): Promise<Package> => {
    if (source === 'at hand') return atHand
    const known = taken.get(source.digest)
    if (known !== undefined) return known
    const made = await takeOver({
      wanted,
      // What has another digest was downloaded to be compared.
      download: downloads.get(source.digest) as Download,
      destination: path.join(folder.scratch, 'taken', source.digest.slice(7)),
      commitTime: decision.commitTime,
    })
    taken.set(made.digest, made)
    return made
  }
  const steps: Work['steps'][number][] = []
  for (const action of plan.actions)
    steps.push({
      action,
      package: await packageOf('source' in action ? action.source : 'at hand'),
    })
  return {
    work: { ...wanted, steps },
    package: await keepPackage(await packageOf(plan.source), folder.packages),
    conflict: conflictOf(plan, chart, atHand),
  }
}

function inWords(action: Action): string {
  switch (action.kind) {
    case 'publish':
      return 'publish'
    case 'complete':
      return `published already, add ${action.adds.join(', ')}`
    case 'keep':
      return 'published already, unchanged'
    case 'conflict':
      return action.found === undefined ? 'leave' : 'taken by other content'
    case 'leave':
      return `leave: ${action.reason}`
  }
}

function conflictOf(
  { conflicts }: Plan,
  chart: Chart,
  atHand: Package,
): ReleaseError | undefined {
  if (conflicts.length === 0) return undefined
  const where = conflicts
    .map(({ publication, digest }) => `${publication.target} has ${digest}`)
    .join('; ')
  return new ReleaseError(
    'VERSION_CONFLICT',
    `${chart.name} ${atHand.version} is already published with other content: ${where}; the package of this commit is ${atHand.digest}. A published version never changes, so nothing was touched. Raise "version:" in ${chart.versionAt.file} and push a new tag.`,
    { at: chart.versionAt },
  )
}

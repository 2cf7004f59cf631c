import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Channel, ChartVersion, Download } from './channels/channel.ts'
import { ReleaseError } from './errors.ts'
import { compareFindings, type Located } from './findings.ts'
import { keepPackage } from './package/keep.ts'
import type { Log } from './log.ts'
import type { ChartRelease, Digest, Package } from './model.ts'
import {
  type Action,
  type Deed,
  planRelease,
  type Plan,
  type Source,
} from './plan.ts'
import type { Work } from './publish.ts'
import type { RunFolder } from './run-folder.ts'
import { takeOver } from './package/take-over.ts'

export interface Decided {
  readonly work: Work
  /** What this release is; also the output `package`. */
  readonly package: Package
  /** It was released from another commit: nothing of it is published. */
  readonly settled: boolean
  /** `VERSION_CONFLICT`, when the version is taken by other content. */
  readonly conflict: ReleaseError | undefined
}

export interface Decision {
  readonly release: ChartRelease
  readonly located: readonly Located[]
  /** Just built, or taken from our own draft. */
  readonly atHand: Package
  /** Is a version with other content another commit's, and no fault? */
  readonly createsTags: boolean
  /** What the index points at. */
  readonly pagesPackages: 'release' | 'pages' | 'oci'
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
    indexPointsAt:
      findings[
        located.findIndex(({ channel }) =>
          holdsPackages(channel, decision.pagesPackages),
        )
      ],
    claim:
      release.settledBy !== undefined
        ? 'settled'
        : release.tag.isNew === true && decision.createsTags
          ? 'free'
          : 'fixed',
  })
  for (const warning of plan.warnings) log.warning(warning)
  tellGap(release, plan, log)
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
  for (const [at, action] of plan.actions.entries()) {
    if (action.kind === 'omit') continue
    steps.push({
      channel: (located[at] as Located).channel,
      action: decision.createsTags ? action : strict(action, plan),
      package: await packageOf('source' in action ? action.source : 'at hand'),
    })
  }
  return {
    work: { ...wanted, steps },
    package: await keepPackage(
      await packageOf(plan.source).catch((thrown: unknown) => {
        // Nobody needs the archive of a version that was released before.
        if (plan.settled) return atHand
        throw thrown
      }),
      folder.packages,
    ),
    settled: plan.settled,
    conflict: conflictOf(plan, release, atHand),
  }
}

/** Where no tags are created, other content than a settled version's matters. */
function strict(action: Deed, { conflicts }: Plan): Deed {
  return action.kind === 'keep' && conflicts.includes(action.found)
    ? { kind: 'conflict', found: action.found }
    : action
}

/** Is this the channel that the index points at? */
function holdsPackages(
  { kind, required }: Channel,
  pagesPackages: Decision['pagesPackages'],
): boolean {
  switch (pagesPackages) {
    case 'release':
      return kind === 'github-release'
    case 'oci':
      return kind === 'oci' && required
    case 'pages':
      return false
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
    case 'omit':
      return 'not there, and not to be put there'
  }
}

/**
 * `VERSION_CONFLICT`: the version is there with other content. A settled one
 * was released from another commit, which is no fault by itself.
 */
function conflictOf(
  { conflicts, taken, settled }: Plan,
  { chart, version }: ChartRelease,
  atHand: Package,
): ReleaseError | undefined {
  if (conflicts.length + taken.length === 0) return undefined
  const { file, line } = chart.versionAt
  const where = conflicts
    .map(({ publication, digest }) => `${publication.target} has ${digest}`)
    .join('; ')
  const found =
    conflicts.length === 0
      ? ''
      : ` ${where}; the package of this commit is ${atHand.digest}.`
  const remedy = `To release this content, raise "version:" in ${file}${line === undefined ? '' : `, line ${line}`}${settled ? '' : ' and push a new tag'}.`
  return new ReleaseError(
    'VERSION_CONFLICT',
    `${chart.name} ${version} is already published with other content:${found}${taken.map((words) => ` ${words}`).join('')} A published version never changes, so nothing was touched. ${remedy}`,
    { at: chart.versionAt },
  )
}

/** A tag without a publication is most often the tag of an application. */
function tellGap(
  { chart, version, settledBy }: ChartRelease,
  { actions }: Plan,
  log: Log,
): void {
  if (settledBy === undefined || actions.some(({ kind }) => kind !== 'omit'))
    return
  log.notice(
    `${chart.name} ${version} counts as released, because the tag ${settledBy} points at another commit, but it is in no channel of this run. To publish it, run this action at that tag (tag: ${settledBy}), or raise "version:" in ${chart.versionAt.file}.`,
    chart.versionAt,
  )
}

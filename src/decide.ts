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
  readonly dryRun: boolean
  /** What the index points at; `undefined`: at archives of its own. */
  readonly isStore: (channel: Channel) => boolean
  readonly folder: RunFolder
  readonly commitTime: Date
  readonly log: Log
}

/** Holds what is at hand against what was found, and decides what to do. */
export async function decide(decision: Decision): Promise<Decided> {
  const { release, located, atHand, folder, log } = decision
  const { chart } = release
  const wanted: ChartVersion = { name: chart.name, version: release.version }
  const { findings, downloads } = await compareFindings(located, wanted, {
    archive: await readFile(atHand.path),
    log,
    // Of what is only looked at, nothing has to be known.
    lenient: decision.dryRun || release.settledBy !== undefined,
  })
  const plan = planRelease({
    chart: wanted.name,
    version: wanted.version,
    digest: atHand.digest,
    hasProvenance: atHand.provenance !== null,
    locked: chart.locked || chart.dependencies.length === 0,
    findings,
    indexPointsAt:
      findings[located.findIndex(({ channel }) => decision.isStore(channel))],
    claim:
      release.settledBy !== undefined
        ? 'settled'
        : decision.createsTags
          ? 'free'
          : 'fixed',
  })
  for (const warning of plan.warnings) log.warning(warning)
  tellGap(decision, plan)
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
    // Nothing was to be done there: that it is not known is said, and no failure.
    if (action.kind === 'leave' && plan.settled && !decision.dryRun) continue
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

/**
 * A tag without a publication is most often the tag of an application. One that
 * is not in the index, which comes last, is most often of a run that was cut
 * short. A registry may have been added since, which is no news.
 */
function tellGap(
  { release: { chart, version, settledBy }, located, log }: Decision,
  { actions }: Plan,
): void {
  if (settledBy === undefined) return
  const omitted = located.filter((_, at) => actions[at]?.kind === 'omit')
  const isNowhere = omitted.length === located.length
  if (!isNowhere && omitted.every(({ channel }) => channel.kind !== 'pages'))
    return
  const where = isNowhere
    ? 'in no channel of this run'
    : `not in ${omitted.map(({ channel }) => channel.name).join(' and ')}`
  log.notice(
    `${chart.name} ${version} counts as released, because the tag ${settledBy} points at another commit, but it is ${where}. To publish it there, run this action at that tag (tag: ${settledBy}), or raise "version:" in ${chart.versionAt.file}.`,
    chart.versionAt,
  )
}

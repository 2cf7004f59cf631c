import { collectCharts } from './charts/collect.ts'
import { type Selection, selectCharts } from './charts/select.ts'
import { checkCommit, readCheckout } from './checkout.ts'
import { ReleaseError } from './errors.ts'
import type { Request } from './request.ts'
import { parseTag } from './tag.ts'
import type { World } from './world.ts'

/** What this needs of GitHub. */
export interface TagReader {
  /** The commit that a tag points at, peeled; `null`: no such tag. */
  readTagCommit(tag: string): Promise<string | null>
  readCommitTime(commit: string): Promise<Date>
}

/** What this run releases. */
export interface Resolved extends Selection {
  /** The time of everything in the packages, to the second. */
  readonly commitTime: Date
}

/**
 * Finds out which charts the tag releases, and at which version. Throws
 * `TAG_MISSING`, `TAG_INVALID`, `TAG_MISMATCH`, `CHART_NOT_FOUND` and
 * `CHART_INVALID`.
 */
export async function resolve(
  world: World,
  { inputs, event, tagName }: Request,
  github: TagReader,
): Promise<Resolved> {
  const { log } = world
  const collection = await collectCharts({
    workspace: event.workspace,
    patterns: inputs.charts,
    rules: {
      strictVersion: inputs.versionFrom === 'chart',
      lint: inputs.lint !== 'false',
    },
  })
  const parsed = parseTag(tagName, inputs.tagFormat, [
    ...collection.charts.map(({ name }) => name),
    ...collection.unreadable.map(({ name }) => name),
  ])
  const commit = await github.readTagCommit(tagName)
  if (commit === null)
    throw new ReleaseError(
      'TAG_MISSING',
      `There is no tag ${tagName} in ${event.owner}/${event.repo}. Push it (git push origin ${tagName}), or set the input tag to one that exists.`,
    )
  const tag = { name: tagName, commit }
  const checkout = await readCheckout(event.workspace, world.exec)
  if (checkout === null)
    log.warning(
      `The workspace is no git checkout, so it is taken for the commit of the event, ${event.commit}.`,
    )
  checkCommit(checkout?.commit ?? event.commit, tag)
  const selection = selectCharts({
    ...collection,
    tag,
    parsed,
    versionFrom: inputs.versionFrom,
  })
  for (const { directory, error } of collection.unreadable)
    log.warning(`${directory} is left out: ${error.message}`, error.at)
  for (const { chart, reason } of selection.leftOut)
    log.info(`${chart.name} is left out: ${reason}`)
  for (const { chart, version } of selection.released)
    log.info(`${chart.name} ${version} from ${chart.directory}, ${commit}`)
  if (selection.released.length > 1)
    throw new ReleaseError(
      'TAG_INVALID',
      `The tag ${tagName} selects ${selection.released.length} charts: ${selection.released.map(({ chart }) => chart.name).join(', ')}. Several charts in one run are not available yet: tag each of them (${selection.released[0]?.chart.name ?? 'NAME'}-${parsed.version}), or name one in the input charts.`,
    )
  return {
    ...selection,
    commitTime:
      sourceDateEpoch(world.environment) ??
      checkout?.time ??
      (await github.readCommitTime(commit)),
  }
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function sourceDateEpoch(environment: World['environment']): Date | undefined {
  const seconds = environment['SOURCE_DATE_EPOCH'] ?? ''
  return /^\d{1,11}$/.test(seconds)
    ? new Date(Number(seconds) * 1000)
    : undefined
}

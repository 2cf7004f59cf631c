import { collectCharts } from './charts/collect.ts'
import { type Selection, selectCharts } from './charts/select.ts'
import { checkCommit, readCheckout, type Workspace } from './checkout.ts'
import { ReleaseError } from './errors.ts'
import type { GitHub } from './github/client.ts'
import type { Request } from './request.ts'
import { selectUnreleased } from './resolve-commit.ts'
import { parseTag } from './tag.ts'
import type { World } from './world.ts'

/** What this run releases. */
export interface Resolved extends Selection {
  /** The time of everything in the packages, to the second. */
  readonly commitTime: Date
}

/**
 * Finds out which charts this run releases, and at which version. Throws
 * `TAG_MISSING`, `TAG_INVALID`, `TAG_MISMATCH`, `CHART_NOT_FOUND` and
 * `CHART_INVALID`.
 */
export async function resolve(
  world: World,
  request: Request,
  github: GitHub,
): Promise<Resolved> {
  const { log } = world
  const { inputs, event, target } = request
  const workspace: Workspace = {
    collection: await collectCharts({
      workspace: event.workspace,
      patterns: inputs.charts,
      rules: {
        strictVersion: inputs.versionFrom === 'chart',
        lint: inputs.lint !== 'false',
      },
    }),
    checkout: await readCheckout(event.workspace, world.exec),
  }
  if (workspace.checkout === null)
    log.warning(
      `The workspace is no git checkout, so it is taken for the commit of the event, ${event.commit}. Check out with actions/checkout to have that checked.`,
    )
  const selection =
    target.kind === 'tag'
      ? await selectTagged(world, { request, github, workspace }, target.name)
      : await selectUnreleased({ request, github, workspace })
  for (const { chart, reason } of selection.leftOut)
    log.info(`${chart.name} is left out: ${reason}`)
  for (const { chart, version, tag, settledBy } of selection.released)
    log.info(
      `${chart.name} ${version} from ${chart.directory}, ${settledBy === undefined ? `${tag.isNew === true ? 'new tag' : 'tag'} ${tag.name} at ${tag.commit}` : `released before by tag ${settledBy}`}`,
    )
  const commit = selection.released[0]?.tag.commit ?? event.commit
  return {
    ...selection,
    commitTime:
      sourceDateEpoch(world.environment) ??
      workspace.checkout?.time ??
      (await github.readCommitTime(commit)),
  }
}

async function selectTagged(
  { log }: World,
  facts: {
    readonly request: Request
    readonly github: GitHub
    readonly workspace: Workspace
  },
  name: string,
): Promise<Selection> {
  const { inputs, event } = facts.request
  const { collection, checkout } = facts.workspace
  const parsed = parseTag(name, inputs.tagFormat, [
    ...collection.charts.map((chart) => chart.name),
    ...collection.unreadable.map((chart) => chart.name),
  ])
  const commit = await facts.github.readTagCommit(name)
  if (commit === null)
    throw new ReleaseError(
      'TAG_MISSING',
      `There is no tag ${name} in ${event.owner}/${event.repo}. Push it (git push origin ${name}), or set the input tag to one that exists.`,
    )
  const tag = { name, commit }
  checkCommit(checkout?.commit ?? event.commit, tag)
  const selection = selectCharts({
    ...collection,
    tag,
    parsed,
    versionFrom: inputs.versionFrom,
  })
  for (const { directory, error } of collection.unreadable)
    log.warning(`${directory} is left out: ${error.message}`, error.at)
  return selection
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function sourceDateEpoch(environment: World['environment']): Date | undefined {
  const seconds = environment['SOURCE_DATE_EPOCH'] ?? ''
  return /^\d{1,11}$/.test(seconds)
    ? new Date(Number(seconds) * 1000)
    : undefined
}

import {
  type KnownTags,
  newTagName,
  recognizeTags,
} from './charts/recognize.ts'
import { checkNames, type Selection } from './charts/select.ts'
import type { Workspace } from './checkout.ts'
import { ReleaseError } from './errors.ts'
import { findAsset } from './github/asset.ts'
import type { GitHub } from './github/client.ts'
import { findPublished, isImmutable, type Release } from './github/release.ts'
import { listTags } from './github/tags.ts'
import type { Chart, ChartRelease, Tag } from './model.ts'
import type { Request } from './request.ts'

export interface CommitFacts {
  readonly request: Request
  readonly github: GitHub
  readonly workspace: Workspace
}

/**
 * Every chart of the commit, at the version in its `Chart.yaml`. One whose tag
 * is at this commit is released by it; one whose tag is elsewhere is settled;
 * for any other the tag is new. Nothing is read from git's history, so that a
 * shallow clone will do. Throws `TAG_MISMATCH`, `TAG_INVALID`, and the errors of
 * charts that cannot be read.
 */
export async function selectUnreleased(facts: CommitFacts): Promise<Selection> {
  const { request, github, workspace } = facts
  const { inputs, event } = request
  const { charts, unreadable } = workspace.collection
  const errors = unreadable.map(({ error }) => error)
  if (errors.length > 0)
    throw new AggregateError(errors, `${errors.length} charts cannot be read`)
  const commit = workspace.checkout?.commit ?? event.commit
  if (!inputs.dryRun && commit !== event.commit)
    throw new ReleaseError(
      'TAG_MISMATCH',
      `The workspace is at commit ${commit}, but this run is for ${event.commit}, where its tags would be created. Let actions/checkout check out the commit of the run: take its "ref:" out.`,
    )
  checkNames(charts, 'This commit')
  const tags = await listTags(github)
  const known = recognizeTags(charts, tags, inputs.tagFormat)
  const released: ChartRelease[] = []
  for (const chart of charts) {
    const own = newTagName(chart, inputs.tagFormat)
    const those = known.get(chart) ?? { named: [], nameless: [] }
    released.push(
      await assess(chart, {
        ...facts,
        commit,
        own,
        // Another chart may have taken the name, or it may be read in two ways.
        named: tags.includes(own) ? [own, ...those.named] : those.named,
        nameless: those.nameless,
      }),
    )
  }
  return { released, leftOut: [] }
}

/** What is known of one chart of the commit. */
interface ChartFacts extends CommitFacts, KnownTags {
  readonly commit: string
  /** The tag that this run would create. */
  readonly own: string
}

/** Tags that name the chart decide before those that name only a version. */
async function assess(chart: Chart, facts: ChartFacts): Promise<ChartRelease> {
  const { github, commit, own, request, workspace } = facts
  const { version } = chart
  const isAlone =
    workspace.collection.charts.length === 1 &&
    request.inputs.charts.length === 0
  const named = await commitsOf(github, facts.named)
  const nameless = await commitsOf(
    github,
    facts.nameless.filter((tag) => !facts.named.includes(tag)),
  )
  const here = (tags: readonly Tag[]): readonly Tag[] =>
    tags.filter((tag) => tag.commit === commit)
  const [at] = here(named)
  if (at !== undefined) return { chart, version, tag: at }
  const [elsewhere] = named
  if (elsewhere !== undefined)
    return { chart, version, tag: elsewhere, settledBy: elsewhere.name }
  for (const tag of here(nameless))
    if (isAlone || !(await isClosedTo(github, tag.name, chart)))
      return { chart, version, tag }
  for (const tag of nameless)
    if (isAlone || (await carries(github, tag.name, chart)))
      return { chart, version, tag, settledBy: tag.name }
  return { chart, version, tag: { name: own, commit, isNew: true } }
}

/** An immutable release, of an application say, that no package can join. */
async function isClosedTo(
  github: GitHub,
  tag: string,
  chart: Chart,
): Promise<boolean> {
  const release = await findPublished(github, tag)
  return release !== null && isImmutable(release) && !hasPackage(release, chart)
}

async function commitsOf(
  github: GitHub,
  tags: readonly string[],
): Promise<readonly Tag[]> {
  const found: Tag[] = []
  for (const name of tags) {
    const commit = await github.readTagCommit(name)
    if (commit !== null) found.push({ name, commit })
  }
  return found
}

/**
 * A tag like `v1.2.3` elsewhere counts for the only chart of a repository; among
 * several it counts for those whose package its release carries.
 */
async function carries(
  github: GitHub,
  tag: string,
  chart: Chart,
): Promise<boolean> {
  const release = await findPublished(github, tag)
  return release !== null && hasPackage(release, chart)
}

function hasPackage(release: Release, { name, version }: Chart): boolean {
  return findAsset(release, `${name}-${version}.tgz`) !== undefined
}

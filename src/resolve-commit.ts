import {
  type KnownTags,
  newTagName,
  recognizeTags,
} from './charts/recognize.ts'
import { checkNames, type Selection } from './charts/select.ts'
import { ReleaseError } from './errors.ts'
import { findAsset } from './github/asset.ts'
import type { GitHub } from './github/client.ts'
import { findPublished } from './github/release.ts'
import { listTags } from './github/tags.ts'
import type { Chart, ChartRelease, Tag } from './model.ts'
import type { Request } from './request.ts'
import type { Workspace } from './resolve.ts'

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
  const known = recognizeTags(charts, await listTags(github), inputs.tagFormat)
  const released: ChartRelease[] = []
  for (const chart of charts)
    released.push(
      await assess(chart, known.get(chart) ?? { named: [], nameless: [] }, {
        ...facts,
        commit,
      }),
    )
  return { released, leftOut: [] }
}

async function assess(
  chart: Chart,
  { named, nameless }: KnownTags,
  facts: CommitFacts & { readonly commit: string },
): Promise<ChartRelease> {
  const { github, commit, request, workspace } = facts
  const { version } = chart
  const { inputs } = request
  const own = newTagName(chart, inputs.tagFormat)
  const isAlone =
    workspace.collection.charts.length === 1 && inputs.charts.length === 0
  // The form that this run would create comes first.
  const found = await commitsOf(github, [
    ...named.toSorted((one, other) =>
      one === own ? -1 : other === own ? 1 : 0,
    ),
    ...nameless,
  ])
  const here = found.find((tag) => tag.commit === commit)
  if (here !== undefined)
    return { chart, version, tag: { name: here.name, commit } }
  for (const tag of found)
    if (
      named.includes(tag.name) ||
      isAlone ||
      (await carries(github, tag.name, chart))
    )
      return { chart, version, tag, settledBy: tag.name }
  return { chart, version, tag: { name: own, commit, isNew: true } }
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
  { name, version }: Chart,
): Promise<boolean> {
  const release = await findPublished(github, tag)
  return (
    release !== null &&
    findAsset(release, `${name}-${version}.tgz`) !== undefined
  )
}

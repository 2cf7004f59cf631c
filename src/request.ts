import { readFile } from 'node:fs/promises'
import { ReleaseError } from './errors.ts'
import { type RunEvent, readEvent } from './event.ts'
import { type Inputs, readInputs, secretsOf } from './inputs.ts'
import { createsTagsOn } from './settings/create-tags.ts'
import { chooseTag } from './tag.ts'
import type { World } from './world.ts'

/** What a run releases. */
export type ReleaseTarget =
  | {
      readonly kind: 'tag'
      /** Whether it exists is not known yet. */
      readonly name: string
    }
  /** Every chart of the commit whose version is not released yet. */
  | { readonly kind: 'commit' }

/** What was asked of this run, in typed values. */
export interface Request {
  readonly inputs: Inputs
  readonly event: RunEvent
  readonly target: ReleaseTarget
}

/**
 * Reads the event and the inputs, once. Throws `INPUT_INVALID` and
 * `TAG_MISSING` before anything else happens.
 */
export async function readRequest({
  environment,
  log,
}: World): Promise<Request> {
  const event = await readEvent(
    environment,
    async (path) => await readFile(path, 'utf8'),
  )
  const inputs = readInputs(environment, {
    eventName: event.name,
    repository: `${event.owner}/${event.repo}`,
    visibility: event.visibility,
  })
  for (const secret of secretsOf(inputs)) log.mask(secret)
  for (const notice of inputs.notices) log.info(notice)
  const target = chooseTarget(inputs, event)
  log.info(
    `${event.owner}/${event.repo}, ${event.name}, ${target.kind === 'tag' ? `tag ${target.name}` : `commit ${event.commit}`}`,
  )
  return { inputs, event, target }
}

/**
 * The tag, when there is one; else the commit, where tags may be created or
 * nothing is published. Throws `TAG_MISSING`.
 */
function chooseTarget(
  { tag, createTags, dryRun }: Inputs,
  event: RunEvent,
): ReleaseTarget {
  const branch = /^refs\/heads\/(.+)$/.exec(event.ref)?.[1]
  const creates =
    createTags !== false && tag === undefined && event.tag === undefined
  if (creates && branch !== undefined) {
    if (createsTagsOn(createTags, branch, defaultBranchOf(event, branch)))
      return { kind: 'commit' }
    if (!dryRun)
      throw new ReleaseError(
        'TAG_MISSING',
        `There is no tag to release, and create-tags ${createTags.on === 'branches' ? `(${createTags.globs.join(', ')}) does not name` : 'creates tags on the default branch only, not on'} the branch ${branch}. Run on such a branch, or set create-tags to a glob of this one.`,
      )
  }
  if (dryRun && tag === undefined && event.tag === undefined)
    return { kind: 'commit' }
  return { kind: 'tag', name: chooseTag(tag, event.tag) }
}

/** A schedule runs on no other branch, and its payload may say nothing of it. */
function defaultBranchOf(event: RunEvent, branch: string): string {
  return event.defaultBranch ?? (event.name === 'schedule' ? branch : 'main')
}

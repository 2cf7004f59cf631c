import { ReleaseError } from '../errors.ts'
import type { GitHub } from '../github/client.ts'
import { isLost } from '../github/failure.ts'
import {
  deleteDraft,
  listReleases,
  type Release,
  releaseFailure,
} from '../github/release.ts'
import type { Log } from '../log.ts'
import type { Tag } from '../model.ts'
import { markBody, readMarker, writeMarker } from './release-marker.ts'

export interface DraftOptions {
  readonly github: GitHub
  readonly tag: Tag
  readonly title: string
  readonly prerelease: boolean
  /** Take over somebody else's draft for the tag. */
  readonly adopt: boolean
  readonly log: Log
}

const ATTEMPTS = 4

/** The drafts for our tag. */
export interface Drafts {
  /** Ours, made for this commit; the one that counts when there are several. */
  readonly current: Release | undefined
  /** Ours, but made for this commit by another job, or for another commit. */
  readonly stale: readonly Release[]
  /** Somebody else's. */
  readonly foreign: readonly Release[]
}

/**
 * Drafts are not unique per tag: the lowest number with our marker wins, so
 * that jobs which race agree without talking.
 */
export function sortDrafts(releases: readonly Release[], tag: Tag): Drafts {
  const drafts = releases
    .filter(({ draft, tag_name }) => draft && tag_name === tag.name)
    .toSorted((one, other) => one.id - other.id)
  const current = drafts.find(
    ({ body }) => readMarker(body)?.commit === tag.commit,
  )
  return {
    current,
    stale: drafts.filter(
      (draft) => draft !== current && readMarker(draft.body) !== null,
    ),
    foreign: drafts.filter(({ body }) => readMarker(body) === null),
  }
}

/** Throws `RELEASE_FAILED` when somebody else has a draft for the tag. */
export function checkForeign(
  { foreign, current }: Drafts,
  { tag, adopt }: Pick<DraftOptions, 'tag' | 'adopt'>,
): void {
  const [draft] = foreign
  if (draft === undefined || adopt || current !== undefined) return
  throw new ReleaseError(
    'RELEASE_FAILED',
    `There is a draft release for the tag ${tag.name} that this action did not make: ${draft.html_url}. Publish it (then the package is added to it), delete it, or set the input github-release: adopt.`,
  )
}

/**
 * Our draft for this commit: the one that is there, somebody else's if it may
 * be adopted, or a new one. What an earlier commit left behind is deleted.
 */
export async function openDraft(options: DraftOptions): Promise<Release> {
  const { github, tag, log } = options
  const before = sortDrafts(await listReleases(github), tag)
  checkForeign(before, options)
  const [foreign] = before.foreign
  const made =
    before.current ??
    (foreign === undefined
      ? await createDraft(options)
      : await adoptDraft(options, foreign))
  // Another job may have made one at the same moment.
  const after = sortDrafts(await listReleases(github), tag)
  const winner = after.current ?? made
  for (const { id, html_url } of after.stale) {
    log.info(`Deleting the draft ${html_url}, which is not of this run`)
    await deleteDraft(github, id)
  }
  return winner
}

/** A lost answer is settled by looking whether the draft is there. */
async function createDraft(options: DraftOptions): Promise<Release> {
  const { github, tag, title, prerelease } = options
  for (let attempt = 1; ; attempt++)
    try {
      const { data } = await github.octokit.rest.repos.createRelease({
        ...github.at,
        tag_name: tag.name,
        name: title,
        body: writeMarker({ commit: tag.commit }),
        draft: true,
        prerelease,
      })
      return data
    } catch (thrown) {
      if (!isLost(thrown) || attempt === ATTEMPTS)
        throw releaseFailure(thrown, 'create the draft release')
      await github.clock.sleep(500 * 2 ** attempt)
      const { current } = sortDrafts(await listReleases(github), tag)
      if (current !== undefined) return current
    }
}

async function adoptDraft(
  { github, tag }: DraftOptions,
  draft: Release,
): Promise<Release> {
  try {
    const { data } = await github.octokit.rest.repos.updateRelease({
      ...github.at,
      release_id: draft.id,
      body: markBody(draft.body, { commit: tag.commit }),
    })
    return data
  } catch (thrown) {
    throw releaseFailure(thrown, 'adopt the draft release')
  }
}

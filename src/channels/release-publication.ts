import { ReleaseError, sentenceOf } from '../errors.ts'
import { assetDigest, findAsset } from '../github/asset.ts'
import type { GitHub } from '../github/client.ts'
import { isAbsent, statusOf, wordsOf } from '../github/failure.ts'
import {
  deleteDraft,
  editBody,
  findPublished,
  isImmutable,
  readRelease,
  type Release,
  releaseFailure,
} from '../github/release.ts'
import { writeOnce } from '../github/settle.ts'
import type { Log } from '../log.ts'
import type { Package, Tag } from '../model.ts'
import type { ReleaseText } from '../release-notes/release-text.ts'
import { planBody, tellOmissions } from './body-plan.ts'
import {
  decideLatest,
  decidePrerelease,
  type FlagOptions,
} from './release-flags.ts'
import { updateBody } from './release-body.ts'
import { mergePackages, readMarker } from './release-marker.ts'

export interface PublicationOptions extends FlagOptions {
  readonly tag: Tag
  /** What the release says; absent: nothing. */
  readonly text?: ReleaseText | undefined
  readonly log: Log
}

/**
 * Publishes our draft, with the flags in the same call: an immutable release
 * takes none later. A lost answer is settled by looking at the release. `null`:
 * the draft is gone, or another release of the tag was published first.
 */
export async function publishDraft(
  options: PublicationOptions,
  draft: Release,
): Promise<Release | null> {
  const { github, tag } = options
  await checkTag(github, tag)
  const prerelease = decidePrerelease(options, draft)
  const makeLatest = await decideLatest(options, prerelease)
  try {
    return await writeOnce<Release | null>(github, {
      what: `publish the release of ${tag.name}`,
      write: async () => {
        const { data } = await github.octokit.rest.repos.updateRelease({
          ...github.at,
          release_id: draft.id,
          tag_name: tag.name,
          ...(tag.isNew === true ? { target_commitish: tag.commit } : {}),
          draft: false,
          prerelease,
          make_latest: makeLatest,
        })
        return data
      },
      look: async () => {
        const now = await readRelease(github, draft.id)
        return now === null || !now.draft ? { made: now } : undefined
      },
    })
  } catch (thrown) {
    if (isAbsent(thrown)) return null
    if (statusOf(thrown) === 422) return await yieldTag(options, draft, thrown)
    throw releaseFailure(thrown, 'publish the release')
  }
}

/** GitHub would make a tag that is gone anew, at the default branch. */
export async function checkTag(github: GitHub, tag: Tag): Promise<void> {
  const commit = await github.readTagCommit(tag.name)
  if (commit === tag.commit || (commit === null && tag.isNew === true)) return
  throw new ReleaseError(
    'TAG_MISMATCH',
    `The tag ${tag.name} ${commit === null ? 'was deleted' : `was moved to ${commit}`} while this run released it from ${tag.commit}. The release stays a draft. Run again on the tag as it is now.`,
  )
}

/** Somebody may have published a release of the tag: then ours gives way. */
async function yieldTag(
  { github, tag, log }: PublicationOptions,
  draft: Release,
  thrown: unknown,
): Promise<null> {
  if ((await findPublished(github, tag.name)) === null) {
    if (!/immutable/i.test(wordsOf(thrown)))
      throw releaseFailure(thrown, 'publish the release')
    throw new ReleaseError(
      'RELEASE_IMMUTABLE',
      `GitHub refuses a release of ${tag.name}: ${wordsOf(thrown)}. A tag that an immutable release had is never released again: raise "version:" in Chart.yaml and push a new tag, or set github-release: false.`,
      { cause: thrown },
    )
  }
  log.info(`Another release of ${tag.name} was published: joining it`)
  if (readMarker(draft.body)?.adopted !== true)
    await deleteDraft(github, draft.id)
  return null
}

/** What the text of a published release is to have. */
export interface TextOrder {
  readonly packages: readonly Package[]
  /** Whose asset was there before: what is gone of its text stays gone. */
  readonly found: readonly Package[]
}

/**
 * Adds our mark and the install commands to a published release; its name,
 * flags and every other character of its text stay (P6). Nothing of an
 * immutable one is changed.
 */
export async function markPublished(
  { github, tag, text, log }: PublicationOptions,
  release: Release,
  { packages, found }: TextOrder,
): Promise<void> {
  if (isImmutable(release)) return
  const before = readMarker(release.body)
  const earlier = before?.commit === tag.commit ? before.packages : []
  const marker = {
    ...before,
    commit: tag.commit,
    packages: mergePackages(earlier, packages),
  }
  const update = updateBody(
    release.body,
    planBody({ before, marker, packages, found, text }),
  )
  tellOmissions(update?.omitted ?? [], tag, log)
  if (update === null || update.body === (release.body ?? '')) return
  try {
    await editBody(github, release.id, update.body)
  } catch (thrown) {
    log.warning(
      `The text of ${release.html_url} was not changed, so it lacks the install commands: ${sentenceOf(thrown)} Re-run this job: it only adds them.`,
    )
  }
}

/** What users see: GitHub may take a moment to show what it was given. */
export async function confirmPublished(
  { github, tag }: PublicationOptions,
  release: Release,
  made: Package,
): Promise<Release> {
  for (let look = 1; ; look++) {
    const now = await readRelease(github, release.id)
    const asset = now === null ? undefined : findAsset(now, made.fileName)
    if (now !== null && !now.draft && asset !== undefined) {
      const digest = await assetDigest(github, asset)
      if (digest === made.digest) return now
      throw new ReleaseError(
        'RELEASE_FAILED',
        `The release of ${tag.name} has ${made.fileName} with ${digest}, published was ${made.digest}. Somebody else changed it: run again.`,
      )
    }
    if (look === 5) throw vanished(tag)
    await github.clock.sleep(1000 * look)
  }
}

export function vanished({ name }: Tag): ReleaseError {
  return new ReleaseError(
    'RELEASE_FAILED',
    `The release of ${name}, or its asset, vanished while this run was at it: somebody else changed it. Run again.`,
  )
}

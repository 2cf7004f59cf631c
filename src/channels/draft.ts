import { messageOf } from '../errors.ts'
import { assetDigest, findAsset } from '../github/asset.ts'
import type { GitHub } from '../github/client.ts'
import {
  deleteDraft,
  editBody,
  listReleases,
  readRelease,
  type Release,
  releaseFailure,
} from '../github/release.ts'
import { writeOnce } from '../github/settle.ts'
import { removeAsset } from '../github/upload.ts'
import type { Log } from '../log.ts'
import type { Digest, Tag } from '../model.ts'
import type { ReleaseText } from '../release-notes/release-text.ts'
import { anotherJob, checkForeign, checkRivals, sortDrafts } from './drafts.ts'
import {
  markBody,
  markedDigest,
  type MarkedPackage,
  mergePackages,
  readMarker,
  type ReleaseMarker,
} from './release-marker.ts'
import { beginning, writeBody, mark } from './draft-text.ts'

export interface DraftOrder {
  /** As in `FlagOptions`. Who was faster meanwhile is seen after creating. */
  readonly known?: (() => Promise<readonly Release[]>) | undefined
  readonly github: GitHub
  readonly tag: Tag
  readonly title: string
  readonly prerelease: boolean
  /** Take over somebody else's draft for the tag. */
  readonly adopt: boolean
  readonly packages: readonly MarkedPackage[]
  /** What the release says; absent: nothing. */
  readonly text?: ReleaseText | undefined
  /** Digests of archives that `locate` has seen in our draft. */
  readonly seen: ReadonlySet<Digest>
  readonly log: Log
}

/**
 * Our draft for this commit, marked with these packages: the one that is there,
 * somebody else's if it may be adopted, or a new one. What was made for another
 * commit is replaced. `null`: the release was published meanwhile.
 *
 * The draft is also the lock between the jobs of a tag: whoever made one looks
 * again, and the lowest number wins. `RELEASE_FAILED` when the winner works with
 * another archive.
 */
export async function openDraft(order: DraftOrder): Promise<Release | null> {
  const { github, tag, log } = order
  const releases = await (order.known?.() ?? listReleases(github))
  const drafts = sortDrafts(releases, tag)
  if (!order.adopt) checkForeign(drafts, tag)
  const { packages } = order
  checkRivals(drafts, { tag, packages, now: github.clock.now() })
  const kept: Release[] = []
  for (const stale of drafts.stale)
    if (readMarker(stale.body)?.adopted === true) kept.push(stale)
    else {
      log.info(`Deleting the draft ${stale.html_url}, made for another commit`)
      await deleteDraft(github, stale.id)
    }
  if (drafts.current !== undefined)
    return await claim(order, drafts.current, 'an earlier run')
  const adoptable = kept[0] ?? drafts.foreign[0]
  if (adoptable !== undefined) return await adopt(order, adoptable)
  const body = await writeBody(order, releases)
  return await compete(order, await createDraft(order, body))
}

/** A lost answer is settled by looking whether the draft is there. */
async function createDraft(order: DraftOrder, body: string): Promise<Release> {
  const { github, tag, title, prerelease } = order
  try {
    return await writeOnce(github, {
      what: `create the draft of ${tag.name}`,
      write: async () => {
        // A target only for a tag that is not there: a job's token may not name
        // a commit that touches workflows.
        const { data } = await github.octokit.rest.repos.createRelease({
          ...github.at,
          tag_name: tag.name,
          ...(tag.isNew === true ? { target_commitish: tag.commit } : {}),
          name: title,
          body,
          draft: true,
          prerelease,
        })
        return data
      },
      look: async () => {
        const { current } = sortDrafts(await listReleases(github), tag)
        return current === undefined ? undefined : { made: current }
      },
    })
  } catch (thrown) {
    throw releaseFailure(thrown, 'create the draft release')
  }
}

/** Another job may have made a draft, or a release, at the same moment. */
async function compete(
  order: DraftOrder,
  own: Release,
): Promise<Release | null> {
  const { github, tag, log } = order
  const releases = await listReleases(github)
  if (releases.some((one) => !one.draft && one.tag_name === tag.name)) {
    await deleteDraft(github, own.id)
    return null
  }
  const drafts = sortDrafts(releases, tag)
  const { packages } = order
  try {
    const now = github.clock.now()
    checkRivals(drafts, { tag, packages, now, before: own.id })
  } catch (thrown) {
    await deleteDraft(github, own.id)
    throw thrown
  }
  const { current } = drafts
  // The list may not show our own one yet.
  if (current === undefined || current.id >= own.id)
    return await claim(order, own, 'this run')
  log.info(`Another job was faster: continuing with ${current.html_url}`)
  await deleteDraft(github, own.id)
  return await claim(order, current, 'a rival')
}

/** Takes up our draft, which may be marked with other archives. */
async function claim(
  order: DraftOrder,
  draft: Release,
  maker: 'an earlier run' | 'this run' | 'a rival',
): Promise<Release | null> {
  const { github, packages, seen } = order
  const marker = readMarker(draft.body) as ReleaseMarker
  for (const one of packages) {
    const theirs = markedDigest(marker, one)
    if (theirs === undefined || theirs === one.digest || seen.has(theirs))
      continue
    const file = `${one.name}-${one.version}.tgz`
    const asset = findAsset(draft, file)
    // Marked and complete: made since this run looked.
    if (
      maker === 'a rival' ||
      (asset && (await assetDigest(github, asset)) === theirs)
    )
      throw anotherJob(draft, `${file} is ${theirs}, not ${one.digest},`)
  }
  const merged = mergePackages(marker.packages, packages)
  return await mark(order, draft, {
    ...marker,
    packages: merged,
    // Just made: a second write would say the same.
    ...(maker === 'this run' ? {} : beginning(order)),
  })
}

/** Its text, name and other assets stay; what we put into it before goes. */
async function adopt(
  order: DraftOrder,
  draft: Release,
): Promise<Release | null> {
  const { github, tag, packages, log } = order
  log.info(`Adopting the draft ${draft.html_url}`)
  const before = readMarker(draft.body)?.packages ?? []
  const ours = new Set(
    before.flatMap(({ name, version }) => [
      `${name}-${version}.tgz`,
      `${name}-${version}.tgz.prov`,
    ]),
  )
  for (const asset of draft.assets)
    if (ours.has(asset.name)) await removeAsset(github, asset)
  return await mark(order, draft, {
    commit: tag.commit,
    packages: mergePackages([], packages),
    adopted: true,
  })
}

/**
 * Lets a run of another commit take up the draft of a new tag at once. Never
 * rejects: after a while it may do so anyway.
 */
export async function unlockDraft(
  { github, tag, log }: Pick<DraftOrder, 'github' | 'tag' | 'log'>,
  id: number,
): Promise<void> {
  if (tag.isNew !== true) return
  try {
    const draft = await readRelease(github, id)
    const marker = readMarker(draft?.body)
    if (draft?.draft !== true || marker?.since === undefined) return
    const { since: _, ...unlocked } = marker
    const body = markBody(draft.body, unlocked)
    if (body !== null) await editBody(github, id, body)
  } catch (thrown) {
    log.debug(`The draft ${id} stays locked: ${messageOf(thrown)}`)
  }
}

import type { ReleaseError } from '../errors.ts'
import type { GitHub } from './client.ts'
import { gitHubFailure, isAbsent, isLost } from './failure.ts'

type RestReleases = GitHub['octokit']['rest']['repos']

export type Release = Awaited<
  ReturnType<RestReleases['getReleaseByTag']>
>['data']
export type Asset = Release['assets'][number]

/** Published releases only: GitHub does not find drafts by their tag. */
export async function findPublished(
  { octokit, at }: GitHub,
  tag: string,
): Promise<Release | null> {
  try {
    return (await octokit.rest.repos.getReleaseByTag({ ...at, tag })).data
  } catch (thrown) {
    if (isAbsent(thrown)) return null
    throw releaseFailure(thrown, `read the release of ${tag}`)
  }
}

/** Every release, drafts too where the token may see them; newest first. */
export async function listReleases({
  octokit,
  at,
}: GitHub): Promise<readonly Release[]> {
  try {
    return await octokit.paginate(octokit.rest.repos.listReleases, {
      ...at,
      per_page: 100,
    })
  } catch (thrown) {
    throw releaseFailure(thrown, 'list the releases')
  }
}

/** A release by its number; `null`: it is gone. */
export async function readRelease(
  { octokit, at }: GitHub,
  id: number,
): Promise<Release | null> {
  try {
    return (await octokit.rest.repos.getRelease({ ...at, release_id: id })).data
  } catch (thrown) {
    if (isAbsent(thrown)) return null
    throw releaseFailure(thrown, `read the release ${id}`)
  }
}

/** The release that GitHub shows as latest; `null`: there is none. */
export async function findLatest({
  octokit,
  at,
}: GitHub): Promise<Release | null> {
  try {
    return (await octokit.rest.repos.getLatestRelease(at)).data
  } catch (thrown) {
    if (isAbsent(thrown)) return null
    throw releaseFailure(thrown, 'read the latest release')
  }
}

/**
 * Deletes a draft; one that is gone already is deleted. One that was published
 * meanwhile, by another job or by hand, stays.
 */
export async function deleteDraft(github: GitHub, id: number): Promise<void> {
  const { octokit, at, clock } = github
  for (let attempt = 1; ; attempt++)
    try {
      if ((await readRelease(github, id))?.draft !== true) return
      await octokit.rest.repos.deleteRelease({ ...at, release_id: id })
      return
    } catch (thrown) {
      if (isAbsent(thrown)) return
      if (!isLost(thrown) || attempt === ATTEMPTS)
        throw releaseFailure(thrown, 'delete a draft')
      await clock.sleep(500 * 2 ** attempt)
    }
}

/**
 * Writes a release's text, and nothing else of it; a lost answer is settled by
 * looking. `null`: the release is gone.
 */
export async function editBody(
  github: GitHub,
  id: number,
  body: string,
): Promise<Release | null> {
  const { octokit, at, clock } = github
  for (let attempt = 1; ; attempt++)
    try {
      const wanted = { ...at, release_id: id, body }
      return (await octokit.rest.repos.updateRelease(wanted)).data
    } catch (thrown) {
      if (isAbsent(thrown)) return null
      if (!isLost(thrown) || attempt === ATTEMPTS)
        throw releaseFailure(thrown, 'edit the text of the release')
      await clock.sleep(500 * 2 ** attempt)
      const now = await readRelease(github, id)
      if (now === null || now.body === body) return now
    }
}

const ATTEMPTS = 4

/** What GitHub's answer about a release means for the user. */
export function releaseFailure(thrown: unknown, doing: string): ReleaseError {
  return gitHubFailure(thrown, {
    code: 'RELEASE_FAILED',
    doing,
    permission: 'contents: write',
  })
}

/** GitHub tells since it has immutable releases (2025). */
export function isImmutable(release: Release): boolean {
  return (release as { immutable?: boolean }).immutable === true
}

import type { ReleaseError } from '../errors.ts'
import type { GitHub } from './client.ts'
import { gitHubFailure, isAbsent } from './failure.ts'
import { writeOnce } from './settle.ts'

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
  const { octokit, at } = github
  const isDraft = async (): Promise<boolean> =>
    (await readRelease(github, id))?.draft === true
  try {
    if (!(await isDraft())) return
    await writeOnce(github, {
      what: `DELETE the draft ${id}`,
      write: async () => {
        await octokit.rest.repos.deleteRelease({ ...at, release_id: id })
      },
      look: async () => ((await isDraft()) ? undefined : { made: undefined }),
    })
  } catch (thrown) {
    if (!isAbsent(thrown)) throw releaseFailure(thrown, 'delete a draft')
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
  const { octokit, at } = github
  try {
    return await writeOnce<Release | null>(github, {
      what: `PATCH the text of release ${id}`,
      write: async () => {
        const wanted = { ...at, release_id: id, body }
        return (await octokit.rest.repos.updateRelease(wanted)).data
      },
      look: async () => {
        const now = await readRelease(github, id)
        return now === null || now.body === body ? { made: now } : undefined
      },
    })
  } catch (thrown) {
    if (isAbsent(thrown)) return null
    throw releaseFailure(thrown, 'edit the text of the release')
  }
}

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

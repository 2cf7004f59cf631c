import { ReleaseError } from '../errors.ts'
import type { GitHub } from './client.ts'
import { gitHubFailure, statusOf } from './failure.ts'
import { writeOnce } from './settle.ts'

/** The names of every tag, in git's order. Throws `RELEASE_FAILED`. */
export async function listTags({
  octokit,
  at,
}: GitHub): Promise<readonly string[]> {
  try {
    const refs = await octokit.paginate(octokit.rest.git.listMatchingRefs, {
      ...at,
      ref: 'tags/',
    })
    return refs.map(({ ref }) => ref.replace(/^refs\/tags\//, ''))
  } catch (thrown) {
    // 409: a repository without a commit.
    if (statusOf(thrown) === 409) return []
    throw gitHubFailure(thrown, {
      code: 'RELEASE_FAILED',
      doing: 'list the tags',
      permission: 'contents: read',
    })
  }
}

/**
 * Creates a tag; one that points at that very commit is fine. Throws
 * `TAG_MISMATCH` for one that points elsewhere, else `RELEASE_FAILED`.
 */
export async function createTag(
  github: GitHub,
  tag: { readonly name: string; readonly commit: string },
): Promise<void> {
  const { octokit, at } = github
  try {
    await writeOnce(github, {
      what: `create the tag ${tag.name}`,
      write: async () => {
        await octokit.rest.git.createRef({
          ...at,
          ref: `refs/tags/${tag.name}`,
          sha: tag.commit,
        })
      },
      look: async () =>
        (await github.readTagCommit(tag.name)) === tag.commit
          ? { made: undefined }
          : undefined,
    })
  } catch (thrown) {
    // Made by another job.
    const commit = await github.readTagCommit(tag.name)
    if (commit === tag.commit) return
    if (commit !== null)
      throw new ReleaseError(
        'TAG_MISMATCH',
        `The tag ${tag.name} appeared at ${commit} while this run released it from ${tag.commit}. Look which of them is right: the version is published from ${tag.commit}.`,
        { cause: thrown },
      )
    throw gitHubFailure(thrown, {
      code: 'RELEASE_FAILED',
      doing: `create the tag ${tag.name}`,
      permission: 'contents: write',
    })
  }
}

import { ReleaseError } from '../errors.ts'
import type { GitHub } from './client.ts'
import { gitHubFailure, isForbidden, statusOf, wordsOf } from './failure.ts'
import { writeOnce } from './settle.ts'

/** Between which branches a pull request of this action is. */
export interface PullRequestPlace {
  /** The branch that it is to be merged into. */
  readonly branch: string
  /** The branch of the pull request; this action's own. */
  readonly proposalBranch: string
}

export interface PullRequestOrder extends PullRequestPlace {
  readonly title: string
  /** Markdown. */
  readonly body: string
}

async function findOpen(
  { octokit, at, owner }: GitHub,
  { branch, proposalBranch }: PullRequestPlace,
): Promise<string | undefined> {
  const { data } = await octokit.rest.pulls.list({
    ...at,
    state: 'open',
    base: branch,
    head: `${owner}:${proposalBranch}`,
  })
  return data[0]?.html_url
}

/** The URL of our open pull request. */
export async function findPullRequest(
  github: GitHub,
  place: PullRequestPlace,
): Promise<string | undefined> {
  try {
    return await findOpen(github, place)
  } catch (thrown) {
    throw gitHubFailure(thrown, {
      code: 'PAGES_FAILED',
      doing: `look for a pull request for ${place.branch}`,
      permission: 'pull-requests: write',
    })
  }
}

/**
 * The URL of our open pull request, which is opened if there is none. Throws
 * `PAGES_REJECTED`, `PERMISSION_DENIED` and `PAGES_FAILED`.
 */
export async function openPullRequest(
  github: GitHub,
  order: PullRequestOrder,
): Promise<string> {
  const { octokit, at } = github
  const { branch, proposalBranch, title, body } = order
  try {
    const open = await findOpen(github, order)
    if (open !== undefined) return open
    return await writeOnce(github, {
      what: `open a pull request for ${branch}`,
      write: async () => {
        const { data } = await octokit.rest.pulls.create({
          ...at,
          base: branch,
          head: proposalBranch,
          title,
          body,
        })
        return data.html_url
      },
      look: async () => {
        const made = await findOpen(github, order)
        return made === undefined ? undefined : { made }
      },
    })
  } catch (thrown) {
    // Opened by another job.
    const open = await findOpen(github, order).catch(() => undefined)
    if (open !== undefined) return open
    if (statusOf(thrown) === 403 && !isForbidden(thrown))
      throw new ReleaseError(
        'PAGES_REJECTED',
        `GitHub lets this workflow open no pull request: ${wordsOf(thrown)}. Allow it under Settings → Actions → General → "Allow GitHub Actions to create and approve pull requests". What it would hold is on the branch ${proposalBranch}.`,
        { cause: thrown },
      )
    throw gitHubFailure(thrown, {
      code: 'PAGES_FAILED',
      doing: `open a pull request for ${branch}`,
      permission: 'pull-requests: write',
    })
  }
}

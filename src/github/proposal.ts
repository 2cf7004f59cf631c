import { ReleaseError } from '../errors.ts'
import { type BranchHead, readHead, readTreeFile } from './branch.ts'
import type { GitHub } from './client.ts'
import { type CommitOrder, createCommit } from './commit.ts'
import { gitHubFailure, isForbidden, statusOf, wordsOf } from './failure.ts'
import { writeOnce } from './settle.ts'

export interface ProposalOrder extends CommitOrder {
  /** The branch of the pull request; this action's own. */
  readonly proposalBranch: string
  readonly title: string
  /** Markdown. */
  readonly body: string
}

/**
 * Proposes files for a branch in a pull request: one open pull request for each
 * proposal branch, which always holds what would be committed now. Returns its
 * URL, or `null` when nothing is to be done. Throws `PAGES_FAILED`,
 * `PAGES_REJECTED`, `PERMISSION_DENIED` and what `edit` throws.
 */
export async function proposeFiles(
  github: GitHub,
  order: ProposalOrder,
): Promise<string | null> {
  const head = await readHead(github, order.branch)
  if (head === null)
    throw new ReleaseError(
      'PAGES_FAILED',
      `There is no branch ${order.branch} that a pull request could be made for. Create it, or run once with pages-pull-request: false, which makes it.`,
    )
  const files = await order.edit(
    async (path) => await readTreeFile(github, head.tree, path),
    head,
  )
  if (files.size === 0) return null
  const proposed = await readHead(github, order.proposalBranch)
  if (proposed === null || !(await holds(github, proposed, files))) {
    const commit = await createCommit(github, order, { head, files })
    if (commit === null) return null
    await pointAt(github, order, { proposed, commit })
  }
  return await openPullRequest(github, order)
}

async function holds(
  github: GitHub,
  { tree }: BranchHead,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<boolean> {
  for (const [path, bytes] of files) {
    const there = await readTreeFile(github, tree, path)
    if (there === null || Buffer.compare(there, bytes) !== 0) return false
  }
  return true
}

/** The branch is ours: what an earlier run proposed is replaced. */
async function pointAt(
  github: GitHub,
  { proposalBranch }: ProposalOrder,
  {
    proposed,
    commit,
  }: { readonly proposed: BranchHead | null; readonly commit: string },
): Promise<void> {
  const { octokit, at } = github
  try {
    await writeOnce(github, {
      what: `move the branch ${proposalBranch}`,
      write: async () => {
        if (proposed === null)
          await octokit.rest.git.createRef({
            ...at,
            ref: `refs/heads/${proposalBranch}`,
            sha: commit,
          })
        else
          await octokit.rest.git.updateRef({
            ...at,
            ref: `heads/${proposalBranch}`,
            sha: commit,
            force: true,
          })
      },
      look: async () =>
        (await readHead(github, proposalBranch))?.commit === commit
          ? { made: undefined }
          : undefined,
    })
  } catch (thrown) {
    throw gitHubFailure(thrown, {
      code: 'PAGES_FAILED',
      doing: `write the branch ${proposalBranch}`,
      permission: 'contents: write',
    })
  }
}

async function openPullRequest(
  github: GitHub,
  { branch, proposalBranch, title, body }: ProposalOrder,
): Promise<string> {
  const { octokit, at, owner } = github
  const find = async (): Promise<string | undefined> => {
    const { data } = await octokit.rest.pulls.list({
      ...at,
      state: 'open',
      base: branch,
      head: `${owner}:${proposalBranch}`,
    })
    return data[0]?.html_url
  }
  try {
    const open = await find()
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
        const made = await find()
        return made === undefined ? undefined : { made }
      },
    })
  } catch (thrown) {
    // Opened by another job.
    const open = await find().catch(() => undefined)
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

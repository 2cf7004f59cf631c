import { ReleaseError } from '../errors.ts'
import { type BranchHead, readHead, readTreeFile } from './branch.ts'
import type { GitHub } from './client.ts'
import { type CommitOrder, createCommit, type ReadFile } from './commit.ts'
import { gitHubFailure } from './failure.ts'
import { writeOnce } from './settle.ts'
import {
  findPullRequest,
  openPullRequest,
  type PullRequestOrder,
} from './pull-request.ts'

export interface ProposalOrder
  extends Omit<CommitOrder, 'edit'>, PullRequestOrder {
  /** As in `CommitOrder`; `earlier`: what is proposed and not merged yet. */
  readonly edit: (
    read: ReadFile,
    head: BranchHead | null,
    earlier?: EarlierProposal,
  ) => Promise<ReadonlyMap<string, Uint8Array>>
}

/** What an open pull request of ours holds. */
export interface EarlierProposal {
  readonly read: ReadFile
  /** Reads what it was made upon. */
  readonly readBase: ReadFile
}

/**
 * Proposes files for a branch in a pull request: one open pull request for each
 * proposal branch, which holds what would be committed now, upon the branch as
 * it is now. Returns its URL, or `null` when nothing is to be done. Throws
 * `PAGES_FAILED`, `PAGES_REJECTED`, `PERMISSION_DENIED` and what `edit` throws.
 */
export async function proposeFiles(
  github: GitHub,
  order: ProposalOrder,
): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    const made = await tryPropose(github, order)
    if (made !== null) return made.url
    if (attempt === ATTEMPTS)
      throw new ReleaseError(
        'PAGES_FAILED',
        `The branch ${order.proposalBranch} was written by somebody else ${ATTEMPTS} times while this run wrote to it. Run again; what was done is kept.`,
      )
    await github.clock.sleep(Math.random() * 500 * 2 ** attempt)
  }
}

/** Another job may propose at the same moment, too: `null`, and nothing is done. */
const ATTEMPTS = 6

async function tryPropose(
  github: GitHub,
  order: ProposalOrder,
): Promise<{ readonly url: string | null } | null> {
  const head = await readHead(github, order.branch)
  if (head === null) throw missingBase(order.branch)
  const reader =
    (tree: string): ReadFile =>
    async (path) =>
      await readTreeFile(github, tree, path)
  const proposed = await readHead(github, order.proposalBranch)
  const open =
    proposed === null ? undefined : await findPullRequest(github, order)
  const base =
    proposed === null || open === undefined
      ? null
      : await readParent(github, proposed)
  const files = await order.edit(
    reader(head.tree),
    head,
    proposed === null || base === null
      ? undefined
      : { read: reader(proposed.tree), readBase: reader(base) },
  )
  if (files.size === 0) return { url: null }
  if (proposed === null || !(await holds(github, proposed, files))) {
    const commit = await createCommit(github, order, { head, files })
    if (commit === null) return { url: null }
    const now = await readHead(github, order.proposalBranch)
    if (now?.commit !== proposed?.commit) return null
    await pointAt(github, order, { proposed, commit })
  }
  return { url: open ?? (await openPullRequest(github, order)) }
}

/** `PAGES_FAILED`: a pull request needs a branch to be merged into. */
export function missingBase(branch: string): ReleaseError {
  return new ReleaseError(
    'PAGES_FAILED',
    `There is no branch ${branch} that a pull request could be made for. Create it, or run once with pages-pull-request: false, which makes it.`,
  )
}

/** The tree of the commit before; `null`: there is none. */
async function readParent(
  { octokit, at }: GitHub,
  { commit }: BranchHead,
): Promise<string | null> {
  try {
    const { data } = await octokit.rest.git.getCommit({
      ...at,
      commit_sha: commit,
    })
    const parent = data.parents[0]?.sha
    if (parent === undefined) return null
    const { data: before } = await octokit.rest.git.getCommit({
      ...at,
      commit_sha: parent,
    })
    return before.tree.sha
  } catch (thrown) {
    throw gitHubFailure(thrown, {
      code: 'PAGES_FAILED',
      doing: `read the commit ${commit}`,
      permission: 'contents: write',
    })
  }
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
      look: async () => {
        const now = (await readHead(github, proposalBranch))?.commit
        if (now === commit) return { made: undefined }
        if (now === proposed?.commit) return undefined
        throw new ReleaseError(
          'PAGES_FAILED',
          `The branch ${proposalBranch} was written by somebody else at the same moment. Run again; what was done is kept.`,
        )
      },
    })
  } catch (thrown) {
    throw gitHubFailure(thrown, {
      code: 'PAGES_FAILED',
      doing: `write the branch ${proposalBranch}`,
      permission: 'contents: write',
    })
  }
}

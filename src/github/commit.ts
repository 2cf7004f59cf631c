import { ReleaseError } from '../errors.ts'
import { type BranchHead, readHead, readTreeFile } from './branch.ts'
import type { GitHub } from './client.ts'
import {
  gitHubFailure,
  isForbidden,
  isLost,
  statusOf,
  wordsOf,
} from './failure.ts'
import { judgeFault } from './octokit.ts'

/** A file of the branch as it is now; `null`: it is not there. */
export type ReadFile = (path: string) => Promise<Uint8Array | null>

export interface CommitOrder {
  readonly branch: string
  readonly message: string
  /**
   * The files to write, by path, from what is there now; every other file
   * stays. Asked again when somebody else moved the branch meanwhile. Empty:
   * nothing is to be done.
   */
  readonly edit: (
    read: ReadFile,
    head: BranchHead | null,
  ) => Promise<ReadonlyMap<string, Uint8Array>>
}

/** Many jobs may write to one branch at once, and one wins each time. */
const ATTEMPTS = 20

/**
 * Writes files as one commit on a branch, through git objects: no checkout, no
 * credentials on disk, and GitHub signs a commit that names no author. A
 * branch that is not there is made, with this commit as its first.
 *
 * Returns the commit, or `null` when nothing was to be done. Throws
 * `PAGES_REJECTED`, `PAGES_FAILED`, `PERMISSION_DENIED` and what `edit` throws.
 */
export async function commitFiles(
  github: GitHub,
  order: CommitOrder,
): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    const head = await readHead(github, order.branch)
    const files = await order.edit(
      async (path) =>
        head === null ? null : await readTreeFile(github, head.tree, path),
      head,
    )
    if (files.size === 0) return null
    const commit = await createCommit(github, order, { head, files })
    if (commit === null) return null
    if (await moveBranch(github, order.branch, { head, commit })) return commit
    if (attempt === ATTEMPTS)
      throw new ReleaseError(
        'PAGES_REJECTED',
        `The branch ${order.branch} was moved by somebody else ${ATTEMPTS} times while this run wrote to it. Run again; what was done is kept.`,
      )
    await github.clock.sleep(Math.random() * Math.min(4000, 200 * 2 ** attempt))
  }
}

/** Bytes of a text that goes along with the tree, and of all of them. */
const SHORT = 128 * 1024
const TREE_ROOM = 8 * 1024 * 1024

/**
 * A text that needs no request of its own: GitHub takes few of those a minute,
 * and a landing page may have many files. `null` for what is long or no text.
 */
function shortText(bytes: Uint8Array): string | null {
  if (bytes.length === 0 || bytes.length > SHORT) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    )
  } catch {
    return null
  }
}

/** A commit that no ref points at yet; `null`: its tree is the head's. */
export async function createCommit(
  { octokit, at }: GitHub,
  { branch, message }: CommitOrder,
  from: {
    readonly head: BranchHead | null
    readonly files: ReadonlyMap<string, Uint8Array>
  },
): Promise<string | null> {
  const { head, files } = from
  try {
    const entries = []
    let room = TREE_ROOM
    for (const [path, bytes] of files) {
      const entry = { path, mode: '100644', type: 'blob' } as const
      const content = bytes.length > room ? null : shortText(bytes)
      if (content !== null) {
        room -= bytes.length
        entries.push({ ...entry, content })
        continue
      }
      const blob = await octokit.rest.git.createBlob({
        ...at,
        content: Buffer.from(bytes).toString('base64'),
        encoding: 'base64',
      })
      entries.push({ ...entry, sha: blob.data.sha })
    }
    const tree = await octokit.rest.git.createTree({
      ...at,
      tree: entries,
      ...(head === null ? {} : { base_tree: head.tree }),
    })
    if (tree.data.sha === head?.tree) return null
    const commit = await octokit.rest.git.createCommit({
      ...at,
      message,
      tree: tree.data.sha,
      parents: head === null ? [] : [head.commit],
    })
    return commit.data.sha
  } catch (thrown) {
    throw gitHubFailure(thrown, {
      code: 'PAGES_FAILED',
      doing: `write the files for the branch ${branch}`,
      permission: 'contents: write',
    })
  }
}

/** How often one ref update is tried when its answer is lost or early. */
const UPDATES = 4

/**
 * Points the branch at the commit. `false`: somebody else moved it first. A
 * lost answer is settled by looking where the branch is.
 */
async function moveBranch(
  github: GitHub,
  branch: string,
  {
    head,
    commit,
  }: { readonly head: BranchHead | null; readonly commit: string },
): Promise<boolean> {
  const { octokit, at, clock } = github
  const move = async (): Promise<void> => {
    if (head === null)
      await octokit.rest.git.createRef({
        ...at,
        ref: `refs/heads/${branch}`,
        sha: commit,
      })
    else
      await octokit.rest.git.updateRef({
        ...at,
        ref: `heads/${branch}`,
        sha: commit,
        force: false,
      })
  }
  try {
    return await github.retry(
      {
        what: `move the branch ${branch}`,
        attempts: UPDATES,
        // Nobody moved it: the answer was lost before GitHub acted, or GitHub
        // does not see the new commit yet, or it refuses.
        judge: (thrown) => {
          if (isEarly(thrown)) return { again: true }
          return isLost(thrown)
            ? judgeFault(thrown, clock.now())
            : { again: false }
        },
      },
      async () => {
        try {
          await move()
          return true
        } catch (thrown) {
          const now = await readHead(github, branch)
          if (now?.commit === commit) return true
          if (now?.commit !== head?.commit || isOvertaken(thrown)) return false
          throw thrown
        }
      },
    )
  } catch (thrown) {
    const status = statusOf(thrown)
    if (
      status === 422 ||
      status === 409 ||
      (status === 403 && !isForbidden(thrown))
    )
      throw new ReleaseError(
        'PAGES_REJECTED',
        `GitHub refuses the commit on ${branch}: ${wordsOf(thrown)}. Let this workflow write to the branch: Settings → Rules (or Branches) → allow GitHub Actions to bypass, or take ${branch} out of the rule. Then run again.`,
        { cause: thrown },
      )
    throw gitHubFailure(thrown, {
      code: 'PAGES_FAILED',
      doing: `move the branch ${branch}`,
      permission: 'contents: write',
    })
  }
}

/** GitHub may say so before its reading side shows who was faster. */
function isOvertaken(thrown: unknown): boolean {
  return (
    statusOf(thrown) === 422 &&
    /fast.?forward|reference already exists/i.test(wordsOf(thrown))
  )
}

function isEarly(thrown: unknown): boolean {
  return statusOf(thrown) === 422 && /does not exist/i.test(wordsOf(thrown))
}

import { type Git, gitIn, lineOf } from '../git.ts'
import {
  type Commit,
  readBlob,
  readCommit,
  writeCommit,
  writeObject,
} from './objects.ts'
import { createRef, moveRef, readRef, resolveCommit } from './refs.ts'
import { timestamp } from './release.ts'
import { readTree, writeTree } from './trees.ts'

/** What people do to a repository with git, and tests look at afterwards. */
export interface Branches {
  /** SHA of the branch's newest commit; `null` when there is no branch. */
  branchHead(branch: string): Promise<string | null>
  /** Its commits along first parents, the newest first. */
  branchCommits(branch: string): Promise<readonly Commit[]>
  /** A file of a branch, a tag or a commit; `null` when it is not there. */
  readBranchFile(branch: string, path: string): Promise<Buffer | null>
  /** The paths of all files of a branch, a tag or a commit. */
  listBranchFiles(branch: string): Promise<readonly string[]>
  /**
   * Somebody's own commit: writes these files (`null` removes one), and makes
   * the branch when it is not there. The commit's SHA.
   */
  commitToBranch(
    branch: string,
    files: Readonly<Record<string, string | Buffer | null>>,
    message?: string,
  ): Promise<string>
  /**
   * `git push --force` of these tags and branches from a repository on disk;
   * without a word of which, all of both. SHAs stay what they are.
   */
  pushRepository(
    path: string,
    what?: {
      readonly tags?: readonly string[]
      readonly branches?: readonly string[]
    },
  ): Promise<void>
}

export function branchesOf(git: Git): Branches {
  const head = async (branch: string): Promise<string | null> =>
    (await readRef(git, `refs/heads/${branch}`))?.sha ?? null
  return {
    branchHead: head,
    branchCommits: async (branch) => {
      const list = await lineOf(
        git(['rev-list', '--first-parent', `refs/heads/${branch}`]),
      )
      return await Promise.all(
        list.split('\n').map(async (sha) => await readCommit(git, sha)),
      )
    },
    readBranchFile: async (branch, path) => {
      const commit = await resolveCommit(git, branch)
      if (commit === null) return null
      return await readBlob(git, `${commit}:${path}`).catch(() => null)
    },
    listBranchFiles: async (branch) => {
      const commit = await resolveCommit(git, branch)
      if (commit === null) return []
      return (await readTree(git, commit, true))
        .filter(({ type }) => type === 'blob')
        .map(({ path }) => path)
    },
    commitToBranch: async (branch, files, message = 'Change by hand') => {
      const old = await readRef(git, `refs/heads/${branch}`)
      const changes = await Promise.all(
        Object.entries(files).map(async ([path, content]) => ({
          path,
          mode: '100644',
          sha:
            content === null ? null : await writeObject(git, 'blob', content),
        })),
      )
      const person = {
        name: 'A Maintainer',
        email: 'maintainer@example.com',
        date: timestamp(),
      }
      const sha = await writeCommit(git, {
        tree: await writeTree(git, old?.sha ?? null, changes),
        parents: old === null ? [] : [old.sha],
        author: person,
        committer: person,
        message,
      })
      if (old === null) await createRef(git, `refs/heads/${branch}`, sha)
      else await moveRef(git, old, sha)
      return sha
    },
    pushRepository: async (path, what) => {
      const refs =
        what === undefined
          ? ['refs/tags/*', 'refs/heads/*']
          : [
              ...(what.tags ?? []).map((tag) => `refs/tags/${tag}`),
              ...(what.branches ?? []).map((branch) => `refs/heads/${branch}`),
            ]
      const target = await lineOf(git(['rev-parse', '--absolute-git-dir']))
      const refspecs = refs.map((ref) => `+${ref}:${ref}`)
      await gitIn(path)(['push', '-q', target, ...refspecs])
    },
  }
}

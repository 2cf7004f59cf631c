import { gitHubFailure, isAbsent } from './failure.ts'
import type { GitHub } from './client.ts'

/** A commit of a branch, and the tree that it holds. */
export interface BranchHead {
  readonly commit: string
  readonly tree: string
}

const permission = 'contents: write'

/** The newest commit of a branch; `null`: there is no such branch. */
export async function readHead(
  { octokit, at }: GitHub,
  branch: string,
): Promise<BranchHead | null> {
  try {
    const ref = await octokit.rest.git.getRef({ ...at, ref: `heads/${branch}` })
    const commit = ref.data.object.sha
    const { data } = await octokit.rest.git.getCommit({
      ...at,
      commit_sha: commit,
    })
    return { commit, tree: data.tree.sha }
  } catch (thrown) {
    // 409: the repository has no commit yet.
    if (isAbsent(thrown) || isEmptyRepository(thrown)) return null
    throw gitHubFailure(thrown, {
      code: 'PAGES_FAILED',
      doing: `read the branch ${branch}`,
      permission,
    })
  }
}

/**
 * A file of a tree, by its path with `/`; `null`: it is not there. Read as git
 * objects, since the contents API stops at 1 MB.
 */
export async function readTreeFile(
  { octokit, at }: GitHub,
  tree: string,
  path: string,
): Promise<Uint8Array | null> {
  const names = path.split('/')
  try {
    let sha = tree
    for (const [depth, name] of names.entries()) {
      const { data } = await octokit.rest.git.getTree({ ...at, tree_sha: sha })
      const type = depth === names.length - 1 ? 'blob' : 'tree'
      const entry = data.tree.find(
        (one) => one.path === name && one.type === type,
      )
      if (entry?.sha === undefined) {
        if (data.truncated)
          throw new Error(`the folder of ${path} has too many files to list`)
        return null
      }
      sha = entry.sha
    }
    const { data } = await octokit.rest.git.getBlob({ ...at, file_sha: sha })
    if (data.encoding !== 'base64')
      throw new Error(`GitHub sent ${path} as ${data.encoding}`)
    return Buffer.from(data.content, 'base64')
  } catch (thrown) {
    throw gitHubFailure(thrown, {
      code: 'PAGES_FAILED',
      doing: `read ${path}`,
      permission,
    })
  }
}

function isEmptyRepository(thrown: unknown): boolean {
  return (thrown as { status?: number }).status === 409
}

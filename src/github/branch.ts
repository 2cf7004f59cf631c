import { ReleaseError } from '../errors.ts'
import { gitHubFailure, isAbsent, statusOf } from './failure.ts'
import type { GitHub } from './client.ts'

/** A commit of a branch, and the tree that it holds. */
export interface BranchHead {
  readonly commit: string
  readonly tree: string
}

/** The mode of a symbolic link in a git tree. */
const LINK = '120000'

const permission = 'contents: write'

/** The newest commit of a branch; `null`: there is no such branch. */
export async function readHead(
  { octokit, at }: GitHub,
  branch: string,
): Promise<BranchHead | null> {
  try {
    const ref = await octokit.rest.git
      .getRef({ ...at, ref: `heads/${branch}` })
      .catch((thrown: unknown) => {
        // 409: the repository has no commit yet.
        if (isAbsent(thrown) || statusOf(thrown) === 409) return null
        throw thrown
      })
    if (ref === null) return null
    const commit = ref.data.object.sha
    // Not found here is no absence: the branch names this commit (P7).
    const { data } = await octokit.rest.git.getCommit({
      ...at,
      commit_sha: commit,
    })
    return { commit, tree: data.tree.sha }
  } catch (thrown) {
    throw gitHubFailure(thrown, {
      code: 'PAGES_FAILED',
      doing: `read the branch ${branch}`,
      permission,
    })
  }
}

/**
 * A file of a tree, by its path with `/`; `null`: it is not there. Read as git
 * objects, since the contents API stops at 1 MB. Throws `PAGES_FAILED` for a
 * path that is something else than a file.
 */
export async function readTreeFile(
  github: GitHub,
  tree: string,
  path: string,
): Promise<Uint8Array | null> {
  const { octokit, at } = github
  const sha = await findTreeFile(github, tree, path)
  if (sha === null) return null
  try {
    const { data } = await octokit.rest.git.getBlob({ ...at, file_sha: sha })
    if (data.encoding !== 'base64')
      throw new Error(`GitHub sent ${path} as ${data.encoding}`)
    return Buffer.from(data.content, 'base64')
  } catch (thrown) {
    throw readFailure(thrown, path)
  }
}

/** The blob of a file of a tree, as `readTreeFile` finds it. */
export async function findTreeFile(
  { octokit, at }: GitHub,
  tree: string,
  path: string,
): Promise<string | null> {
  const names = path.split('/')
  try {
    let sha = tree
    for (const [depth, name] of names.entries()) {
      const { data } = await octokit.rest.git.getTree({ ...at, tree_sha: sha })
      const type = depth === names.length - 1 ? 'blob' : 'tree'
      const entry = data.tree.find((one) => one.path === name)
      if (entry?.sha === undefined) {
        if (data.truncated)
          throw new Error(`the folder of ${path} has too many files to list`)
        return null
      }
      if (entry.type !== type || entry.mode === LINK)
        throw new ReleaseError(
          'PAGES_FAILED',
          `${names.slice(0, depth + 1).join('/')} is no plain ${type === 'blob' ? 'file' : 'folder'} on the branch, and is not replaced. Remove it there, or set the input pages-directory to another folder.`,
        )
      sha = entry.sha
    }
    return sha
  } catch (thrown) {
    throw readFailure(thrown, path)
  }
}

/** What a folder holds under a name. */
export interface FolderEntry {
  /** `other`: a link, or another repository. */
  readonly kind: 'file' | 'folder' | 'other'
  readonly sha: string
}

/** What a folder of a tree holds; `.` is its root. `null`: it is not there. */
export async function listTreeFolder(
  { octokit, at }: GitHub,
  tree: string,
  path: string,
): Promise<ReadonlyMap<string, FolderEntry> | null> {
  const names = path === '.' ? [] : path.split('/')
  try {
    let sha = tree
    for (;;) {
      const { data } = await octokit.rest.git.getTree({ ...at, tree_sha: sha })
      const entries = new Map(data.tree.map((one) => [one.path, toEntry(one)]))
      const name = names.shift()
      if (name === undefined && data.truncated)
        throw new Error(`the folder has too many files to list`)
      if (name === undefined) return entries
      const next = entries.get(name)
      if (next?.kind !== 'folder') return null
      sha = next.sha
    }
  } catch (thrown) {
    throw readFailure(thrown, path)
  }
}

function toEntry(entry: {
  readonly type: string
  readonly mode: string
  readonly sha: string
}): FolderEntry {
  const { type, mode, sha } = entry
  if (type === 'tree') return { kind: 'folder', sha }
  return { kind: type === 'blob' && mode !== LINK ? 'file' : 'other', sha }
}

function readFailure(thrown: unknown, path: string): ReleaseError {
  return gitHubFailure(thrown, {
    code: 'PAGES_FAILED',
    doing: `read ${path}`,
    permission,
  })
}

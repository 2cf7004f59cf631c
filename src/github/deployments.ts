import type { GitHub } from './client.ts'
import { findTreeFile } from './branch.ts'
import { gitHubFailure, isForbidden } from './failure.ts'

export interface ServedQuestion {
  readonly branch: string
  /** Of the file on the branch. */
  readonly path: string
  /** Only what was deployed by then. */
  readonly until: Date
}

interface Deployment {
  readonly id: number
  readonly sha: string
  readonly ref: string
}

interface DeploymentStatus {
  readonly state: string
  readonly created_at: string
}

/** How many deployments of the branch are looked into. */
const DEEPEST = 5

/**
 * Has GitHub Pages served this file of the branch, by the repository's history
 * of deployments? That of a branch build is at the branch's commit; what a
 * workflow deployed says nothing of the branch. Throws `PAGES_FAILED` and
 * `PERMISSION_DENIED` when GitHub does not say.
 */
export async function hasServedFile(
  github: GitHub,
  { branch, path, until }: ServedQuestion,
): Promise<boolean> {
  const deployments = (await read(github, 'deployments', {
    environment: 'github-pages',
    per_page: '30',
  })) as readonly Deployment[]
  const own = deployments
    .filter(({ ref }) => ref.replace(/^refs\/heads\//, '') === branch)
    .slice(0, DEEPEST)
  for (const { id, sha } of own) {
    const statuses = (await read(github, `deployments/${id}/statuses`, {
      per_page: '30',
    })) as readonly DeploymentStatus[]
    const succeeded = statuses.some(
      ({ state, created_at: at }) =>
        // A later one makes it `inactive`, and leaves this status.
        state === 'success' && new Date(at) <= until,
    )
    if (succeeded && (await holdsFile(github, sha, path))) return true
  }
  return false
}

async function holdsFile(
  github: GitHub,
  commit: string,
  path: string,
): Promise<boolean> {
  const { data } = await github.octokit.rest.git
    .getCommit({ ...github.at, commit_sha: commit })
    .catch((thrown: unknown) => {
      throw failure(thrown)
    })
  return (await findTreeFile(github, data.tree.sha, path)) !== null
}

/**
 * A job's token needs `deployments: read` even where everybody may read them
 * without one.
 */
async function read(
  { octokit, at, http }: GitHub,
  what: string,
  query: Readonly<Record<string, string>>,
): Promise<unknown> {
  const route = `GET /repos/{owner}/{repo}/${what}`
  const order = { ...at, ...query }
  try {
    return (await octokit.request(route, order)).data
  } catch (thrown) {
    if (!isForbidden(thrown)) throw failure(thrown)
    const { url } = octokit.request.endpoint(route, order)
    const answer = await http(url, {
      headers: { accept: 'application/vnd.github+json' },
    })
    const body = Buffer.from(await answer.bytes()).toString()
    if (answer.status !== 200) throw failure(thrown)
    return JSON.parse(body) as unknown
  }
}

function failure(thrown: unknown): Error {
  return gitHubFailure(thrown, {
    code: 'PAGES_FAILED',
    doing: 'read what Pages has deployed',
    permission: 'deployments: read',
  })
}

import type { Clock } from '../clock.ts'
import { ReleaseError } from '../errors.ts'
import type { Http } from '../http.ts'
import type { Log } from '../log.ts'
import type { Retry } from '../retry.ts'
import {
  type FailureContext,
  gitHubFailure,
  isAbsent,
  statusOf,
} from './failure.ts'
import { createOctokit, type Octokit } from './octokit.ts'

/** A repository at GitHub, and the client that asks about it. */
export interface GitHub {
  readonly owner: string
  readonly repo: string
  /** `https://github.com` */
  readonly serverUrl: string
  readonly octokit: Octokit
  /** What every call names: `{ owner, repo }`. */
  readonly at: { readonly owner: string; readonly repo: string }
  /** The header that carries the token, for API URLs only. */
  readonly authorization: string
  readonly http: Http
  readonly retry: Retry
  readonly clock: Clock
  readRepository(): Promise<RepositoryFacts>
  /**
   * The commit that a tag points at, peeled; `null`: no such tag. Throws
   * `TAG_INVALID` for a tag of a file or a folder.
   */
  readTagCommit(tag: string): Promise<string | null>
  readCommitTime(commit: string): Promise<Date>
}

export interface RepositoryFacts {
  readonly visibility: 'public' | 'private' | 'internal'
  readonly defaultBranch: string
  readonly ownerType: 'organization' | 'user'
}

export interface GitHubOptions {
  /** Secret. */
  readonly token: string
  readonly apiUrl: string
  readonly serverUrl: string
  readonly owner: string
  readonly repo: string
  readonly http: Http
  readonly retry: Retry
  readonly clock: Clock
  readonly log: Pick<Log, 'info'>
}

/** An annotated tag may point at another one. */
const DEEPEST_TAG = 10

/** The client of one repository. Every method throws `PERMISSION_DENIED`, `TIMED_OUT` and `RELEASE_FAILED`. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { owner, repo, serverUrl, http, retry, clock } = options
  const octokit = createOctokit(options)
  const at = { owner, repo }
  return {
    owner,
    repo,
    serverUrl,
    octokit,
    at,
    authorization: `token ${options.token}`,
    http,
    retry,
    clock,

    readRepository: async () => {
      try {
        const { data } = await octokit.rest.repos.get(at)
        // Old servers know no `visibility`.
        const { visibility = data.private ? 'private' : 'public' } = data
        return {
          visibility: visibility as RepositoryFacts['visibility'],
          defaultBranch: data.default_branch,
          ownerType:
            data.owner.type === 'Organization' ? 'organization' : 'user',
        }
      } catch (thrown) {
        throw gitHubFailure(thrown, reading(`the repository ${owner}/${repo}`))
      }
    },

    readTagCommit: async (tag) => {
      try {
        const found = await octokit.rest.git
          .getRef({ ...at, ref: `tags/${tag}` })
          .catch((thrown: unknown) => {
            // 409: a repository without a commit.
            if (isAbsent(thrown) || statusOf(thrown) === 409) return null
            throw thrown
          })
        if (found === null) return null
        let { type, sha } = found.data.object as { type: string; sha: string }
        for (let depth = 0; type === 'tag' && depth < DEEPEST_TAG; depth++) {
          const object = await octokit.rest.git.getTag({ ...at, tag_sha: sha })
          ;({ type, sha } = object.data.object)
        }
        if (type === 'commit') return sha
        throw new ReleaseError(
          'TAG_INVALID',
          `The tag ${tag} points at a ${type}, not at a commit. Move it to the commit to release.`,
        )
      } catch (thrown) {
        throw gitHubFailure(thrown, reading(`the tag ${tag}`))
      }
    },

    readCommitTime: async (commit) => {
      try {
        const { data } = await octokit.rest.git.getCommit({
          ...at,
          commit_sha: commit,
        })
        return new Date(data.committer.date)
      } catch (thrown) {
        throw gitHubFailure(thrown, reading(`the commit ${commit}`))
      }
    },
  }
}

/** That GitHub cannot be asked says nothing of the tag: never `TAG_MISSING` (P7). */
function reading(what: string): FailureContext {
  return {
    code: 'RELEASE_FAILED',
    doing: `read ${what}`,
    permission: 'contents: write',
  }
}

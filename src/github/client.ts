import type { Clock } from '../clock.ts'
import type { Http } from '../http.ts'
import type { Retry } from '../retry.ts'
import { gitHubFailure, isAbsent } from './failure.ts'
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
  /** The commit that a tag points at, peeled; `null`: no such tag. */
  readTagCommit(tag: string): Promise<string | null>
  readCommitTime(commit: string): Promise<Date>
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
}

/** An annotated tag may point at another one. */
const DEEPEST_TAG = 10

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

    readTagCommit: async (tag) => {
      const doing = `read the tag ${tag}`
      try {
        const found = await octokit.rest.git.getRef({
          ...at,
          ref: `tags/${tag}`,
        })
        let { type, sha } = found.data.object as { type: string; sha: string }
        for (let depth = 0; type === 'tag' && depth < DEEPEST_TAG; depth++) {
          const object = await octokit.rest.git.getTag({ ...at, tag_sha: sha })
          ;({ type, sha } = object.data.object)
        }
        return sha
      } catch (thrown) {
        if (isAbsent(thrown)) return null
        throw gitHubFailure(thrown, {
          code: 'TAG_MISSING',
          doing,
          permission: 'contents: write',
        })
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
        throw gitHubFailure(thrown, {
          code: 'TAG_MISSING',
          doing: `read the commit ${commit}`,
          permission: 'contents: write',
        })
      }
    },
  }
}

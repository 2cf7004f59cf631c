import type { Git } from '../git.ts'
import type { Pull } from './pull-routes.ts'
import type { Release } from './release.ts'

export type Visibility = 'public' | 'private' | 'internal'

/** The parts of a job's `permissions:` that this front knows. */
export type Scope =
  'contents' | 'pages' | 'deployments' | 'pull-requests' | 'metadata'
export type Level = 'none' | 'read' | 'write'

export interface PagesSettings {
  /** With a slash at its end, as GitHub writes it. */
  readonly html_url: string
  /** `legacy`: built from `source`; `workflow`: the branch serves nothing. */
  readonly build_type: 'legacy' | 'workflow'
  readonly source: { readonly branch: string; readonly path: '/' | '/docs' }
  /** The site's own domain. */
  readonly cname?: string | null
  readonly https_certificate?: {
    readonly state: string
    readonly description: string
  }
}

/** What GitHub says of the newest build of the pages branch. */
export interface PagesBuild {
  readonly status: 'queued' | 'building' | 'built' | 'errored'
  readonly commit: string
  /** Why it errored. */
  readonly message?: string
}

/** Something that was brought into an environment. */
export interface Deployment {
  readonly id: number
  /** Of what was deployed: for a pages branch, its commit. */
  readonly sha: string
  /** Where that came from, as it was named: `gh-pages`. */
  readonly ref: string
  readonly environment: string
  /** RFC 3339. */
  readonly createdAt: string
  /** The newest first, as GitHub lists them. */
  states: readonly DeploymentState[]
}

export type DeploymentState =
  'queued' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive'

/** Everything that the front knows; git's part lies in a bare repository. */
export interface Hub {
  readonly owner: string
  readonly repo: string
  readonly login: string
  readonly token: string
  readonly defaultBranch: string
  /** Without a slash at the end. Set once the doors are open. */
  readonly urls: {
    readonly api: string
    readonly server: string
    readonly uploads: string
    readonly storage: string
  }
  readonly git: Git
  visibility: Visibility
  /** Does the repository make releases immutable from now on? */
  immutable: boolean
  readonly permissions: Map<Scope, Level>
  pages: PagesSettings | null
  pagesBuild: PagesBuild | null
  /** Brings builds and deployments up to date, before somebody reads them. */
  settlePages: () => Promise<void>
  /** In the order in which they were made. */
  readonly deployments: Deployment[]
  readonly releases: Release[]
  readonly pulls: Pull[]
  /** The id of the release that was made the latest one. */
  latest: number | null
  /** Tags of immutable releases: never to be released again. */
  readonly burntTags: Set<string>
  /** Commits that GitHub itself wrote and so signed. */
  readonly signedCommits: Set<string>
  nextId(): number
}

/** `https://api…/repos/OWNER/REPO`, and what follows. */
export function apiUrl(hub: Hub, rest = ''): string {
  return `${hub.urls.api}/repos/${hub.owner}/${hub.repo}${rest}`
}

/** `https://github…/OWNER/REPO`, and what follows. */
export function webUrl(hub: Hub, rest = ''): string {
  return `${hub.urls.server}/${hub.owner}/${hub.repo}${rest}`
}

import type { Git } from '../git.ts'
import type { Release } from './release.ts'

export type Visibility = 'public' | 'private' | 'internal'

/** The parts of a job's `permissions:` that this front knows. */
export type Scope = 'contents' | 'pages' | 'metadata'
export type Level = 'none' | 'read' | 'write'

export interface PagesSettings {
  /** With a slash at its end, as GitHub writes it. */
  readonly html_url: string
  /** `legacy`: built from `source`; `workflow`: the branch serves nothing. */
  readonly build_type: 'legacy' | 'workflow'
  readonly source: { readonly branch: string; readonly path: '/' | '/docs' }
}

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
  readonly releases: Release[]
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

import type { Memory } from './memory.ts'

/** What a landing page is made of, besides the index. */
export interface SiteFacts {
  /** Of the git repository: its owner's name, and its own. */
  readonly owner: string
  /** What a user calls the Helm repository, too. */
  readonly repositoryName: string
  /** Of the git repository, for people. */
  readonly repositoryUrl: string
  /** Where the index is served, without `/` at the end. */
  readonly baseUrl: string
  readonly memory: Memory
}

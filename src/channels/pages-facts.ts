import { readHead } from '../github/branch.ts'
import type { GitHub } from '../github/client.ts'
import { type FailedBuild, readFailedBuild } from '../github/pages-settings.ts'
import type { PagesSite, PagesState } from '../github/pages-site.ts'
import type { Log } from '../log.ts'
import { messageOf } from '../errors.ts'
import { isAtPages, type PagesPlace, serves } from './pages-place.ts'
import type { Served } from './served-index.ts'

/** What GitHub says of the Pages that should serve the index. */
export interface PagesFacts {
  /** `null`: GitHub did not say. */
  readonly state: PagesState | null
  /** The build of what was published failed. */
  readonly failed: FailedBuild | null
}

export interface FactsPorts {
  readonly github: GitHub
  readonly site: PagesSite
  readonly log: Log
}

/** Asks GitHub how Pages is set up now. Never rejects: then nothing is known. */
export async function readFacts(
  { github, site, log }: FactsPorts,
  branch: string,
): Promise<PagesFacts> {
  try {
    const state = await site.now()
    const failed =
      state.kind === 'on' && state.settings.status === 'errored'
        ? await readFailedBuild(github)
        : null
    if (failed === null) return { state, failed }
    // An older commit's failure says nothing of this one's build.
    const head = await readHead(github, branch)
    return { state, failed: failed.commit === head?.commit ? failed : null }
  } catch (thrown) {
    log.debug(`Pages: ${messageOf(thrown)}`)
    return { state: null, failed: null }
  }
}

/** Will the index never be served, however long anybody waits? */
export function isPointless(
  place: PagesPlace,
  { state, failed }: PagesFacts,
  served: Served,
): boolean {
  // Somebody else may serve the branch: then Pages' settings say nothing.
  if (state?.kind === 'off') return served.state !== 'index'
  if (state?.kind !== 'on' || !isAtPages(place, state.settings)) return false
  return failed !== null || !serves(place, state.settings)
}

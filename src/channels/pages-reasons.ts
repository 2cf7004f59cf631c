import type { Verification } from '../model.ts'
import { buildsUrl, choices, settingsUrl } from './pages-place.ts'
import {
  explainAddress,
  explainDomain,
  explainFailedBuild,
  explainSource,
  type Setup,
} from './pages-setup.ts'
import { again, type Explanation, sentence, sightOf } from './pages-words.ts'
import type { Served } from './served-index.ts'

/** A version that a stranger does not find in the served index. */
export interface Missing extends Setup {
  /** Is an index known to have been served here before? */
  readonly servedBefore: boolean
  /** `demo 1.2.3` */
  readonly what: string
}

/** The verdict and its words. Pure. */
export function explainMissing(missing: Missing): Verification {
  const failed = explainFailedBuild(missing)
  if (failed !== null) return { verified: 'broken', ...failed }
  // What cannot be asked is not gone (P7).
  const isGone = missing.servedBefore && isDefinite(missing.served)
  const { reason, remedy } =
    explainSource(missing) ??
    explainAddress(missing) ??
    explainDomain(missing) ??
    explainServed(missing)
  const sentences = [
    reason,
    ...(isGone
      ? ['It was served before: whoever added this repository has lost it.']
      : []),
    ...(missing.facts.state?.kind === 'hidden'
      ? [
          'How Pages is set up cannot be seen with this token: "pages: read" among the permissions of the job would give better reasons.',
        ]
      : []),
  ]
  return {
    verified: isGone ? 'broken' : 'pending',
    reason: sentences.join(' '),
    remedy,
  }
}

/** Did a server say that there is no index, rather than fail? */
export function isDefinite({ state }: Served): boolean {
  return state === 'refused' || state === 'page'
}

/** Pages is set up as it should be, or nobody knows how. */
function explainServed({ place, served, what, facts }: Missing): Explanation {
  const builds = `${buildsUrl(place)} ("pages build and deployment")`
  const sight = sentence(sightOf(served, place.baseUrl))
  if (served.state === 'trouble')
    return {
      reason: sight,
      remedy: `That says nothing of the release. Wait a while, ${again}`,
    }
  if (served.state === 'index')
    return {
      reason: `${place.baseUrl}/index.yaml is served, but as an older one that does not list ${what} yet.`,
      remedy: `A build of Pages takes about a minute, and its caches keep the old index for ten: look at ${builds}, ${again}`,
    }
  const isOn = facts.state?.kind === 'on'
  return {
    reason: sight,
    remedy: isOn
      ? `Pages is set up for it: look at ${builds} and wait until it has built ${place.branch}; ${again}`
      : `Open ${settingsUrl(place)} and check that it says: ${choices(place)}; ${again}`,
  }
}

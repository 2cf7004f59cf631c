import { pagesUrl } from '../github/pages-url.ts'
import type { PagesFacts } from './pages-facts.ts'
import {
  buildsUrl,
  choices,
  isAtPages,
  isRightUrl,
  type PagesPlace,
  serves,
  settingsUrl,
  sourceOf,
} from './pages-place.ts'
import { again, type Explanation, plain, sightOf } from './pages-words.ts'
import type { Served } from './served-index.ts'

/** What is known of Pages, and of what it serves. */
export interface Setup {
  readonly place: PagesPlace
  readonly facts: PagesFacts
  /** The last look at the index. */
  readonly served: Served
}

/** Did the build of this version fail? `null`: not that. */
export function explainFailedBuild({
  place,
  facts: { state, failed },
}: Setup): Explanation | null {
  if (failed === null || state?.kind !== 'on') return null
  if (!isAtPages(place, state.settings)) return null
  const words = failed.message === null ? '' : `: ${plain(failed.message)}`
  return {
    reason: `Pages could not build the commit that lists this version, ${failed.commit.slice(0, 10)} on ${place.branch}${words}.`,
    remedy: `Look at ${buildsUrl(place)} ("pages build and deployment") and mend on ${place.branch} what it names, or run that build again; ${again}`,
  }
}

/** Is Pages off, or does it serve something else? `null`: neither. */
export function explainSource({
  place,
  facts: { state },
  served,
}: Setup): Explanation | null {
  const open = `Open ${settingsUrl(place)} and choose ${choices(place)}`
  if (state?.kind === 'off')
    return served.state === 'index'
      ? null
      : {
          reason: `GitHub Pages is not enabled, so nothing serves ${place.baseUrl}/index.yaml.`,
          remedy: `${open}, then "Save"; wait a minute, ${again}`,
        }
  if (state?.kind !== 'on') return null
  const { settings } = state
  if (serves(place, settings) || !isAtPages(place, settings)) return null
  return settings.builtBy === 'workflow'
    ? {
        reason: `Pages is built by a workflow (Source "GitHub Actions"), so the branch ${place.branch}, which lists this version, serves nothing.`,
        remedy: `${open} instead, then "Save" (what only the workflow put on the site is gone then); wait a minute, ${again}`,
      }
    : {
        reason: `Pages serves ${sourceOf(settings)}, and the index is ${place.directory === '.' ? '' : `in ${place.directory} `}on the branch "${place.branch}".`,
        remedy: `${open}, then "Save", or set the inputs pages-branch and pages-directory to what Pages serves; wait a minute, ${again}`,
      }
}

/** Does the input `pages-url` lead somewhere else? `null`: no. */
export function explainAddress({
  place,
  facts: { state },
  served,
}: Setup): Explanation | null {
  const { baseUrl, branch } = place
  const update = `if ${baseUrl} is right, bring it up to date from the branch "${branch}"`
  if (state?.kind === 'off')
    return {
      reason: `GitHub Pages is not enabled, and whatever else serves ${baseUrl}/index.yaml has an older one, without this version.`,
      remedy: `Let that serve the branch "${branch}" as it is now, or open ${settingsUrl(place)}, choose ${choices(place)} and take the input pages-url out; ${again}`,
    }
  if (state?.kind !== 'on' || isRightUrl(place, state.settings)) return null
  const right = pagesUrl(place.github, place.directory, state.settings)
  return {
    reason: `The index is looked for at ${baseUrl} (input pages-url), but Pages serves it at ${right}; ${sightOf(served, baseUrl)}.`,
    remedy: `Set pages-url to ${right}, or take it out; ${update}; ${again}`,
  }
}

/** Does the site's own domain not answer as it should? `null`: not that. */
export function explainDomain({
  place,
  facts: { state },
  served,
}: Setup): Explanation | null {
  if (state?.kind !== 'on' || state.settings.domain === null) return null
  const { domain, certificate } = state.settings
  const has = `Pages has the custom domain ${domain}, and`
  const open = `Open ${settingsUrl(place)} and look under "Custom domain"`
  if (served.state === 'trouble' && isUnresolved(served.code))
    return {
      reason: `${has} that name does not resolve: ${plain(served.words)}.`,
      remedy: `${open}: its DNS records must lead to GitHub; ${again}`,
    }
  if (served.state === 'trouble' && isUntrusted(served.code))
    return {
      reason: `${has} its certificate is not accepted${certificate === null ? '' : ` (GitHub calls it "${plain(certificate)}")`}: ${plain(served.words)}.`,
      remedy: `${open}: GitHub gets the certificate once DNS leads there, which can take an hour; ${again}`,
    }
  return served.state === 'refused' || served.state === 'page'
    ? {
        reason: `${has} ${sightOf(served, place.baseUrl)}.`,
        remedy: `${open}: does the check of its DNS succeed? Look at ${buildsUrl(place)} too ("pages build and deployment"); ${again}`,
      }
    : null
}

function isUnresolved(code: string | null): boolean {
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN'
}

function isUntrusted(code: string | null): boolean {
  return code !== null && /CERT|TLS|SSL|LEAF_SIGNATURE/.test(code)
}

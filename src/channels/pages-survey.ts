import type { PagesState } from '../github/pages-site.ts'
import { listVersions } from '../repository/index-file.ts'
import { readBranchIndex } from './pages-branch.ts'
import {
  choices,
  isAtPages,
  type PagesPlace,
  serves,
  settingsUrl,
  sourceOf,
} from './pages-place.ts'
import type { Served } from './served-index.ts'

/** What is seen of Pages before anything is published. */
export interface Surveyed {
  readonly state: PagesState
  readonly served: Served
}

/**
 * What will keep strangers from what the branch is about to list, and what to
 * click. Throws what reading the branch throws.
 */
export async function warnBefore(
  place: PagesPlace,
  { state, served }: Surveyed,
): Promise<readonly string[]> {
  const open = `Open ${settingsUrl(place)}`
  if (state.kind === 'off')
    // Something else may serve the branch.
    return served.state === 'index'
      ? []
      : [
          `GitHub Pages is not enabled, so nobody can use the Helm repository at ${place.baseUrl} yet. Once the branch ${place.branch} is there, which this run makes: open ${settingsUrl(place)} and choose ${choices(place)}, then "Save". Only an administrator can do that, once.`,
        ]
  if (state.kind !== 'on') return []
  const { settings } = state
  if (serves(place, settings) || !isAtPages(place, settings)) return []
  if (settings.builtBy === 'branch')
    return [
      `Pages serves ${sourceOf(settings)}, not the branch "${place.branch}", where this run writes the index. ${open} and choose ${choices(place)}, or set the inputs pages-branch and pages-directory to what Pages serves.`,
    ]
  return [
    `Pages is built by a workflow (Source "GitHub Actions"), so the branch ${place.branch}, where this run writes the index, serves nothing. ${open} and choose ${choices(place)} instead.${await tellLosses(place, served)}`,
  ]
}

/** What is served and would not be any more after that choice. */
async function tellLosses(place: PagesPlace, served: Served): Promise<string> {
  if (served.state !== 'index')
    return ' What only the workflow put on the site is gone then.'
  const text = await readBranchIndex(place)
  const kept =
    text === null || text.trim() === '' ? new Map() : listVersions(text)
  const lost = [...listVersions(served.text)].flatMap(([name, versions]) => {
    const still = new Set<string>((kept.get(name) as string[]) ?? [])
    return versions
      .filter((version) => !still.has(version))
      .map((version) => `${clean(name)} ${clean(version)}`)
  })
  if (lost.length === 0)
    return ' The index there lists every version that is served now.'
  return ` Before that, copy to the index on ${place.branch} what only the served one lists, or those versions are lost: ${capped(lost)}.`
}

const MOST_NAMED = 20

function capped(lost: readonly string[]): string {
  const more = lost.length - MOST_NAMED
  return more > 0
    ? `${lost.slice(0, MOST_NAMED).join(', ')} and ${more} more`
    : lost.join(', ')
}

/** Names in an index are anybody's: odd ones are quoted, and cut. */
function clean(word: string): string {
  return /^[\w.+-]{1,100}$/.test(word)
    ? word
    : JSON.stringify(
        word.replaceAll(/[\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, 100),
      )
}

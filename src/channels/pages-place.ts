import type { GitHub } from '../github/client.ts'
import type { PagesSettings } from '../github/pages-settings.ts'
import { pagesUrl } from '../github/pages-url.ts'

/** Where the index is on its branch, and where it should be served. */
export interface PagesPlace {
  readonly github: GitHub
  readonly branch: string
  /** Of `index.yaml` on it; `.` for its root. */
  readonly directory: string
  /** Where that directory is served, without `/` at the end. */
  readonly baseUrl: string
}

/** Where a maintainer sets Pages up. */
export function settingsUrl({ github }: PagesPlace): string {
  const { serverUrl, owner, repo } = github
  return `${serverUrl}/${owner}/${repo}/settings/pages`
}

/** Where GitHub shows its builds of the branch. */
export function buildsUrl({ github }: PagesPlace): string {
  const { serverUrl, owner, repo } = github
  return `${serverUrl}/${owner}/${repo}/actions/workflows/pages/pages-build-deployment`
}

/** What to choose in the settings, in the words of their page. */
export function choices(place: PagesPlace): string {
  return `Source "Deploy from a branch", Branch "${place.branch}", Folder "${folderOf(place)}"`
}

/** Pages serves a branch from its root, or from `docs`. */
function folderOf({ directory, baseUrl }: PagesPlace): string {
  const below = directory === 'docs' || directory.startsWith('docs/')
  const { pathname } = new URL(baseUrl)
  return below && !`${pathname}/`.endsWith(`/${directory}/`)
    ? '/docs'
    : '/ (root)'
}

/** Does Pages serve the index of this place, as it is set up? */
export function serves(
  { branch, directory }: PagesPlace,
  settings: PagesSettings,
): boolean {
  const { folder } = settings
  return (
    settings.builtBy === 'branch' &&
    settings.branch === branch &&
    (folder === '' ||
      directory === folder ||
      directory.startsWith(`${folder}/`))
  )
}

/** What Pages serves now, in the words of its settings. */
export function sourceOf({ branch, folder }: PagesSettings): string {
  return `the branch "${branch}", folder "/${folder === '' ? ' (root)' : folder}"`
}

/**
 * Is the index looked for where Pages is, at its own address or at GitHub's,
 * which leads there? The input `pages-url` may name any other place.
 */
export function isAtPages(
  { github, baseUrl }: PagesPlace,
  settings: PagesSettings,
): boolean {
  return [settings.url, pagesUrl(github, '.', 'absent')].some((root) =>
    `${bare(baseUrl)}/`.startsWith(`${bare(root)}/`),
  )
}

/** Is that exactly where Pages would serve it? */
export function isRightUrl(
  { github, directory, baseUrl }: PagesPlace,
  settings: PagesSettings,
): boolean {
  return [settings, 'absent' as const].some(
    (answer) => bare(pagesUrl(github, directory, answer)) === bare(baseUrl),
  )
}

/** Pages tells no more capitals apart than the scheme. */
function bare(url: string): string {
  return url.replace(/^https?:\/\//, '').toLowerCase()
}

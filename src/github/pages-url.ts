import type { GitHub } from './client.ts'
import type { SettingsAnswer } from './pages-settings.ts'

/**
 * Where GitHub Pages serves a folder of its branch, without `/` at the end: by
 * its settings where they can be seen, else by GitHub's own rule
 * (https://docs.github.com/pages/getting-started-with-github-pages/what-is-github-pages).
 */
export function pagesUrl(
  github: GitHub,
  directory: string,
  answer: SettingsAnswer,
): string {
  const settings = typeof answer === 'string' ? null : answer
  const root = settings?.url || standardUrl(github)
  const served = below(
    directory === '.' ? '' : directory,
    settings?.folder ?? '',
  )
  return served === '' ? root : `${root}/${served}`
}

/** Pages may serve `/docs` of the branch: then that is not part of the URL. */
function below(directory: string, source: string): string {
  if (source === '') return directory
  if (directory === source) return ''
  return directory.startsWith(`${source}/`)
    ? directory.slice(source.length + 1)
    : directory
}

/**
 * An Enterprise Server may serve Pages on hosts of their own instead: there,
 * only the settings or the input `pages-url` know.
 */
function standardUrl({ owner, repo, serverUrl }: GitHub): string {
  const name = owner.toLowerCase()
  if (new URL(serverUrl).host !== 'github.com')
    return `${serverUrl}/pages/${owner}/${repo}`
  return repo.toLowerCase() === `${name}.github.io`
    ? `https://${name}.github.io`
    : `https://${name}.github.io/${repo}`
}

import type { GitHub } from './client.ts'
import { gitHubFailure, isForbidden, statusOf } from './failure.ts'

/**
 * Where GitHub Pages serves a folder of its branch, without `/` at the end:
 * from the Pages settings, which need `pages: read`, else GitHub's own rule
 * (https://docs.github.com/pages/getting-started-with-github-pages/what-is-github-pages).
 */
export async function readPagesUrl(
  github: GitHub,
  directory: string,
): Promise<string> {
  const { octokit, at } = github
  const found = await octokit.rest.repos
    .getPages(at)
    .catch((thrown: unknown) => {
      const status = statusOf(thrown)
      // Never enabled, or none of this token's business: the rule holds then.
      // A limit of requests is a 403 too, but was waited for already.
      if (status === 404 || isForbidden(thrown)) return null
      throw gitHubFailure(thrown, {
        code: 'PAGES_FAILED',
        doing: 'read the Pages settings',
        permission: 'pages: read',
      })
    })
  const root = (found?.data.html_url ?? standardUrl(github)).replace(/\/+$/, '')
  const source = (found?.data.source?.path ?? '/').replaceAll(/^\/+|\/+$/g, '')
  const served = below(directory === '.' ? '' : directory, source)
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

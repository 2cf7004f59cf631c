import path from 'node:path'
import { type Door, openDoor } from './door.ts'
import type { GitHub } from './github.ts'
import { type Builds, startBuilds } from './pages/builds.ts'
import { missing, serveFile } from './pages/files.ts'

export interface PagesOptions {
  /** Default: `gh-pages`. */
  readonly branch?: string
  /** The folder of the branch that is the site. Default: `/`. */
  readonly directory?: '/' | '/docs'
  /** Is Pages on in the repository's settings? Default: `true`. */
  readonly enabled?: boolean
  /** How long a new commit takes to be served. Default: 0. */
  readonly delaySeconds?: number
  /** A domain of its own: `localhost` is served, others lead nowhere. */
  readonly cname?: string
}

export interface Pages extends Pick<
  Builds,
  'hold' | 'fail' | 'release' | 'deploy'
> {
  /** Of the site, without a slash at the end: `http://127.0.0.1:…/REPO`. */
  readonly url: string
  readonly door: Door
  close(): Promise<void>
}

/**
 * Serves the pages branch of a GitHub as it is at the moment, at `/REPO/`, and
 * writes the site's address into the repository's settings. What these settings
 * say later holds: without Pages there is nothing but 404, and a site built by a
 * workflow shows what that deployed. With a domain of its own, the site is at
 * the root of that, and redirects there.
 */
export async function startPages(
  github: GitHub,
  options: PagesOptions = {},
): Promise<Pages> {
  const { branch = 'gh-pages', directory = '/', cname } = options
  const prefix = `/${github.repo}`
  const builds = await startBuilds(github, options)
  const door = await openDoor(async ({ url }) => {
    const settings = github.pages()
    if (settings === null) return missing
    const domain = settings.cname ?? null
    const own = url.hostname === domain
    if (!own && url.pathname === prefix)
      return { status: 301, headers: { location: `${prefix}/` } }
    if (!own && !url.pathname.startsWith(`${prefix}/`)) return missing
    const pathname = own ? url.pathname : url.pathname.slice(prefix.length)
    if (!own && domain !== null) {
      const to = `http://${domain}:${door.port}${pathname}${url.search}`
      return { status: 301, headers: { location: to } }
    }
    const commit = await builds.served()
    if (commit === null) return missing
    const folder =
      settings.build_type === 'legacy' ? settings.source.path.slice(1) : ''
    return await serveFile(
      pathname.slice(1),
      async (file) =>
        await github.readBranchFile(commit, path.posix.join(folder, file)),
    )
  })
  if (options.enabled !== false)
    github.setPages({
      html_url:
        cname === undefined
          ? `${door.url}${prefix}/`
          : `http://${cname}:${door.port}/`,
      build_type: 'legacy',
      source: { branch, path: directory },
      ...(cname === undefined ? {} : { cname }),
    })
  const { hold, fail, release, deploy } = builds
  return {
    url: `${door.url}${prefix}`,
    door,
    hold,
    fail,
    release,
    deploy,
    close: async () => {
      await door.close()
    },
  }
}

import path from 'node:path'
import { type Door, type DoorResponse, openDoor } from './door.ts'
import type { GitHub } from './github.ts'

export interface PagesOptions {
  /** Default: `gh-pages`. */
  readonly branch?: string
  /** The folder of the branch that is the site. Default: `/`. */
  readonly directory?: '/' | '/docs'
  /** Is Pages on in the repository's settings? Default: `true`. */
  readonly enabled?: boolean
  /** How long a new commit takes to be served. Default: 0. */
  readonly delaySeconds?: number
}

export interface Pages {
  /** Of the site, without a slash at the end: `http://127.0.0.1:…/REPO`. */
  readonly url: string
  readonly door: Door
  /** From now on new commits are not served. */
  hold(): Promise<void>
  /** Serves the newest commit again. */
  release(): void
  close(): Promise<void>
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/vnd.microsoft.icon',
  '.js': 'application/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.tgz': 'application/gzip',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
  '.yaml': 'text/yaml; charset=utf-8',
  '.yml': 'text/yaml; charset=utf-8',
}

/**
 * Serves the pages branch of a GitHub as it is at the moment, at `/REPO/`, and
 * writes the site's address into the repository's settings. What these settings
 * say later holds: without Pages, or with a site built by a workflow, there is
 * nothing but 404.
 */
export async function startPages(
  github: GitHub,
  options: PagesOptions = {},
): Promise<Pages> {
  const { branch = 'gh-pages', directory = '/' } = options
  const prefix = `/${github.repo}`
  const source = await builds(github, options)
  const door = await openDoor(async ({ url }) => {
    if (url.pathname === prefix)
      return { status: 301, headers: { location: `${prefix}/` } }
    const settings = github.pages()
    if (
      !url.pathname.startsWith(`${prefix}/`) ||
      settings?.build_type !== 'legacy'
    )
      return missing
    const commit = await source.served(settings.source.branch)
    if (commit === null) return missing
    const folder = settings.source.path.slice(1)
    const read = async (file: string): Promise<Buffer | null> =>
      await github.readBranchFile(commit, path.posix.join(folder, file))
    return await serve(url.pathname.slice(prefix.length + 1), read)
  })
  if (options.enabled !== false)
    github.setPages({
      html_url: `${door.url}${prefix}/`,
      build_type: 'legacy',
      source: { branch, path: directory },
    })
  return {
    url: `${door.url}${prefix}`,
    door,
    hold: source.hold,
    release: source.release,
    close: async () => {
      await door.close()
    },
  }
}

type Read = (file: string) => Promise<Buffer | null>

const missing: DoorResponse = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Site not found</title>',
}

async function serve(pathname: string, read: Read): Promise<DoorResponse> {
  const name = decodeURIComponent(pathname)
  const jekyll = (await read('.nojekyll')) === null
  if (jekyll && name.split('/').some((part) => /^[._]/.test(part)))
    return missing
  for (const file of candidates(name, jekyll)) {
    const body = await read(file)
    if (body === null) continue
    const type = types[path.posix.extname(file)] ?? 'application/octet-stream'
    // Jekyll makes a page of what is asked for by the folder's name.
    const rendered = file.endsWith('.md') && !name.endsWith('.md')
    return {
      status: 200,
      headers: {
        'content-type': rendered ? 'text/html; charset=utf-8' : type,
        'cache-control': 'max-age=600',
      },
      body,
    }
  }
  return missing
}

/** The files that answer to a path. */
function candidates(name: string, jekyll: boolean): readonly string[] {
  if (name !== '' && !name.endsWith('/')) return [name, `${name}.html`]
  const pages = jekyll
    ? ['index.html', 'index.md', 'README.md']
    : ['index.html']
  return pages.map((page) => `${name}${page}`)
}

interface Builds extends Pick<Pages, 'hold' | 'release'> {
  served(branch: string): Promise<string | null>
}

/** Which commit of the branch is served: the newest, or one it was before. */
async function builds(
  github: GitHub,
  { branch = 'gh-pages', delaySeconds = 0 }: PagesOptions,
): Promise<Builds> {
  let held: { readonly commit: string | null } | null = null
  let shown = await github.branchHead(branch)
  let next: { readonly commit: string; readonly seenAt: number } | null = null
  return {
    hold: async () => {
      held = { commit: await github.branchHead(branch) }
    },
    release: () => {
      held = null
    },
    served: async (from) => {
      if (held !== null) return held.commit
      const newest = await github.branchHead(from)
      if (delaySeconds === 0 || newest === null) return newest
      // The clock of a build starts when somebody first asks after its commit.
      if (next?.commit !== newest) next = { commit: newest, seenAt: Date.now() }
      if (Date.now() - next.seenAt >= delaySeconds * 1000) shown = newest
      return shown
    },
  }
}

import path from 'node:path'
import type { DoorResponse } from '../door.ts'

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

/** A file of what was built; `null`: it is not there. */
export type Read = (file: string) => Promise<Buffer | null>

export const missing: DoorResponse = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Site not found</title>',
}

/** Answers as Pages does, with Jekyll where nothing tells it not to run. */
export async function serveFile(
  pathname: string,
  read: Read,
): Promise<DoorResponse> {
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

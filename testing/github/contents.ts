import type { DoorResponse } from '../door.ts'
import { lineOrNull } from '../git.ts'
import { Refusal, json, notFound, raw } from './answer.ts'
import { type Hub, apiUrl, webUrl } from './hub.ts'
import { readBlob, typeOf } from './objects.ts'
import { listRefs, resolveCommit } from './refs.ts'
import { type Call, wants } from './route.ts'
import { readTree } from './trees.ts'

/** Above it, JSON carries no content; above the second, nothing does. */
const JSON_LIMIT = 1024 * 1024
const RAW_LIMIT = 100 * 1024 * 1024

/** https://docs.github.com/rest/repos/contents#get-repository-content */
export async function contents(hub: Hub, call: Call): Promise<DoorResponse> {
  const path = (call.params['path'] ?? '').replaceAll(/^\/+|\/+$/g, '')
  const ref = call.url.searchParams.get('ref') ?? hub.defaultBranch
  const commit = await resolveCommit(hub.git, ref)
  if (commit === null) {
    const empty = (await listRefs(hub.git, 'refs/')).length === 0
    throw new Refusal(
      404,
      empty
        ? 'This repository is empty.'
        : `No commit found for the ref ${ref}`,
    )
  }
  const sha = await lineOrNull(
    hub.git(['rev-parse', '--verify', '--quiet', `${commit}:${path}`]),
  )
  if (sha === null) throw notFound()
  if ((await typeOf(hub.git, sha)) === 'tree') {
    const entries = await readTree(hub.git, sha, false)
    return json(
      200,
      entries.map((entry) =>
        contentJson(hub, {
          ref,
          path: path === '' ? entry.path : `${path}/${entry.path}`,
          sha: entry.sha,
          type: entry.type === 'tree' ? 'dir' : 'file',
          size: entry.size ?? 0,
        }),
      ),
    )
  }
  const content = await readBlob(hub.git, sha)
  if (content.length > RAW_LIMIT)
    throw new Refusal(403, 'This API returns blobs up to 100 MB in size.', {
      errors: [{ resource: 'Blob', field: 'data', code: 'too_large' }],
    })
  if (wants(call, 'raw')) return raw(content)
  const small = content.length <= JSON_LIMIT
  return json(200, {
    ...contentJson(hub, {
      ref,
      path,
      sha,
      type: 'file',
      size: content.length,
    }),
    encoding: small ? 'base64' : 'none',
    content: small
      ? content.toString('base64').replaceAll(/.{1,60}/g, '$&\n')
      : '',
  })
}

interface Place {
  readonly ref: string
  readonly path: string
  readonly sha: string
  readonly type: 'file' | 'dir'
  readonly size: number
}

function contentJson(
  hub: Hub,
  { ref, ...place }: Place,
): Record<string, unknown> {
  const encoded = place.path.split('/').map(encodeURIComponent).join('/')
  const query = `?ref=${encodeURIComponent(ref)}`
  return {
    ...place,
    name: place.path.slice(place.path.lastIndexOf('/') + 1),
    url: apiUrl(hub, `/contents/${encoded}${query}`),
    html_url: webUrl(hub, `/blob/${ref}/${encoded}`),
    git_url: apiUrl(hub, `/git/blobs/${place.sha}`),
  }
}

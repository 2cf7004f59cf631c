import { lineOf } from '../git.ts'
import { Refusal, json, notFound, raw } from './answer.ts'
import { type Hub, apiUrl } from './hub.ts'
import { newTree, treeJson } from './object-json.ts'
import { type ObjectType, readBlob, typeOf, writeObject } from './objects.ts'
import { refuseEmpty } from './ref-routes.ts'
import { resolveCommit } from './refs.ts'
import { readTree } from './trees.ts'
import { type Call, type Route, bodyOf, textField, wants } from './route.ts'

/** https://docs.github.com/rest/git (blobs, trees) */
export const objectRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/git/blobs',
    scope: 'contents',
    handle: async (hub, call) => {
      await refuseEmpty(hub)
      const body = bodyOf(call)
      const encoding = textField(body, 'encoding') ?? 'utf-8'
      if (encoding !== 'utf-8' && encoding !== 'base64')
        throw new Refusal(422, 'Blob encoding must be utf-8 or base64')
      const content = Buffer.from(
        textField(body, 'content') ?? '',
        encoding === 'base64' ? 'base64' : 'utf8',
      )
      const sha = await writeObject(hub.git, 'blob', content)
      return json(201, { sha, url: apiUrl(hub, `/git/blobs/${sha}`) })
    },
  },
  {
    method: 'GET',
    path: '/git/blobs/{sha}',
    scope: 'contents',
    handle: async (hub, call) => {
      const sha = await objectOf(hub, call, 'blob')
      const content = await readBlob(hub.git, sha)
      if (wants(call, 'raw')) return raw(content)
      return json(200, {
        sha,
        node_id: `B_${sha}`,
        size: content.length,
        url: apiUrl(hub, `/git/blobs/${sha}`),
        content: content.toString('base64').replaceAll(/.{1,60}/g, '$&\n'),
        encoding: 'base64',
      })
    },
  },
  {
    method: 'POST',
    path: '/git/trees',
    scope: 'contents',
    handle: async (hub, call) => {
      await refuseEmpty(hub)
      const sha = await newTree(hub, bodyOf(call))
      return json(201, treeJson(hub, sha, await readTree(hub.git, sha, false)))
    },
  },
  {
    method: 'GET',
    path: '/git/trees/{sha}',
    scope: 'contents',
    handle: async (hub, call) => {
      const name = call.params['sha'] as string
      const commit = await resolveCommit(hub.git, name)
      const tree = commit ?? (await objectOf(hub, call, 'tree'))
      const sha = await lineOf(hub.git(['rev-parse', `${tree}^{tree}`]))
      // GitHub looks whether the parameter is there, not what it says.
      const recursive = call.url.searchParams.has('recursive')
      return json(
        200,
        treeJson(hub, sha, await readTree(hub.git, sha, recursive)),
      )
    },
  },
]

/** The SHA in the path, which must be an object of that kind. */
export async function objectOf(
  hub: Hub,
  call: Call,
  type: ObjectType,
): Promise<string> {
  const sha = call.params['sha'] as string
  if ((await typeOf(hub.git, sha)) !== type) throw notFound()
  return sha
}

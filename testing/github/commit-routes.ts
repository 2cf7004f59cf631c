import { Refusal, json } from './answer.ts'
import { type Hub, apiUrl } from './hub.ts'
import { commitJson } from './object-json.ts'
import { objectOf } from './object-routes.ts'
import {
  type Person,
  readCommit,
  readTag,
  typeOf,
  writeCommit,
  writeTag,
} from './objects.ts'
import { refuseEmpty } from './ref-routes.ts'
import { timestamp } from './release.ts'
import { type Route, bodyOf, textField } from './route.ts'

/** https://docs.github.com/rest/git (commits, tags) */
export const commitRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/git/commits',
    scope: 'contents',
    handle: async (hub, call) => {
      await refuseEmpty(hub)
      const body = bodyOf(call)
      const message = textField(body, 'message')
      const tree = textField(body, 'tree') ?? ''
      const parents = Array.isArray(body['parents'])
        ? body['parents'].map(String)
        : []
      if (message === undefined)
        throw new Refusal(
          422,
          'Invalid request.\n\n"message" wasn\'t supplied.',
        )
      if ((await typeOf(hub.git, tree)) !== 'tree')
        throw new Refusal(422, 'Tree SHA does not exist')
      for (const parent of parents)
        if ((await typeOf(hub.git, parent)) !== 'commit')
          throw new Refusal(
            422,
            'Parent SHA does not exist or is not a commit object',
          )
      const author = personOf(hub, body['author'])
      const sha = await writeCommit(hub.git, {
        tree,
        parents,
        message,
        author,
        committer:
          body['committer'] === undefined && body['author'] === undefined
            ? { ...author, name: 'GitHub', email: 'noreply@github.com' }
            : personOf(hub, body['committer'] ?? body['author']),
      })
      if (body['author'] === undefined && body['committer'] === undefined)
        hub.signedCommits.add(sha)
      return json(201, commitJson(hub, await readCommit(hub.git, sha)))
    },
  },
  {
    method: 'GET',
    path: '/git/commits/{sha}',
    scope: 'contents',
    handle: async (hub, call) => {
      const sha = await objectOf(hub, call, 'commit')
      return json(200, commitJson(hub, await readCommit(hub.git, sha)))
    },
  },
  {
    method: 'POST',
    path: '/git/tags',
    scope: 'contents',
    handle: async (hub, call) => {
      const body = bodyOf(call)
      const object = textField(body, 'object') ?? ''
      const type = await typeOf(hub.git, object)
      if (type === null || type !== textField(body, 'type'))
        throw new Refusal(422, 'Object does not exist')
      const sha = await writeTag(hub.git, {
        object,
        type,
        tag: textField(body, 'tag') ?? '',
        tagger: personOf(hub, body['tagger']),
        message: textField(body, 'message') ?? '',
      })
      return json(201, await tagJson(hub, sha))
    },
  },
  {
    method: 'GET',
    path: '/git/tags/{sha}',
    scope: 'contents',
    handle: async (hub, call) =>
      json(200, await tagJson(hub, await objectOf(hub, call, 'tag'))),
  },
]

function personOf(hub: Hub, given: unknown): Person {
  const fields = (given ?? {}) as Partial<Person>
  return {
    name: fields.name ?? hub.login,
    email: fields.email ?? `41898282+${hub.login}@users.noreply.github.com`,
    date: fields.date ?? timestamp(),
  }
}

async function tagJson(
  hub: Hub,
  sha: string,
): Promise<Record<string, unknown>> {
  const { object, type, ...rest } = await readTag(hub.git, sha)
  return {
    ...rest,
    node_id: `T_${sha}`,
    url: apiUrl(hub, `/git/tags/${sha}`),
    object: {
      sha: object,
      type,
      url: apiUrl(hub, `/git/${type}s/${object}`),
    },
    verification: { verified: false, reason: 'unsigned' },
  }
}

import type { DoorResponse } from '../door.ts'
import { lineOrNull } from '../git.ts'
import { Refusal, json, noContent, notFound } from './answer.ts'
import { type Hub, apiUrl } from './hub.ts'
import { typeOf } from './objects.ts'
import {
  type Ref,
  createRef,
  deleteRef,
  isAncestor,
  isRefName,
  listRefs,
  moveRef,
  readRef,
} from './refs.ts'
import { type Call, type Route, bodyOf, flagField, textField } from './route.ts'

/** https://docs.github.com/rest/git/refs */
export const refRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/git/ref/{ref+}',
    scope: 'contents',
    handle: async (hub, call) => {
      const ref = await readRef(hub.git, refName(call))
      if (ref === null) throw notFound()
      return json(200, refJson(hub, ref))
    },
  },
  {
    method: 'GET',
    path: '/git/matching-refs/{ref+}',
    scope: 'contents',
    handle: async (hub, call) =>
      json(
        200,
        (await listRefs(hub.git, refName(call))).map((ref) =>
          refJson(hub, ref),
        ),
      ),
  },
  {
    method: 'POST',
    path: '/git/refs',
    scope: 'contents',
    handle: async (hub, call) => {
      const body = bodyOf(call)
      const name = textField(body, 'ref') ?? ''
      if (!/^refs\/(heads|tags)\/./.test(name))
        throw new Refusal(
          422,
          "Reference name must start with 'refs/heads/' or 'refs/tags/'",
        )
      const sha = await objectFor(hub, name, textField(body, 'sha') ?? '')
      if (!(await isRefName(hub.git, name)))
        throw new Refusal(422, `${name} is not a valid ref name.`)
      if ((await readRef(hub.git, name)) !== null)
        throw new Refusal(422, 'Reference already exists')
      // What is left for git to refuse: `a/b` beside `a`.
      await createRef(hub.git, name, sha).catch(() => {
        throw new Refusal(422, 'Reference update failed')
      })
      return await answerRef(hub, name, 201)
    },
  },
  {
    method: 'PATCH',
    path: '/git/refs/{ref+}',
    scope: 'contents',
    handle: async (hub, call) => {
      const body = bodyOf(call)
      const old = await existingRef(hub, refName(call))
      const sha = await objectFor(hub, old.name, textField(body, 'sha') ?? '')
      refuseProtected(hub, old, 'update')
      if (
        flagField(body, 'force') !== true &&
        !(await isAncestor(hub.git, old.sha, sha))
      )
        throw new Refusal(422, 'Update is not a fast forward')
      await moveRef(hub.git, old, sha)
      return await answerRef(hub, old.name, 200)
    },
  },
  {
    method: 'DELETE',
    path: '/git/refs/{ref+}',
    scope: 'contents',
    handle: async (hub, call) => {
      const old = await existingRef(hub, refName(call))
      refuseProtected(hub, old, 'delete')
      await deleteRef(hub.git, old)
      return noContent()
    },
  },
]

function refName(call: Call): string {
  return `refs/${call.params['ref']}`
}

async function existingRef(hub: Hub, name: string): Promise<Ref> {
  const ref = await readRef(hub.git, name)
  if (ref === null) throw new Refusal(422, 'Reference does not exist')
  return ref
}

/** A branch points at a commit, a tag at any object. */
async function objectFor(hub: Hub, ref: string, sha: string): Promise<string> {
  const type = await typeOf(hub.git, sha)
  if (type === null) throw new Refusal(422, 'Object does not exist')
  if (ref.startsWith('refs/heads/') && type !== 'commit')
    throw new Refusal(422, 'Reference update failed')
  return sha
}

/** The tag of an immutable release stands as long as the release does. */
function refuseProtected(hub: Hub, ref: Ref, deed: 'update' | 'delete'): void {
  const held = hub.releases.some(
    ({ immutable, tag }) => immutable && `refs/tags/${tag}` === ref.name,
  )
  if (held)
    throw new Refusal(
      422,
      `Repository rule violations found\n\nCannot ${deed} this tag: it belongs to an immutable release.\n\n`,
    )
}

async function answerRef(
  hub: Hub,
  name: string,
  status: number,
): Promise<DoorResponse> {
  const ref = await readRef(hub.git, name)
  if (ref === null) throw new Error(`${name} vanished`)
  return json(status, refJson(hub, ref), {
    location: apiUrl(hub, `/git/${name}`),
  })
}

function refJson(hub: Hub, { name, sha, type }: Ref): Record<string, unknown> {
  return {
    ref: name,
    node_id: `REF_${name}`,
    url: apiUrl(hub, `/git/${name}`),
    object: { sha, type, url: apiUrl(hub, `/git/${type}s/${sha}`) },
  }
}

/** Throws 409 as GitHub does before a repository has its first commit. */
export async function refuseEmpty(hub: Hub): Promise<void> {
  const any = await lineOrNull(hub.git(['for-each-ref', '--count=1']))
  if (any === null || any === '')
    throw new Refusal(409, 'Git Repository is empty.')
}

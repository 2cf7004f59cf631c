import { lineOf } from '../git.ts'
import { Refusal, json, notFound } from './answer.ts'
import { contents } from './contents.ts'
import { type Hub, apiUrl } from './hub.ts'
import { commitJson, verificationJson } from './object-json.ts'
import { readCommit } from './objects.ts'
import { listRefs, readRef, resolveCommit } from './refs.ts'
import { type Route, listPage, wants } from './route.ts'

/** Contents, branches, tags and commits: git as people look at it. */
export const contentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/contents',
    scope: 'contents',
    handle: async (hub, call) => await contents(hub, call),
  },
  {
    method: 'GET',
    path: '/contents/{path+}',
    scope: 'contents',
    handle: async (hub, call) => await contents(hub, call),
  },
  {
    method: 'GET',
    path: '/branches',
    scope: 'contents',
    handle: async (hub, call) =>
      listPage(
        call,
        (await listRefs(hub.git, 'refs/heads/')).map(({ name, sha }) => ({
          name: name.slice('refs/heads/'.length),
          commit: { sha, url: apiUrl(hub, `/commits/${sha}`) },
          protected: false,
        })),
      ),
  },
  {
    method: 'GET',
    path: '/branches/{branch+}',
    scope: 'contents',
    handle: async (hub, { params }) => {
      const ref = await readRef(hub.git, `refs/heads/${params['branch']}`)
      if (ref === null) throw new Refusal(404, 'Branch not found')
      return json(200, {
        name: params['branch'],
        commit: await fullCommit(hub, ref.sha),
        protected: false,
      })
    },
  },
  {
    method: 'GET',
    path: '/tags',
    scope: 'contents',
    handle: async (hub, call) => {
      const tags = []
      for (const { name } of await listRefs(hub.git, 'refs/tags/')) {
        const sha = await resolveCommit(hub.git, name)
        tags.push({
          name: name.slice('refs/tags/'.length),
          commit: { sha, url: apiUrl(hub, `/commits/${sha}`) },
        })
      }
      return listPage(call, tags.reverse())
    },
  },
  {
    method: 'GET',
    path: '/commits',
    scope: 'contents',
    handle: async (hub, call) => {
      const start = call.url.searchParams.get('sha') ?? hub.defaultBranch
      const path = call.url.searchParams.get('path')
      const commit = await resolveCommit(hub.git, start)
      if (commit === null) throw notFound()
      const list = await lineOf(
        hub.git(['rev-list', commit, ...(path === null ? [] : ['--', path])]),
      )
      const commits = []
      for (const sha of list.split('\n').filter((line) => line !== ''))
        commits.push(await fullCommit(hub, sha))
      return listPage(call, commits)
    },
  },
  {
    method: 'GET',
    path: '/commits/{ref+}',
    scope: 'contents',
    handle: async (hub, call) => {
      const name = call.params['ref'] as string
      const sha = await resolveCommit(hub.git, name)
      if (sha === null)
        throw new Refusal(422, `No commit found for SHA: ${name}`)
      if (!wants(call, 'sha')) return json(200, await fullCommit(hub, sha))
      const headers = { 'content-type': 'application/vnd.github.sha' }
      return { status: 200, headers, body: sha }
    },
  },
]

async function fullCommit(
  hub: Hub,
  sha: string,
): Promise<Record<string, unknown>> {
  const commit = commitJson(hub, await readCommit(hub.git, sha))
  return {
    sha,
    url: apiUrl(hub, `/commits/${sha}`),
    html_url: commit['html_url'],
    parents: commit['parents'],
    commit: {
      author: commit['author'],
      committer: commit['committer'],
      message: commit['message'],
      tree: commit['tree'],
      url: commit['url'],
      verification: verificationJson(hub, sha),
    },
  }
}

import { json, validationFailed } from './answer.ts'
import { type Hub, apiUrl, webUrl } from './hub.ts'
import { readRef } from './refs.ts'
import { type Route, bodyOf, listPage, textField } from './route.ts'

/** A pull request within the repository. */
export interface Pull {
  readonly number: number
  readonly base: string
  readonly head: string
  readonly title: string
  readonly body: string
  state: 'open' | 'closed'
}

/** https://docs.github.com/rest/pulls/pulls */
export const pullRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/pulls',
    scope: 'pull-requests',
    handle: (hub, call) => {
      const wanted = call.url.searchParams
      const state = wanted.get('state') ?? 'open'
      return listPage(
        call,
        hub.pulls
          .filter((one) => state === 'all' || one.state === state)
          .filter(({ base }) => (wanted.get('base') ?? base) === base)
          .filter(
            ({ head }) =>
              (wanted.get('head') ?? `${hub.owner}:${head}`) ===
              `${hub.owner}:${head}`,
          )
          .toReversed()
          .map((one) => pullJson(hub, one)),
      )
    },
  },
  {
    method: 'POST',
    path: '/pulls',
    scope: 'pull-requests',
    handle: async (hub, call) => {
      const body = bodyOf(call)
      const base = textField(body, 'base') ?? ''
      const head = textField(body, 'head') ?? ''
      for (const [field, branch] of Object.entries({ base, head }))
        if ((await readRef(hub.git, `refs/heads/${branch}`)) === null)
          throw validationFailed({
            resource: 'PullRequest',
            code: 'invalid',
            field,
          })
      if (
        hub.pulls.some(
          (one) =>
            one.state === 'open' && one.base === base && one.head === head,
        )
      )
        throw validationFailed({
          resource: 'PullRequest',
          code: 'custom',
          message: `A pull request already exists for ${hub.owner}:${head}.`,
        })
      const pull: Pull = {
        number: hub.pulls.length + 1,
        base,
        head,
        title: textField(body, 'title') ?? '',
        body: textField(body, 'body') ?? '',
        state: 'open',
      }
      hub.pulls.push(pull)
      return json(201, pullJson(hub, pull))
    },
  },
]

function pullJson(hub: Hub, pull: Pull): Record<string, unknown> {
  const { number, state, title, body, head, base } = pull
  const branch = (ref: string): Record<string, unknown> => ({
    ref,
    label: `${hub.owner}:${ref}`,
  })
  return {
    number,
    state,
    title,
    body,
    url: apiUrl(hub, `/pulls/${number}`),
    html_url: webUrl(hub, `/pull/${number}`),
    head: branch(head),
    base: branch(base),
    draft: false,
  }
}

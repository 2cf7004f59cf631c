import { json } from './answer.ts'
import { type Hub, apiUrl, webUrl } from './hub.ts'
import type { Route } from './route.ts'

/** The repository itself. */
export const repositoryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '',
    scope: 'metadata',
    handle: (hub, { asker }) =>
      json(200, {
        ...repositoryJson(hub),
        ...(asker === 'anonymous'
          ? {}
          : {
              permissions: {
                admin: false,
                push: hub.permissions.get('contents') === 'write',
                pull: true,
              },
            }),
      }),
  },
]

function repositoryJson(hub: Hub): Record<string, unknown> {
  return {
    id: 1296269,
    node_id: 'R_1296269',
    name: hub.repo,
    full_name: `${hub.owner}/${hub.repo}`,
    owner: { login: hub.owner, type: 'Organization' },
    private: hub.visibility !== 'public',
    visibility: hub.visibility,
    html_url: webUrl(hub),
    url: apiUrl(hub),
    clone_url: webUrl(hub, '.git'),
    default_branch: hub.defaultBranch,
    description: null,
    fork: false,
    archived: false,
    disabled: false,
    has_pages: hub.pages !== null,
  }
}

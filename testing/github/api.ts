import type { DoorRequest, DoorResponse } from '../door.ts'
import { authorize, identify } from './access.ts'
import { Refusal, json, notFound, refuse } from './answer.ts'
import { assetRoutes, uploadRoutes } from './asset-routes.ts'
import { commitRoutes } from './commit-routes.ts'
import { contentRoutes } from './content-routes.ts'
import { deploymentRoutes } from './deployment-routes.ts'
import type { Hub } from './hub.ts'
import { objectRoutes } from './object-routes.ts'
import { pagesRoutes } from './pages-routes.ts'
import { pullRoutes } from './pull-routes.ts'
import { refRoutes } from './ref-routes.ts'
import { releaseRoutes } from './release-routes.ts'
import { repositoryRoutes } from './repository-routes.ts'
import { type Route, matchPath } from './route.ts'

const routes: readonly Route[] = [
  ...repositoryRoutes,
  ...pagesRoutes,
  ...deploymentRoutes,
  ...releaseRoutes,
  ...assetRoutes,
  ...pullRoutes,
  ...refRoutes,
  ...objectRoutes,
  ...commitRoutes,
  ...contentRoutes,
]

/** Answers a request to the REST API; `path` is what follows its base URL. */
export async function answerApi(
  hub: Hub,
  request: DoorRequest,
  path: string,
): Promise<DoorResponse> {
  return await answer(hub, request, { path, known: routes })
}

/** Answers a request to the uploads host. */
export async function answerUpload(
  hub: Hub,
  request: DoorRequest,
  path: string,
): Promise<DoorResponse> {
  return await answer(hub, request, { path, known: uploadRoutes })
}

async function answer(
  hub: Hub,
  request: DoorRequest,
  { path, known }: { path: string; known: readonly Route[] },
): Promise<DoorResponse> {
  try {
    if (request.headers['user-agent'] === undefined)
      throw new Refusal(403, 'Request forbidden by administrative rules.')
    const asker = identify(hub, request.headers['authorization'])
    const rest = belowRepository(hub, path)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    for (const route of known) {
      const params =
        route.method === method ? matchPath(route.path, rest) : null
      if (params === null) continue
      authorize(hub, asker, { scope: route.scope, write: method !== 'GET' })
      const { headers, body } = request
      const url = new URL(request.path, hub.urls.server)
      return await route.handle(hub, { asker, params, url, headers, body })
    }
    // Not 404: that would read as an absence, and hide what is missing here.
    return json(501, {
      message: `The GitHub of these tests has no ${method} ${path}`,
    })
  } catch (thrown) {
    if (thrown instanceof Refusal) return refuse(thrown)
    throw thrown
  }
}

/** Names of owners and repositories are the same in any case. */
function belowRepository(hub: Hub, path: string): string {
  const [, root, owner, repo, ...rest] = path.split('/')
  const same = `${owner}/${repo}`.toLowerCase()
  if (root !== 'repos' || same !== `${hub.owner}/${hub.repo}`.toLowerCase())
    throw notFound()
  return rest.map((part) => `/${part}`).join('')
}

import { json, notFound } from './answer.ts'
import { type Deployment, type Hub, apiUrl } from './hub.ts'
import { type Route, listPage } from './route.ts'

/** https://docs.github.com/rest/deployments */
export const deploymentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/deployments',
    scope: 'deployments',
    handle: async (hub, call) => {
      await hub.settlePages()
      const wanted = call.url.searchParams
      const fits = (name: 'sha' | 'ref' | 'environment') => {
        const value = wanted.get(name)
        return (one: Deployment): boolean =>
          value === null || one[name] === value
      }
      return listPage(
        call,
        hub.deployments
          .filter(fits('sha'))
          .filter(fits('ref'))
          .filter(fits('environment'))
          .toReversed()
          .map((one) => deploymentJson(hub, one)),
      )
    },
  },
  {
    method: 'GET',
    path: '/deployments/{id}',
    scope: 'deployments',
    handle: (hub, { params }) =>
      json(200, deploymentJson(hub, find(hub, params['id']))),
  },
  {
    method: 'GET',
    path: '/deployments/{id}/statuses',
    scope: 'deployments',
    handle: (hub, call) => {
      const deployment = find(hub, call.params['id'])
      const { states } = deployment
      return listPage(
        call,
        states.map((state, at) => ({
          url: apiUrl(
            hub,
            `/deployments/${deployment.id}/statuses/${states.length - at}`,
          ),
          id: states.length - at,
          state,
          description: '',
          environment: deployment.environment,
          creator: bot,
          created_at: deployment.createdAt,
          updated_at: deployment.createdAt,
          deployment_url: apiUrl(hub, `/deployments/${deployment.id}`),
          repository_url: apiUrl(hub),
        })),
      )
    },
  },
]

const bot = { login: 'github-pages[bot]', type: 'Bot' }

function find(hub: Hub, id: string | undefined): Deployment {
  const found = hub.deployments.find((one) => String(one.id) === id)
  if (found === undefined) throw notFound()
  return found
}

function deploymentJson(
  hub: Hub,
  { id, sha, ref, environment, createdAt }: Deployment,
): Record<string, unknown> {
  return {
    url: apiUrl(hub, `/deployments/${id}`),
    id,
    node_id: `DE_${id}`,
    sha,
    ref,
    task: 'deploy',
    payload: {},
    original_environment: environment,
    environment,
    description: null,
    creator: bot,
    created_at: createdAt,
    updated_at: createdAt,
    statuses_url: apiUrl(hub, `/deployments/${id}/statuses`),
    repository_url: apiUrl(hub),
    transient_environment: false,
    production_environment: false,
  }
}

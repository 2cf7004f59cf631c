import { json, notFound } from './answer.ts'
import { apiUrl } from './hub.ts'
import type { Route } from './route.ts'
import { timestamp } from './release.ts'

/** https://docs.github.com/rest/pages/pages */
export const pagesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/pages',
    scope: 'pages',
    handle: async (hub) => {
      await hub.settlePages()
      if (hub.pages === null) throw notFound()
      const { build_type: kind } = hub.pages
      return json(200, {
        url: apiUrl(hub, '/pages'),
        // What a workflow builds has no status here.
        status: kind === 'legacy' ? (hub.pagesBuild?.status ?? null) : null,
        cname: null,
        custom_404: false,
        public: true,
        https_enforced: true,
        protected_domain_state: null,
        pending_domain_unverified_at: null,
        ...hub.pages,
      })
    },
  },
  {
    method: 'GET',
    path: '/pages/builds/latest',
    scope: 'pages',
    handle: async (hub) => {
      await hub.settlePages()
      const build = hub.pagesBuild
      if (hub.pages === null || build === null) throw notFound()
      return json(200, {
        url: apiUrl(hub, '/pages/builds/1'),
        status: build.status,
        error: { message: build.message ?? null },
        pusher: { login: hub.login, type: 'Bot' },
        commit: build.commit,
        duration: build.status === 'built' ? 21_000 : 0,
        created_at: timestamp(),
        updated_at: timestamp(),
      })
    },
  },
]

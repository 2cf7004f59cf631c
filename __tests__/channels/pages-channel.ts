import {
  createPagesChannel,
  type PagesChannelOptions,
} from '../../src/channels/pages.ts'
import type { Site } from '../github/site.ts'
import { nobodyComes } from './pages-strangers.ts'
import { releaseStore } from './release-store.ts'

/** The pages branch of a site, whose index points at the release `all`. */
export function openChannel(
  site: Site,
  options: Partial<PagesChannelOptions> = {},
): ReturnType<typeof createPagesChannel> {
  return createPagesChannel({
    github: site.github,
    branch: 'gh-pages',
    directory: '.',
    baseUrl: 'https://acme.github.io/charts',
    store: releaseStore(
      site.github,
      ({ fileName }) =>
        `${site.server.serverUrl}/acme/charts/releases/download/all/${fileName}`,
    ),
    verification: nobodyComes(site.github),
    log: site.log,
    ...options,
  })
}

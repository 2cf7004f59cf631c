import type { Channel, Shipment } from '../../src/channels/channel.ts'
import {
  createReleaseChannel,
  type ReleaseChannelOptions,
} from '../../src/channels/github-release.ts'
import type { Package, Publication, Tag } from '../../src/model.ts'
import type { GitHubOptions, ReleaseView } from '../../testing/github.ts'
import { type Site, startSite } from '../github/site.ts'

export type ReleaseChannel = ReturnType<typeof createReleaseChannel>

const sites: Site[] = []

export async function start(
  options: Partial<GitHubOptions> = {},
): Promise<Site> {
  const site = await startSite(options)
  sites.push(site)
  return site
}

/** Ends what was started since the last time. */
export async function endAll(): Promise<void> {
  for (const site of sites.splice(0)) await site.close()
}

/** A channel of a tag: what a new job would open. */
export function open(
  site: Site,
  tag: Tag,
  options: Partial<ReleaseChannelOptions> = {},
): ReleaseChannel {
  return createReleaseChannel({
    github: site.github,
    tag,
    charts: [{ name: 'demo', version: tag.name.replace(/^v/, '') }],
    title: tag.name,
    prerelease: 'auto',
    makeLatest: 'auto',
    adopt: false,
    log: site.log,
    ...options,
  })
}

/** What `publishEverywhere` does with a channel. */
export async function ship(
  channel: Channel,
  ...packages: readonly Package[]
): Promise<readonly Publication[]> {
  const shipments = packages.map((made): Shipment => ({ package: made }))
  await channel.stage?.(shipments)
  return await channel.publish(shipments)
}

/** The release; throws when there is none, or more. */
export function only(site: Site): ReleaseView {
  const releases = site.server.releases()
  const [release] = releases
  if (release === undefined || releases.length > 1)
    throw new Error(`there are ${releases.length} releases`)
  return release
}

export const wanted = { name: 'demo', version: '1.2.3' }

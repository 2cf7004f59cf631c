import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Channel } from '../../src/channels/channel.ts'
import { createReleaseChannel } from '../../src/channels/github-release.ts'
import { createPagesChannel } from '../../src/channels/pages.ts'
import type { Clock } from '../../src/clock.ts'
import type { GitHub } from '../../src/github/client.ts'
import { listReleases } from '../../src/github/release.ts'
import type { Package, Tag } from '../../src/model.ts'
import { type Site, startSite } from '../github/site.ts'
import { nobodyComes } from './pages-strangers.ts'
import { releaseStore } from './release-store.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
})
afterEach(async () => {
  await site.close()
})

function openRelease(tag: Tag, github: GitHub, made: Package): Channel {
  return createReleaseChannel({
    github,
    tag,
    charts: [made],
    title: tag.name,
    prerelease: 'auto',
    makeLatest: 'auto',
    adopt: false,
    log: site.log,
  })
}

async function ship(channel: Channel, made: Package): Promise<void> {
  await channel.locate(made)
  await channel.stage?.([{ package: made }])
  await channel.publish([{ package: made }])
}

test('P4: ten jobs that write to one index at once lose no entry', async () => {
  const jobs = Array.from({ length: 10 }, (_, at) => `chart-${at}`)
  const packages = await Promise.all(
    jobs.map(async (name) => await site.pack({ name, version: '1.2.3' })),
  )
  await site.server.createRelease({
    tag: 'all',
    assets: packages.map(({ name, version, fileName }) => ({
      name: fileName,
      content: `archive of ${name} ${version}`,
    })),
  })
  await Promise.all(
    packages.map(
      async (made) =>
        await createPagesChannel({
          github: site.connect(),
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
        }).publish([{ package: made }]),
    ),
  )
  const index = String(
    await site.server.readBranchFile('gh-pages', 'index.yaml'),
  )
  for (const { digest } of packages)
    expect(index.split(digest.slice('sha256:'.length))).toHaveLength(2)
  expect(await site.server.branchCommits('gh-pages')).toHaveLength(10)
})

describe('jobs of one tag', () => {
  test('that stage at once end with one draft and one archive', async () => {
    const tag = await site.tag('v1.2.3')
    const made = await site.pack({ version: '1.2.3' })
    const channels = Array.from({ length: 4 }, () =>
      openRelease(tag, site.connect(), made),
    )
    await Promise.all(
      channels.map(async (each) => await each.stage?.([{ package: made }])),
    )
    expect(site.server.releases()).toMatchObject([
      { draft: true, assets: [{ digest: made.digest }] },
    ])
    // Each had looked before any draft was there.
    expect(
      site.mutations().filter((one) => one === 'POST releases').length,
    ).toBeGreaterThan(1)
    for (const each of channels) await each.publish([{ package: made }])
    expect(site.server.releases()).toMatchObject([
      { draft: false, assets: [{ digest: made.digest }] },
    ])
  })

  test('an upload of another job is waited for, and not made twice', async () => {
    const tag = await site.tag('v1.2.3')
    const made = await site.pack({ version: '1.2.3' })
    const release = await site.server.createRelease({
      tag: tag.name,
      assets: [{ name: made.fileName, state: 'starter' }],
    })
    const [starter] = release.assets
    let looks = 0
    const clock: Clock = {
      ...site.clock,
      sleep: async (milliseconds) => {
        await site.clock.sleep(milliseconds)
        if (++looks !== 2) return
        await site.github.octokit.rest.repos.deleteReleaseAsset({
          ...site.github.at,
          asset_id: starter?.id ?? 0,
        })
        const content = 'archive of demo 1.2.3'
        site.server.addAsset(release.id, { name: made.fileName, content })
        site.forget()
      },
    }
    await ship(openRelease(tag, site.connect({ clock }), made), made)
    expect(site.mutations()).toEqual([`PATCH releases/${release.id}`])
    expect(site.server.releases()[0]?.assets).toHaveLength(1)
  })
})

test('a draft that GitHub shows late is waited for, not made again', async () => {
  const tag = await site.tag('v1.2.3')
  const made = await site.pack({ version: '1.2.3' })
  site.server.door.inject({
    method: 'GET',
    path: /\/releases\/\d+$/,
    times: 2,
    effect: { kind: 'status', status: 404 },
  })
  const before = site.clock.now().getTime()
  await ship(openRelease(tag, site.github, made), made)
  expect(await listReleases(site.github)).toHaveLength(1)
  expect(site.clock.now().getTime()).toBeGreaterThan(before)
  expect(
    site.mutations().filter((one) => one === 'POST releases'),
  ).toHaveLength(1)
})

import { afterEach, describe, expect, test } from '@jest/globals'
import { digestOf } from '../../src/digest.ts'
import type { Publication, Verification } from '../../src/model.ts'
import type { GitHubOptions } from '../../testing/github.ts'
import type { Site } from '../github/site.ts'
import {
  endAll,
  open,
  only,
  type ReleaseChannel,
  ship,
  start,
  wanted,
} from './release-job.ts'

afterEach(endAll)

interface Released {
  readonly site: Site
  readonly channel: ReleaseChannel
  readonly publication: Publication
  verify(hasProvenance?: boolean): Promise<Verification>
}

async function release(
  options: Partial<GitHubOptions> = {},
  provenance?: string,
): Promise<Released> {
  const site = await start(options)
  const channel = open(site, await site.tag('v1.2.3'))
  const made = await site.pack({
    ...wanted,
    ...(provenance === undefined ? {} : { provenance }),
  })
  const [publication] = (await ship(channel, made)) as [Publication]
  site.forget()
  return {
    site,
    channel,
    publication,
    verify: async (hasProvenance = provenance !== undefined) =>
      await channel.verify(publication, {
        ...wanted,
        digest: made.digest,
        hasProvenance,
      }),
  }
}

const asset = /releases\/download\/.*\.tgz$/

describe('a stranger', () => {
  test('P9: downloads the asset, without any token', async () => {
    const { site, verify } = await release({}, 'signed')
    expect(await verify()).toEqual({ verified: 'installable' })
    const requests = [
      ...site.server.door.requests,
      ...site.server.storage.requests,
    ]
    expect(requests.length).toBeGreaterThan(0)
    for (const { headers } of requests)
      expect(headers).not.toHaveProperty('authorization')
    // One download proves it.
    const { requests: stored } = site.server.storage
    expect(stored).toHaveLength(2)
  })

  test('meets a 404 where the asset was: broken', async () => {
    const { site, verify } = await release()
    site.server.door.inject({
      path: asset,
      times: 99,
      effect: { kind: 'status', status: 404 },
    })
    expect(await verify()).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('answers 404'),
      remedy: expect.stringContaining('demo-1.2.3.tgz'),
    })
  })

  test('sees the asset a moment late: installable', async () => {
    const { site, verify } = await release()
    site.server.door.inject({
      path: asset,
      times: 2,
      effect: { kind: 'status', status: 404 },
    })
    expect(await verify()).toEqual({ verified: 'installable' })
  })

  test('gets other bytes: broken, with both digests', async () => {
    const { site, publication, verify } = await release()
    site.server.storage.inject({
      path: /./,
      times: 99,
      effect: { kind: 'status', status: 200, body: 'something else' },
    })
    expect(await verify()).toMatchObject({
      verified: 'broken',
      reason: expect.stringMatching(
        `${digestOf('something else')}.*${publication.digest}`,
      ),
    })
  })

  test('finds no .prov beside a signed package: broken', async () => {
    const { verify } = await release()
    expect(await verify(true)).toMatchObject({
      verified: 'broken',
      reason: expect.stringContaining('demo-1.2.3.tgz.prov'),
    })
  })

  test.each([
    { status: 503 },
    { status: 429, headers: { 'retry-after': '1' } },
    { status: 403, headers: { 'x-ratelimit-remaining': '0' } },
  ])('P7: is told to come back later by $status: pending', async (answer) => {
    const { site, verify } = await release()
    site.server.door.inject({
      path: asset,
      times: 99,
      effect: { kind: 'status', ...answer },
    })
    expect(await verify()).toMatchObject({ verified: 'pending' })
  })

  test('P7: is cut off by the network: pending', async () => {
    const { site, verify } = await release()
    site.server.door.inject({
      path: asset,
      times: 99,
      effect: { kind: 'reset', when: 'before' },
    })
    expect(await verify()).toMatchObject({ verified: 'pending' })
  })

  test('is kept out of a private repository: said, not broken', async () => {
    const { verify } = await release({ visibility: 'private' })
    expect(await verify()).toEqual({
      verified: 'installable',
      access: 'credentials',
      detail: expect.stringContaining('this repository is private'),
    })
  })

  test('is asked to sign in by an Enterprise Server: said, not broken', async () => {
    const { site, verify } = await release()
    site.server.door.inject({
      path: asset,
      times: 99,
      effect: {
        kind: 'status',
        status: 200,
        body: '\n<!DOCTYPE html><title>Sign in</title>',
      },
    })
    expect(await verify()).toEqual({
      verified: 'installable',
      access: 'credentials',
      detail: expect.stringContaining('sign in'),
    })
    expect(only(site).draft).toBe(false)
  })
})

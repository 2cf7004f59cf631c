import { afterEach, describe, expect, test } from '@jest/globals'
import { digestOf } from '../../src/digest.ts'
import { endAll, only, open, ship, start, wanted } from './release-job.ts'

afterEach(endAll)

describe('a lost answer', () => {
  const lost = { kind: 'reset', when: 'after' } as const
  const unsent = { kind: 'reset', when: 'before' } as const
  const bad = { kind: 'status', status: 502 } as const
  test.each([
    ['creation', 'POST', /\/releases$/],
    ['upload', 'POST', /\/assets\?/],
    ['publication', 'PATCH', /\/releases\/\d+$/],
  ])('P4: of the %s is settled by looking', async (_, method, path) => {
    for (const effect of [lost, unsent, bad]) {
      const site = await start()
      const tag = await site.tag('v1.2.3')
      const made = await site.pack({ ...wanted, provenance: 'signed' })
      site.server.door.inject({ method, path, effect })
      await ship(open(site, tag), made)
      expect(only(site)).toMatchObject({ draft: false, latest: true })
      expect(only(site).assets.map(({ digest }) => digest)).toEqual([
        made.digest,
        digestOf('signed'),
      ])
      // What GitHub did, it was asked once.
      expect(
        site.mutations().filter((one) => !one.startsWith('POST git/refs')),
      ).toHaveLength(4)
    }
  })

  test('P4: that stays lost is an error, and the next run goes on', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const made = await site.pack(wanted)
    site.server.door.inject({
      method: 'PATCH',
      path: /\/releases\/\d+$/,
      times: 99,
      effect: bad,
    })
    await expect(ship(open(site, tag), made)).rejects.toThrow(
      expect.objectContaining({ code: 'RELEASE_FAILED' }),
    )
    expect(only(site).draft).toBe(true)
    site.forget()
    await ship(open(site, tag), made)
    expect(site.mutations()).toEqual([`PATCH releases/${only(site).id}`])
  })
})

describe('an upload that was interrupted', () => {
  const starter = { name: 'demo-1.2.3.tgz', state: 'starter' } as const

  test('is no asset', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({ tag: 'v1.2.3', assets: [starter] })
    expect(await open(site, tag).locate(wanted)).toEqual({ state: 'absent' })
  })

  test('is waited for until it is five minutes old, then made again', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({ tag: 'v1.2.3', assets: [starter] })
    const before = site.clock.now().getTime()
    const made = await site.pack(wanted)
    await ship(open(site, tag), made)
    expect(site.clock.now().getTime() - before).toBeGreaterThanOrEqual(280_000)
    expect(only(site).assets).toMatchObject([
      { state: 'uploaded', digest: made.digest },
    ])
  })

  test('that is old is made again at once', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const createdAt = new Date(Date.now() - 301_000).toISOString()
    await site.server.createRelease({
      tag: 'v1.2.3',
      assets: [{ ...starter, createdAt }],
    })
    const before = site.clock.now().getTime()
    await ship(open(site, tag), await site.pack(wanted))
    expect(site.clock.now().getTime()).toBe(before)
  })
})

describe('jobs of one tag at the same time', () => {
  test('with the same bytes end as one release', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const made = await site.pack(wanted)
    const jobs = await Promise.all(
      [1, 2, 3].map(async () => await ship(open(site, tag), made)),
    )
    for (const [publication] of jobs)
      expect(publication?.digest).toBe(made.digest)
    expect(only(site)).toMatchObject({
      draft: false,
      assets: [{ digest: made.digest }],
    })
  })

  test('with other bytes: the draft with the lower number wins, the other job says so', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const ours = await site.pack({ ...wanted, content: 'ours' })
    const theirs = await site.pack({ ...wanted, content: 'theirs' })
    const winner = open(site, tag)
    await winner.stage([{ package: theirs }])
    // It looked before the winner's draft was there.
    site.server.door.inject({
      method: 'GET',
      path: /\/releases\?/,
      effect: {
        kind: 'status',
        status: 200,
        body: '[]',
        headers: { 'content-type': 'application/json' },
      },
    })
    await expect(ship(open(site, tag), ours)).rejects.toThrow(
      expect.objectContaining({
        code: 'RELEASE_FAILED',
        message: expect.stringContaining('Another job'),
      }),
    )
    await winner.publish([{ package: theirs }])
    expect(only(site)).toMatchObject({
      draft: false,
      assets: [{ digest: theirs.digest }],
    })
  })

  test('a complete draft that this run did not see is not changed', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const channel = open(site, tag)
    await channel.locate(wanted)
    const theirs = await site.pack({ ...wanted, content: 'theirs' })
    await open(site, tag).stage([{ package: theirs }])
    site.forget()
    await expect(ship(channel, await site.pack(wanted))).rejects.toThrow(
      /Another job/,
    )
    expect(site.mutations()).toEqual([])
  })

  test('a draft that vanishes is made anew', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const made = await site.pack(wanted)
    const channel = open(site, tag)
    await channel.stage([{ package: made }])
    await site.github.octokit.rest.repos.deleteRelease({
      ...site.github.at,
      release_id: only(site).id,
    })
    await channel.publish([{ package: made }])
    expect(only(site)).toMatchObject({ draft: false, assets: [{}] })
  })

  test('a release that somebody publishes meanwhile is joined', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const made = await site.pack(wanted)
    const channel = open(site, tag)
    await channel.stage([{ package: made }])
    await site.server.createRelease({ tag: 'v1.2.3', body: 'By hand' })
    await channel.publish([{ package: made }])
    expect(only(site)).toMatchObject({
      draft: false,
      body: expect.stringMatching(/^By hand/),
      assets: [{ digest: made.digest }],
    })
  })

  test('a tag that moves meanwhile is not released', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const made = await site.pack(wanted)
    const channel = open(site, tag)
    await channel.stage([{ package: made }])
    await site.github.octokit.rest.git.deleteRef({
      ...site.github.at,
      ref: 'tags/v1.2.3',
    })
    await expect(channel.publish([{ package: made }])).rejects.toThrow(
      expect.objectContaining({ code: 'TAG_MISMATCH' }),
    )
    expect(only(site).draft).toBe(true)
  })
})

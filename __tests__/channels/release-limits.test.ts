import { afterEach, describe, expect, test } from '@jest/globals'
import { digestOf } from '../../src/digest.ts'
import { createHttp } from '../../src/http.ts'
import type { Publication } from '../../src/model.ts'
import { endAll, open, ship, start, wanted } from './release-job.ts'

afterEach(endAll)

describe('P7: what cannot be told is not absence', () => {
  test.each([
    ['the release of the tag', /\/releases\/tags\//],
    ['the list of releases', /\/releases\?/],
  ])('%s', async (_, path) => {
    for (const [status, code] of [
      [500, 'RELEASE_FAILED'],
      [401, 'PERMISSION_DENIED'],
      [403, 'RELEASE_FAILED'],
    ] as const) {
      const site = await start()
      const tag = await site.tag('v1.2.3')
      site.server.door.inject({
        path,
        times: 99,
        effect: { kind: 'status', status },
      })
      await expect(open(site, tag).locate(wanted)).rejects.toThrow(
        expect.objectContaining({ code }),
      )
    }
  })

  test('a fault that passes is waited for', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await ship(open(site, tag), await site.pack(wanted))
    for (const effect of [
      { kind: 'status', status: 503 },
      { kind: 'reset', when: 'before' },
      { kind: 'truncate' },
    ] as const)
      site.server.door.inject({ path: /\/releases\/tags\//, effect })
    expect((await open(site, tag).locate(wanted)).state).toBe('found')
  })
})

test('a job that may not write learns it from the draft, and which line to add', async () => {
  const site = await start()
  const tag = await site.tag('v1.2.3')
  site.server.setPermission('contents', 'read')
  const made = await site.pack(wanted)
  await expect(open(site, tag).stage([{ package: made }])).rejects.toThrow(
    expect.objectContaining({
      code: 'PERMISSION_DENIED',
      message: expect.stringMatching(/permissions:\n\s+contents: write/),
    }),
  )
})

test('P8: the token goes to no other host', async () => {
  const site = await start({ visibility: 'private' })
  const tag = await site.tag('v1.2.3')
  const made = await site.pack(wanted)
  const [found] = await ship(open(site, tag), made)
  const { archive } = await open(site, tag).download(
    wanted,
    found as Publication,
  )
  expect(digestOf(archive)).toBe(made.digest)
  expect(site.server.storage.requests.length).toBeGreaterThan(0)
  for (const { headers } of site.server.storage.requests)
    expect(JSON.stringify(headers)).not.toContain(site.server.token)
})

test('a server that knows no digests is believed by the bytes', async () => {
  const site = await start()
  const tag = await site.tag('v1.2.3')
  const http = createHttp()
  const github = site.connect({
    http: async (url, request) => {
      const answer = await http(url, request)
      return {
        ...answer,
        bytes: async () =>
          Buffer.from(
            Buffer.from(await answer.bytes())
              .toString()
              .replaceAll(/"digest":"[^"]*",/g, ''),
          ),
      }
    },
  })
  const made = await site.pack(wanted)
  const [published] = await ship(open(site, tag, { github }), made)
  expect(published?.digest).toBe(made.digest)
  site.forget()
  expect(await open(site, tag, { github }).locate(wanted)).toMatchObject({
    publications: [{ packageDigest: made.digest }],
  })
  expect(
    site.server.door.requests.filter(({ path }) => path.includes('/assets/')),
  ).toHaveLength(1)
})

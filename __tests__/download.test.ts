import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { downloadFile } from '../src/download.ts'
import { ReleaseError } from '../src/errors.ts'
import { createHttp, type Http } from '../src/http.ts'
import { createRetry } from '../src/retry.ts'
import { type Door, openDoor } from '../testing/door.ts'
import { fastClock } from '../testing/clock.ts'
import { quietLog } from '../testing/log.ts'

let doors: Door[]

beforeEach(() => {
  doors = []
})
afterEach(async () => {
  for (const door of doors) await door.close()
})

/** A server of one file, at every path. */
async function serve(content: string): Promise<Door> {
  const door = await openDoor(
    async () => await Promise.resolve({ status: 200, body: content }),
  )
  doors.push(door)
  return door
}

const clock = fastClock()
const retry = createRetry(clock, quietLog())
const headers = { authorization: 'token secret' }

async function download(
  url: string,
  options: { http?: Http; retryStatuses?: readonly number[] } = {},
): Promise<string> {
  const { http = createHttp(), ...rest } = options
  const bytes = await downloadFile(
    { http, retry, clock },
    {
      url,
      headers,
      fail: (words, cause) =>
        new ReleaseError('PAGES_FAILED', words, { cause }),
      ...rest,
    },
  )
  return Buffer.from(bytes).toString()
}

describe('P8: the headers', () => {
  test('go along on the own server, and to no other', async () => {
    const other = await serve('bytes')
    const own = await serve('never')
    const redirect = (location: string): void =>
      own.inject({
        path: /./,
        effect: { kind: 'status', status: 302, headers: { location } },
      })
    redirect('/second')
    own.inject({
      path: /second/,
      effect: {
        kind: 'status',
        status: 307,
        headers: { location: `${other.url}/third` },
      },
    })
    expect(await download(`${own.url}/first`)).toBe('bytes')
    expect(own.requests.map((each) => each.headers['authorization'])).toEqual([
      'token secret',
      'token secret',
    ])
    expect(other.requests).toHaveLength(1)
    expect(other.requests[0]?.headers['authorization']).toBeUndefined()
  })

  test('do not leave https for http on the same host', async () => {
    const sent: [string, unknown][] = []
    const http: Http = async (url, request) => {
      sent.push([url, request?.headers?.['authorization']])
      const secure = url.startsWith('https:')
      return await Promise.resolve({
        status: secure ? 302 : 200,
        headers: new Headers(secure ? { location: 'http://a.test/x' } : {}),
        bytes: async () => await Promise.resolve(Buffer.from('bytes')),
      })
    }
    await download('https://a.test/x', { http })
    expect(sent).toEqual([
      ['https://a.test/x', 'token secret'],
      ['http://a.test/x', undefined],
    ])
  })
})

test.each([
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429 },
  { kind: 'reset', when: 'before' },
  { kind: 'truncate' },
] as const)('%j is tried again', async (effect) => {
  const door = await serve('the whole of it')
  door.inject({ path: /./, times: 2, effect })
  expect(await download(`${door.url}/x`)).toBe('the whole of it')
})

test('what is not there is asked for once, or again where it may come late', async () => {
  const door = await serve('late')
  const gone = { kind: 'status', status: 404 } as const
  door.inject({ path: /./, times: 2, effect: gone })
  const url = `${door.url}/x?signature=secret`
  const failure = await download(url).catch((thrown: unknown) => thrown)
  expect(String(failure)).toContain(`${door.url}/x answers 404`)
  // A signed address is a secret for as long as it is valid.
  expect(String(failure)).not.toContain('signature')
  expect(door.requests).toHaveLength(1)
  expect(await download(url, { retryStatuses: [404] })).toBe('late')
})

test('redirects that go round end', async () => {
  const door = await serve('never')
  const location = `${door.url}/again`
  door.inject({
    path: /./,
    times: 999,
    effect: { kind: 'status', status: 302, headers: { location } },
  })
  await expect(download(`${door.url}/x`)).rejects.toThrow(
    /redirects more than 5 times/,
  )
  expect(door.requests).toHaveLength(6)
})

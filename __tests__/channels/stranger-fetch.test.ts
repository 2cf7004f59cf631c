import { afterEach, beforeEach, expect, test } from '@jest/globals'
import {
  type FetchOrder,
  type Fetched,
  fetchAsStranger,
} from '../../src/channels/stranger-fetch.ts'
import { createHttp } from '../../src/http.ts'
import { createRetry } from '../../src/retry.ts'
import { fastClock } from '../../testing/clock.ts'
import { type Door, type DoorResponse, openDoor } from '../../testing/door.ts'
import { quietLog } from '../../testing/log.ts'

const clock = fastClock()
const retry = createRetry(clock, quietLog())
let door: Door
let other: Door
let answer: DoorResponse

beforeEach(async () => {
  other = await openDoor(async () => ({ status: 200, body: 'there' }))
  door = await openDoor(async () => answer)
})
afterEach(async () => {
  await door.close()
  await other.close()
})

async function fetched(order: Partial<FetchOrder> = {}): Promise<Fetched> {
  const url = `${door.url}/file`
  return await fetchAsStranger(
    { http: createHttp(), retry, clock },
    { url, ...order },
  )
}

test('a file is served, whatever it is called', async () => {
  answer = { status: 200, body: 'entries: {}' }
  expect(await fetched()).toEqual({
    state: 'served',
    bytes: Buffer.from('entries: {}'),
  })
})

test('no header follows a redirect to another host', async () => {
  answer = { status: 302, headers: { location: `${other.url}/x` } }
  const headers = { 'cache-control': 'no-cache' }
  expect(await fetched({ headers })).toMatchObject({ state: 'served' })
  expect(door.requests[0]?.headers['cache-control']).toBe('no-cache')
  expect(other.requests[0]?.headers['cache-control']).toBeUndefined()
})

test.each([
  '<!doctype html><title>x</title>',
  '\uFEFF\n <!DOCTYPE  HTML PUBLIC "x">',
  '<html lang="en">',
])('%j is a page for people', async (body) => {
  answer = { status: 200, body }
  expect(await fetched()).toEqual({ state: 'page' })
})

test.each([400, 401, 403, 404, 410])('%i is a refusal', async (status) => {
  answer = { status }
  expect(await fetched()).toEqual({
    state: 'refused',
    status,
    words: `${door.url}/file answers ${status}`,
  })
})

test.each([
  { status: 429 },
  { status: 403, headers: { 'retry-after': '1' } },
  { status: 403, headers: { 'x-ratelimit-remaining': '0' } },
  { status: 500 },
  { status: 503 },
])('P7: %j is trouble', async (given) => {
  answer = given
  expect(await fetched()).toMatchObject({ state: 'trouble', code: null })
})

test('P7: a connection that fails is trouble, and says how', async () => {
  await door.close()
  expect(await fetched()).toMatchObject({
    state: 'trouble',
    code: 'ECONNREFUSED',
    words: expect.stringContaining('ECONNREFUSED'),
  })
})

test('P7: an answer that breaks off is trouble', async () => {
  answer = { status: 200, body: 'x'.repeat(1000) }
  door.inject({ path: /./, times: 99, effect: { kind: 'truncate' } })
  expect(await fetched()).toMatchObject({ state: 'trouble' })
})

test('P11: a redirect in circles, or to nowhere, ends', async () => {
  answer = { status: 302, headers: { location: '/file' } }
  expect((await fetched()).state).toBe('trouble')
  answer = { status: 302, headers: { location: 'http://' } }
  expect((await fetched()).state).toBe('trouble')
})

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createHttp } from '../src/http.ts'
import { type Door, openDoor } from '../testing/door.ts'

let door: Door

beforeEach(async () => {
  door = await openDoor(async ({ url }) =>
    url.pathname === '/away'
      ? { status: 302, headers: { location: 'http://127.0.0.1:1/' } }
      : { status: 200, body: 'x'.repeat(1000) },
  )
})
afterEach(async () => {
  await door.close()
})

describe('an HTTP exchange', () => {
  test('follows no redirect: where credentials go is the caller’s to decide', async () => {
    const answer = await createHttp()(`${door.url}/away`)
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('http://127.0.0.1:1/')
  })

  test('refuses a body over its limit', async () => {
    const http = createHttp()
    const fits = await http(`${door.url}/file`)
    expect(await fits.bytes(1000)).toHaveLength(1000)
    const over = await http(`${door.url}/file`)
    await expect(over.bytes(999)).rejects.toThrow('over 999 bytes')
  })

  test('P7: a body that breaks off is an error, not a shorter body', async () => {
    door.inject({ path: /file/, effect: { kind: 'truncate' } })
    const answer = await createHttp()(`${door.url}/file`)
    await expect(answer.bytes()).rejects.toThrow(/terminated|aborted|closed/)
  })

  test('ends when no answer comes in time', async () => {
    door.inject({ path: /file/, effect: { kind: 'hang' } })
    await expect(
      createHttp()(`${door.url}/file`, { timeoutSeconds: 0.2 }),
    ).rejects.toThrow(/timeout/i)
  })
})

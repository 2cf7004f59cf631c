import { afterEach, describe, expect, test } from '@jest/globals'
import { Agent, request as ask } from 'node:http'
import {
  type Door,
  type DoorRequest,
  type DoorResponse,
  openDoor,
} from '../../testing/door.ts'

const opened: Door[] = []

afterEach(async () => {
  for (const door of opened.splice(0)) await door.close()
})

/** A door whose server counts what it acted on. */
async function open(
  answer: (request: DoorRequest) => DoorResponse = () => ({
    status: 200,
    body: 'a fine answer',
  }),
) {
  const acted: string[] = []
  const door = await openDoor(async (request) => {
    acted.push(`${request.method} ${request.path}`)
    return await Promise.resolve(answer(request))
  })
  opened.push(door)
  return { door, acted }
}

/** Resolves when a request for this path is at the door. */
async function arrived(door: Door, path: string): Promise<void> {
  while (!door.requests.some((one) => one.path === path))
    await outcome(`${door.url}/meanwhile`)
}

/** The status, or the code of what broke the connection. */
async function outcome(url: string, init?: RequestInit) {
  try {
    const response = await fetch(url, init)
    await response.arrayBuffer()
    return response.status
  } catch (thrown) {
    const { cause } = thrown as { cause?: { code?: string } }
    return cause?.code
  }
}

describe('a request', () => {
  test('arrives whole, and is recorded with its answer', async () => {
    let seen: DoorRequest | undefined
    const { door } = await open((request) => {
      seen = request
      return { status: 201, headers: { 'X-Two': ['a', 'b'] }, body: 'made' }
    })
    const response = await fetch(`${door.url}/a%20b?q=1`, {
      method: 'POST',
      headers: { 'x-one': '1' },
      body: Buffer.from([0, 255]),
    })
    expect(await response.text()).toBe('made')
    expect(response.headers.get('x-two')).toBe('a, b')
    expect(seen?.body).toEqual(Buffer.from([0, 255]))
    expect(seen?.url.href).toBe(`${door.url}/a%20b?q=1`)
    expect(door.requests).toMatchObject([
      {
        method: 'POST',
        path: '/a%20b?q=1',
        headers: { 'x-one': '1' },
        status: 201,
      },
    ])
  })

  test('whose path looks like a host stays a path', async () => {
    const { door } = await open(({ url }) => ({ status: 200, body: url.href }))
    const { port } = door
    const text = await new Promise<string>((resolve, reject) => {
      ask({ host: '127.0.0.1', port, path: '//evil/x' }, (response) => {
        response.setEncoding('utf8').once('data', resolve)
      })
        .once('error', reject)
        .end()
    })
    expect(text).toBe(`${door.url}//evil/x`)
  })

  test('HEAD gets the length and no body', async () => {
    const { door } = await open()
    const response = await fetch(door.url, { method: 'HEAD' })
    expect(response.headers.get('content-length')).toBe('13')
    expect(await response.text()).toBe('')
  })

  test('that the server fails at is a 500 with its words', async () => {
    const { door } = await open(() => {
      throw new Error('out of order')
    })
    const response = await fetch(door.url)
    expect(response.status).toBe(500)
    expect(await response.text()).toContain('out of order')
  })

  test('length is said once, however the server spells it', async () => {
    const { door } = await open(() => ({
      status: 200,
      headers: { 'Content-Length': '4' },
      body: 'four',
    }))
    expect(await (await fetch(door.url)).text()).toBe('four')
  })
})

describe('a fault', () => {
  test('answers in place of the server', async () => {
    const { door, acted } = await open()
    door.inject({
      path: /x/,
      effect: {
        kind: 'status',
        status: 503,
        headers: { 'Retry-After': '7' },
        body: 'later',
      },
    })
    const response = await fetch(`${door.url}/x`)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('7')
    expect(await response.text()).toBe('later')
    expect(acted).toEqual([])
    expect(door.requests).toMatchObject([{ status: 503 }])
  })

  test.each([
    ['before', []],
    ['after', ['PUT /x']],
  ] as const)(
    'resets the connection %s the server acted',
    async (when, all) => {
      const { door, acted } = await open()
      door.inject({ path: /x/, effect: { kind: 'reset', when } })
      expect(await outcome(`${door.url}/x`, { method: 'PUT' })).toBe(
        'ECONNRESET',
      )
      expect(acted).toEqual(all)
      expect(door.requests).toMatchObject([{ method: 'PUT', status: null }])
    },
  )

  test('truncates the answer of a server that acted', async () => {
    const { door, acted } = await open()
    door.inject({ path: /x/, effect: { kind: 'truncate' } })
    const response = await fetch(`${door.url}/x`)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
    expect(acted).toEqual(['GET /x'])
  })

  test('hangs until the client gives up', async () => {
    const { door, acted } = await open()
    door.inject({ path: /x/, effect: { kind: 'hang' } })
    const given = new AbortController()
    const answer = fetch(`${door.url}/x`, { signal: given.signal })
    await arrived(door, '/x')
    // Another request is answered meanwhile: that one was not just slow.
    expect(await outcome(`${door.url}/y`)).toBe(200)
    given.abort()
    await expect(answer).rejects.toThrow('aborted')
    expect(acted).not.toContain('GET /x')
    expect(door.requests).toContainEqual(
      expect.objectContaining({ path: '/x', status: null }),
    )
  })

  test('strikes the requests that it names, from the n-th on, so many times', async () => {
    const { door } = await open()
    door.inject({
      method: /^P/,
      path: /\/x\?/g,
      after: 1,
      times: 2,
      effect: { kind: 'status', status: 500 },
    })
    const seen: unknown[] = []
    for (const [method, path] of [
      ['PUT', '/x?1'],
      ['GET', '/x?2'],
      ['PUT', '/y?3'],
      ['PUT', '/x?4'],
      ['POST', '/x?5'],
      ['PUT', '/x?6'],
    ] as const)
      seen.push(await outcome(`${door.url}${path}`, { method }))
    expect(seen).toEqual([200, 200, 200, 500, 500, 200])
  })

  test('injected first wins, and the other one counts on', async () => {
    const { door } = await open()
    const path = /x/
    door.inject({ path, effect: { kind: 'status', status: 500 } })
    door.inject({ path, times: 2, effect: { kind: 'status', status: 501 } })
    const seen: unknown[] = []
    for (let at = 0; at < 3; at++) seen.push(await outcome(`${door.url}/x`))
    expect(seen).toEqual([500, 501, 200])
  })

  test('is forgotten by clear, with the requests', async () => {
    const { door } = await open()
    await outcome(`${door.url}/x`)
    door.inject({ path: /x/, effect: { kind: 'hang' } })
    door.clear()
    expect(door.requests).toEqual([])
    expect(await outcome(`${door.url}/x`)).toBe(200)
  })
})

describe('an observer', () => {
  test('looks before the server acts, and before anybody is told', async () => {
    const seen: string[] = []
    const { door, acted } = await open()
    door.observe({
      asked: ({ path, status }) =>
        void seen.push(`asked ${path} ${status} ${acted.length}`),
      acted: ({ path, status }) =>
        void seen.push(`acted ${path} ${status} ${acted.length}`),
    })
    await outcome(`${door.url}/a`)
    expect(seen).toEqual(['asked /a null 0', 'acted /a null 1'])
  })

  test('is not told that the server acted when it did not', async () => {
    const seen: string[] = []
    const { door } = await open()
    door.observe({ acted: ({ path }) => void seen.push(path) })
    const path = (asked: string): boolean => asked.startsWith('/a')
    for (const when of ['before', 'after'] as const)
      door.inject({ path, effect: { kind: 'reset', when } })
    await outcome(`${door.url}/a1`)
    door.heal()
    await outcome(`${door.url}/a2`)
    expect(seen).toEqual(['/a2'])
    expect(door.requests).toHaveLength(2)
  })
})

describe('closing', () => {
  test('ends kept and hanging connections and frees the port', async () => {
    const { door } = await open()
    const { port } = door
    const agent = new Agent({ keepAlive: true })
    await new Promise<void>((resolve) => {
      ask({ host: '127.0.0.1', port, agent }, (response) => {
        response.resume().once('end', resolve)
      }).end()
    })
    door.inject({ path: /x/, effect: { kind: 'hang' } })
    const hanging = outcome(`${door.url}/x`)
    await arrived(door, '/x')
    await door.close()
    expect(await hanging).toMatch(/^UND_ERR_SOCKET$|^ECONNRESET$/)
    expect(await outcome(door.url)).toBe('ECONNREFUSED')
    await door.close()
    agent.destroy()
  })

  test('waits for the server to finish what it does', async () => {
    const began = Promise.withResolvers<void>()
    const may = Promise.withResolvers<void>()
    let done = false
    const door = await openDoor(async () => {
      began.resolve()
      await may.promise
      done = true
      return { status: 200 }
    })
    const answer = outcome(door.url)
    await began.promise
    const closing = (async () => {
      await door.close()
      return done
    })()
    expect(await answer).toMatch(/^UND_ERR_SOCKET$|^ECONNRESET$/)
    expect(await outcome(door.url)).toBe('ECONNREFUSED')
    may.resolve()
    expect(await closing).toBe(true)
    expect(door.requests).toMatchObject([{ status: null }])
  })
})

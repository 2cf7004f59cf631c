import { describe, expect, test } from '@jest/globals'
import type { Log } from '../src/log.ts'
import { createRetry, judgeStatus, type Verdict } from '../src/retry.ts'
import { fastClock } from '../testing/clock.ts'
import { quietLog } from '../testing/log.ts'

const logInto = (lines: string[]): Log =>
  quietLog({ info: (line) => void lines.push(line) })

/** Fails so many times, then succeeds. */
function failing(times: number): () => Promise<string> {
  let left = times
  return async () => {
    left -= 1
    if (left >= 0) throw new Error('not now')
    return 'done'
  }
}

const always = (): Verdict => ({ again: true })

describe('a retry', () => {
  test('goes on until it works, with growing pauses and a line for each', async () => {
    const pauses: number[] = []
    const lines: string[] = []
    const retry = createRetry(fastClock(pauses), logInto(lines))
    expect(await retry({ what: 'GET it', judge: always }, failing(3))).toBe(
      'done',
    )
    expect(pauses).toHaveLength(3)
    expect(pauses[2]).toBeGreaterThanOrEqual(1000)
    expect(pauses[0]).toBeLessThanOrEqual(500)
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain('GET it: not now; trying again')
  })

  test('throws what the last attempt threw', async () => {
    const retry = createRetry(fastClock(), logInto([]))
    await expect(
      retry({ what: 'it', judge: always, attempts: 3 }, failing(3)),
    ).rejects.toThrow('not now')
    expect(
      await retry({ what: 'it', judge: always, attempts: 3 }, failing(2)),
    ).toBe('done')
  })

  test('does not repeat what will never work', async () => {
    const pauses: number[] = []
    const retry = createRetry(fastClock(pauses), logInto([]))
    await expect(
      retry({ what: 'it', judge: () => ({ again: false }) }, failing(1)),
    ).rejects.toThrow('not now')
    expect(pauses).toEqual([])
  })

  test('waits as long as the server asks, but not for an hour', async () => {
    const pauses: number[] = []
    const retry = createRetry(fastClock(pauses), logInto([]))
    const asking = (afterMilliseconds: number) => (): Verdict => ({
      again: true,
      afterMilliseconds,
    })
    await retry({ what: 'it', judge: asking(7000) }, failing(1))
    expect(pauses).toEqual([7000])
    await expect(
      retry({ what: 'it', judge: asking(3_600_000) }, failing(1)),
    ).rejects.toThrow('not now')
  })

  test('pauses for no more than ten minutes in a whole run', async () => {
    const pauses: number[] = []
    const lines: string[] = []
    const retry = createRetry(fastClock(pauses), logInto(lines))
    const judge = (): Verdict => ({ again: true, afterMilliseconds: 100_000 })
    for (let run = 0; run < 6; run++)
      await retry({ what: 'it', judge }, failing(1))
    await expect(retry({ what: 'it', judge }, failing(1))).rejects.toThrow(
      'not now',
    )
    expect(pauses).toHaveLength(6)
    expect(lines.at(-1)).toContain('waited for 10 minutes in all')
  })

  test('counts pauses side by side once', async () => {
    const stillClock = {
      now: () => new Date(0),
      sleep: async () => await Promise.resolve(),
    }
    const retry = createRetry(stillClock, logInto([]))
    const judge = (): Verdict => ({ again: true, afterMilliseconds: 100_000 })
    const some = Array.from(
      { length: 10 },
      async () => await retry({ what: 'it', judge }, failing(1)),
    )
    expect(await Promise.all(some)).toHaveLength(10)
  })
})

describe('the verdict on a status', () => {
  const now = new Date('2026-01-01T00:00:00Z')
  const seconds = now.getTime() / 1000
  test.each<[number, Record<string, string>, Verdict]>([
    [500, {}, { again: true }],
    [503, { 'retry-after': '2' }, { again: true, afterMilliseconds: 2000 }],
    [429, { 'retry-after': '1' }, { again: true, afterMilliseconds: 1000 }],
    [403, { 'retry-after': '1' }, { again: true, afterMilliseconds: 1000 }],
    [
      403,
      {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(seconds + 5),
      },
      { again: true, afterMilliseconds: 5000 },
    ],
    [403, { 'x-ratelimit-remaining': '17' }, { again: false }],
    [401, {}, { again: false }],
    [404, {}, { again: false }],
    [422, {}, { again: false }],
  ])('%i with %o', (status, headers, expected) => {
    expect(judgeStatus(status, (name) => headers[name], now)).toEqual(expected)
  })
})

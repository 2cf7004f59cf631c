import { expect, test } from '@jest/globals'
import { createPace } from '../../src/github/pace.ts'
import { fastClock } from '../../testing/clock.ts'

test('lets seventy writes through at once, and as many in each minute', async () => {
  const pauses: number[] = []
  const clock = fastClock(pauses)
  const begun = clock.now().getTime()
  const told: string[] = []
  const pace = createPace(clock, { info: (line) => told.push(line) })
  for (let write = 0; write < 70; write++) await pace()
  expect(pauses).toEqual([])
  await pace()
  expect(pauses).toEqual([60_000])
  expect(told).toEqual([
    'GitHub takes about 70 writes a minute: waiting for 60 s',
  ])
  for (let write = 0; write < 139; write++) await pace()
  expect(clock.now().getTime() - begun).toBe(120_000)
})

import { expect, test } from '@jest/globals'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { killChildren } from '../src/children.ts'

async function endOf(child: ChildProcess): Promise<unknown> {
  const [, signal] = (await once(child, 'exit')) as [unknown, unknown]
  return signal
}

test('every program that is at work is ended; those that have ended are left', async () => {
  const quick = spawn(process.execPath, ['-e', ''])
  expect(await endOf(quick)).toBeNull()
  const slow = ['-e', 'setTimeout(() => {}, 60_000)']
  const children = [1, 2].map(() => spawn(process.execPath, slow))
  const ends = children.map(endOf)
  await Promise.all(children.map(async (child) => await once(child, 'spawn')))
  killChildren()
  expect(await Promise.all(ends)).toEqual(['SIGKILL', 'SIGKILL'])
})

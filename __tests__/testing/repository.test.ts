import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { createExec } from '../../src/exec.ts'
import { helmBinary } from '../../testing/helm.ts'
import {
  type Repository,
  chartFiles,
  createRepository,
} from '../../testing/repository.ts'

const made: Repository[] = []

afterEach(async () => {
  for (const each of made.splice(0)) await each.remove()
})

async function create(
  files?: Parameters<Repository['write']>[0],
): Promise<Repository> {
  const repository = await createRepository(
    files === undefined ? {} : { files },
  )
  made.push(repository)
  return repository
}

test('commits with a given date are the same anywhere', async () => {
  const shas = []
  for (let i = 0; i < 2; i++) {
    const repository = await create()
    await repository.write({ 'a/b.txt': 'b' })
    const options = { date: '2026-01-02T03:04:05Z' }
    shas.push(await repository.commit('One', options))
  }
  expect(shas[0]).toMatch(/^[0-9a-f]{40}$/)
  expect(shas[1]).toBe(shas[0])
})

test('a clone has the tags, and checks out an older one', async () => {
  const repository = await create({ 'a.txt': 'one', 'b.txt': 'b' })
  const first = await repository.head()
  await repository.tag('v1', { annotated: true })
  await repository.write({ 'a.txt': 'two', 'b.txt': null })
  const second = await repository.commit('Two')
  const clone = await repository.clone()
  made.push(clone)
  expect(await clone.head()).toBe(second)
  await clone.checkout('v1')
  expect(await clone.head()).toBe(first)
  const file = path.join(clone.path, 'a.txt')
  expect(await readFile(file, 'utf8')).toBe('one')
})

test.each([4, 3] as const)(
  'the chart pleases helm lint of Helm %i without a warning',
  async (major) => {
    const repository = await create(
      chartFiles({ appVersion: '7.0', extra: 'keywords: [a]' }),
    )
    const exec = createExec(process.env)
    const helm = await helmBinary(major)
    const chart = path.join(repository.path, 'demo')
    const lint = await exec(helm, ['lint', '--strict', chart])
    expect(lint.stdout).not.toMatch(/WARNING|INFO|ERROR/)
    expect(lint.exitCode).toBe(0)
  },
)

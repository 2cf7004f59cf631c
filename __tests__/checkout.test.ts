import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { checkCommit, readCheckout } from '../src/checkout.ts'
import { createExec } from '../src/exec.ts'
import { createRepository, type Repository } from '../testing/repository.ts'

const exec = createExec(process.env)
let repository: Repository

beforeEach(async () => {
  repository = await createRepository()
})
afterEach(async () => {
  await repository.remove()
})

describe('the checkout', () => {
  test('is the commit of the workspace, and its time', async () => {
    await repository.write({ file: 'text' })
    const commit = await repository.commit('A commit', {
      date: '2026-01-02T03:04:05Z',
    })
    expect(await readCheckout(repository.path, exec)).toEqual({
      commit,
      time: new Date('2026-01-02T03:04:05Z'),
    })
  })

  test('is null without a commit, and in a folder below somebody else’s repository', async () => {
    expect(await readCheckout(repository.path, exec)).toBeNull()
    await repository.write({ file: 'text' })
    await repository.commit('A commit')
    const below = path.join(repository.path, 'below')
    await mkdir(below)
    expect(await readCheckout(below, exec)).toBeNull()
  })

  test('at another commit than the tag is TAG_MISMATCH, with the line to add', () => {
    const tag = { name: 'v1.2.3', commit: 'a'.repeat(40) }
    checkCommit(tag.commit, tag)
    expect(() => checkCommit('b'.repeat(40), tag)).toThrow(
      expect.objectContaining({
        code: 'TAG_MISMATCH',
        message: expect.stringContaining('ref: refs/tags/v1.2.3'),
      }),
    )
  })
})

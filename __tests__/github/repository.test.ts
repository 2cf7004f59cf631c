import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Site, startSite } from './site.ts'

let site: Site

beforeEach(async () => {
  site = await startSite({ visibility: 'private', defaultBranch: 'main' })
})
afterEach(async () => {
  await site.close()
})

test('who sees the repository, and which branch is its first', async () => {
  expect(await site.github.readRepository()).toEqual({
    visibility: 'private',
    defaultBranch: 'main',
    ownerType: 'organization',
  })
})

test('a repository that the token may not see is an error', async () => {
  const elsewhere = site.connect({ repo: 'other' })
  await expect(elsewhere.readRepository()).rejects.toThrow(
    expect.objectContaining({ code: 'RELEASE_FAILED' }),
  )
})

test('the time of a commit is its committer’s', async () => {
  const commit = String(await site.server.branchHead('main'))
  const [made] = await site.server.branchCommits('main')
  expect(await site.github.readCommitTime(commit)).toEqual(
    new Date(made?.committer.date ?? ''),
  )
})

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { ReadFile } from '../../src/github/commit.ts'
import { type ProposalOrder, proposeFiles } from '../../src/github/proposal.ts'
import { type Site, startSite } from './site.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
  await site.server.commitToBranch('gh-pages', { 'index.yaml': 'a\n' })
  site.forget()
})
afterEach(async () => {
  await site.close()
})

const proposal = 'chart-release/gh-pages/v1.2.3'

function order(line: string): ProposalOrder {
  return {
    branch: 'gh-pages',
    proposalBranch: proposal,
    message: `Add ${line}`,
    title: `Release ${line}`,
    body: 'What is in it.',
    edit: async (read: ReadFile) => {
      const before = String((await read('index.yaml')) ?? '')
      return before.includes(line)
        ? new Map()
        : new Map([['index.yaml', Buffer.from(`${before}${line}\n`)]])
    },
  }
}

async function contentOf(branch: string): Promise<string> {
  return String(await site.server.readBranchFile(branch, 'index.yaml'))
}

test('opens one pull request, and leaves the branch alone', async () => {
  const url = await proposeFiles(site.github, order('b'))
  expect(url).toBe(`${site.server.serverUrl}/acme/charts/pull/1`)
  expect(site.server.pulls()).toMatchObject([
    { base: 'gh-pages', head: proposal, title: 'Release b' },
  ])
  expect(await contentOf(proposal)).toBe('a\nb\n')
  expect(await contentOf('gh-pages')).toBe('a\n')
})

test('P4: a second run changes nothing', async () => {
  const url = await proposeFiles(site.github, order('b'))
  site.forget()
  expect(await proposeFiles(site.github, order('b'))).toBe(url)
  expect(site.mutations()).toEqual([])
})

test('follows the branch when somebody else has written to it', async () => {
  await proposeFiles(site.github, order('b'))
  await site.server.commitToBranch('gh-pages', { 'index.yaml': 'a\nc\n' })
  await proposeFiles(site.github, order('b'))
  expect(await contentOf(proposal)).toBe('a\nc\nb\n')
  expect(site.server.pulls()).toHaveLength(1)
})

test('has nothing to do once it is merged', async () => {
  await proposeFiles(site.github, order('b'))
  await site.server.mergePull(1)
  expect(await contentOf('gh-pages')).toBe('a\nb\n')
  expect(await proposeFiles(site.github, order('b'))).toBeNull()
})

test('P4: a lost answer opens no second pull request', async () => {
  site.server.door.inject({
    method: 'POST',
    path: /\/pulls$/,
    effect: { kind: 'reset', when: 'after' },
  })
  expect(await proposeFiles(site.github, order('b'))).toMatch(/\/pull\/1$/)
  expect(site.server.pulls()).toHaveLength(1)
})

test('without a branch to propose to: PAGES_FAILED', async () => {
  await expect(
    proposeFiles(site.github, { ...order('b'), branch: 'pages' }),
  ).rejects.toMatchObject({ code: 'PAGES_FAILED' })
})

test('names the permission that the job lacks', async () => {
  site.server.setPermission('pull-requests', 'read')
  await expect(proposeFiles(site.github, order('b'))).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
    message: expect.stringContaining('pull-requests: write'),
  })
})

test('names the setting that keeps workflows from opening pull requests', async () => {
  site.server.door.inject({
    method: 'POST',
    path: /\/pulls$/,
    effect: {
      kind: 'status',
      status: 403,
      body: JSON.stringify({
        message:
          'GitHub Actions is not permitted to create or approve pull requests.',
      }),
    },
  })
  await expect(proposeFiles(site.github, order('b'))).rejects.toMatchObject({
    code: 'PAGES_REJECTED',
    message: expect.stringContaining('Allow GitHub Actions to create'),
  })
})

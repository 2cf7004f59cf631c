import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { hasServedFile } from '../../src/github/deployments.ts'
import { type Site, startSite } from './site.ts'

let site: Site
let indexed: string
let empty: string

beforeEach(async () => {
  site = await startSite()
  empty = await site.server.commitToBranch('gh-pages', { 'README.md': '' })
  indexed = await site.server.commitToBranch('gh-pages', {
    'helm/index.yaml': 'apiVersion: v1\n',
  })
})
afterEach(async () => {
  await site.close()
})

const later = new Date('2099-01-01')

async function hasServed(
  path = 'helm/index.yaml',
  until = later,
): Promise<boolean> {
  const question = { branch: 'gh-pages', path, until }
  return await hasServedFile(site.github, question)
}

test('a commit that was deployed has served what it holds', async () => {
  expect(await hasServed()).toBe(false)
  site.server.recordDeployment({ sha: indexed, ref: 'gh-pages' })
  expect(await hasServed()).toBe(true)
  expect(await hasServed('index.yaml')).toBe(false)
})

test('also before a later one took its place', async () => {
  site.server.recordDeployment({ sha: indexed, ref: 'gh-pages' })
  site.server.recordDeployment({ sha: empty, ref: 'gh-pages' })
  expect(site.server.deployments()[0]?.states[0]).toBe('inactive')
  expect(await hasServed()).toBe(true)
})

test.each([
  ['a failure', { state: 'failure' }],
  ['another environment', { environment: 'production' }],
  ['what a workflow built of another branch', { ref: 'main' }],
] as const)('%s is no evidence', async (_, other) => {
  const ref = 'gh-pages'
  site.server.recordDeployment({ sha: indexed, ref, ...other })
  expect(await hasServed()).toBe(false)
})

test('nor is a deployment without the file, or a later one', async () => {
  site.server.recordDeployment({ sha: empty, ref: 'gh-pages' })
  expect(await hasServed()).toBe(false)
  const createdAt = '2026-01-01T00:10:00Z'
  site.server.recordDeployment({ sha: indexed, ref: 'gh-pages', createdAt })
  const at = async (time: string): Promise<boolean> =>
    await hasServed('helm/index.yaml', new Date(time))
  expect(await at('2026-01-01T00:09:59Z')).toBe(false)
  expect(await at('2026-01-01T00:10:00Z')).toBe(true)
})

test('without the permission, a public repository is asked as anybody', async () => {
  site.server.recordDeployment({ sha: indexed, ref: 'gh-pages' })
  site.server.setPermission('deployments', 'none')
  site.forget()
  expect(await hasServed()).toBe(true)
  const asked = site.server.door.requests
    .filter(({ path }) => path.includes('/deployments'))
    .map(({ headers, status }) => [
      headers['authorization'] === undefined,
      status,
    ])
  expect(asked).toEqual([
    [false, 403],
    [true, 200],
    [false, 403],
    [true, 200],
  ])
})

test.each([
  ['a server that fails', 500],
  ['a limit of requests', 429],
])('P7: %s is not a history without Pages', async (_, status) => {
  site.server.recordDeployment({ sha: indexed, ref: 'gh-pages' })
  site.server.door.inject({
    path: /\/deployments/,
    times: 99,
    effect: { kind: 'status', status },
  })
  await expect(hasServed()).rejects.toThrow(
    expect.objectContaining({ code: 'PAGES_FAILED' }),
  )
})

test('P7: nor is a private repository whose history may not be read', async () => {
  site.server.setVisibility('private')
  site.server.setPermission('deployments', 'none')
  await expect(hasServed()).rejects.toThrow(
    expect.objectContaining({
      code: 'PERMISSION_DENIED',
      message: expect.stringContaining('deployments: read'),
    }),
  )
})

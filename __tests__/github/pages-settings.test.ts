import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readPagesUrl } from '../../src/github/pages-settings.ts'
import { type Site, startSite } from './site.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
})
afterEach(async () => {
  await site.close()
})

test.each([
  ['/', '.', 'https://charts.example.com'],
  ['/', 'stable', 'https://charts.example.com/stable'],
  ['/docs', 'docs', 'https://charts.example.com'],
  ['/docs', 'docs/stable', 'https://charts.example.com/stable'],
] as const)(
  'the settings say where: %s served, %s asked',
  async (source, directory, url) => {
    site.server.setPages({
      html_url: 'https://charts.example.com/',
      build_type: 'legacy',
      source: { branch: 'gh-pages', path: source },
    })
    expect(await readPagesUrl(site.github, directory)).toBe(url)
  },
)

test.each([
  ['acme', 'charts', 'https://acme.github.io/charts'],
  ['Acme', 'Charts', 'https://acme.github.io/Charts'],
  ['Acme', 'acme.GitHub.io', 'https://acme.github.io'],
])('without settings, %s/%s is at %s', async (owner, repo, url) => {
  const github = {
    ...site.github,
    owner,
    repo,
    serverUrl: 'https://github.com',
  }
  expect(await readPagesUrl(github, '.')).toBe(url)
})

test('a token that may not read the settings gets the rule', async () => {
  site.server.setPermission('pages', 'none')
  const github = { ...site.github, serverUrl: 'https://github.com' }
  expect(await readPagesUrl(github, 'x')).toBe(
    'https://acme.github.io/charts/x',
  )
})

test('an Enterprise Server has its own rule', async () => {
  expect(await readPagesUrl(site.github, '.')).toBe(
    `${site.server.serverUrl}/pages/acme/charts`,
  )
})

test('P7: a server that fails is not a site that is not there', async () => {
  site.server.door.inject({
    path: /\/pages$/,
    times: 99,
    effect: { kind: 'status', status: 500 },
  })
  await expect(readPagesUrl(site.github, '.')).rejects.toThrow(
    expect.objectContaining({ code: 'PAGES_FAILED' }),
  )
})

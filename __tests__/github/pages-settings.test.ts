import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readFailedBuild } from '../../src/github/pages-settings.ts'
import { createPagesSite } from '../../src/github/pages-site.ts'
import type { GitHub } from '../../src/github/client.ts'
import { type Site, startSite } from './site.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
})
afterEach(async () => {
  await site.close()
})

async function urlOf(github: GitHub, directory: string): Promise<string> {
  return await createPagesSite(github).urlOf(directory)
}

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
    expect(await urlOf(site.github, directory)).toBe(url)
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
  expect(await urlOf(github, '.')).toBe(url)
})

test('a token that may not read the settings gets the rule', async () => {
  site.server.setPermission('pages', 'none')
  const github = { ...site.github, serverUrl: 'https://github.com' }
  expect(await urlOf(github, 'x')).toBe('https://acme.github.io/charts/x')
})

test('an Enterprise Server has its own rule', async () => {
  expect(await urlOf(site.github, '.')).toBe(
    `${site.server.serverUrl}/pages/acme/charts`,
  )
})

test('P7: a server that fails is not a site that is not there', async () => {
  site.server.door.inject({
    path: /\/pages$/,
    times: 99,
    effect: { kind: 'status', status: 500 },
  })
  await expect(urlOf(site.github, '.')).rejects.toThrow(
    expect.objectContaining({ code: 'PAGES_FAILED' }),
  )
})

describe('the state', () => {
  const settings = {
    html_url: 'https://acme.github.io/charts/',
    build_type: 'legacy',
    source: { branch: 'gh-pages', path: '/docs' },
  } as const

  test('is what the settings say, asked for once', async () => {
    site.server.setPages({
      ...settings,
      cname: 'charts.example.com',
      https_certificate: { state: 'new', description: 'Certificate is new' },
    })
    const pages = createPagesSite(site.github)
    await pages.urlOf('.')
    expect(await pages.known()).toEqual({
      kind: 'on',
      settings: {
        url: 'https://acme.github.io/charts',
        builtBy: 'branch',
        branch: 'gh-pages',
        folder: 'docs',
        domain: 'charts.example.com',
        certificate: 'new',
        status: null,
      },
    })
    expect(site.server.door.requests).toHaveLength(1)
    site.server.setPages(null)
    expect(await pages.known()).toMatchObject({ kind: 'on' })
    expect(await pages.now()).toEqual({ kind: 'off' })
  })

  test('that a token may not see is off or hidden, by what everybody sees', async () => {
    site.server.setPermission('pages', 'none')
    const pages = createPagesSite(site.github)
    expect(await pages.now()).toEqual({ kind: 'off' })
    site.server.setPages(settings)
    expect(await pages.now()).toEqual({ kind: 'hidden' })
  })

  test('P7: is off only when both answers say so', async () => {
    site.server.setPages(settings)
    site.server.door.inject({
      path: /\/pages$/,
      effect: { kind: 'status', status: 404, body: '{"message":"Not Found"}' },
    })
    expect(await createPagesSite(site.github).now()).toEqual({ kind: 'hidden' })
  })

  test('names a build only when it failed', async () => {
    site.server.setPages(settings)
    const commit = 'a'.repeat(40)
    expect(await readFailedBuild(site.github)).toBeNull()
    site.server.setPagesBuild({ status: 'built', commit })
    expect(await readFailedBuild(site.github)).toBeNull()
    site.server.setPagesBuild({ status: 'errored', commit, message: 'No.' })
    expect(await readFailedBuild(site.github)).toEqual({
      commit,
      message: 'No.',
    })
    site.server.setPermission('pages', 'none')
    expect(await readFailedBuild(site.github)).toBeNull()
  })
})

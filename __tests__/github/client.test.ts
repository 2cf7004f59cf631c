import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { downloadAsset } from '../../src/github/asset.ts'
import { readHead } from '../../src/github/branch.ts'
import { findPublished, listReleases } from '../../src/github/release.ts'
import { createHttp } from '../../src/http.ts'
import { createRepository } from '../../testing/repository.ts'
import { ReleaseError } from '../../src/errors.ts'
import { type Site, startSite } from './site.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
})
afterEach(async () => {
  await site.close()
})

async function failure(attempt: Promise<unknown>): Promise<ReleaseError> {
  const thrown = await attempt.then(
    () => 'it did not fail',
    (error: unknown) => error,
  )
  if (thrown instanceof ReleaseError) return thrown
  throw new Error('no ReleaseError', { cause: thrown })
}

describe('the commit of a tag', () => {
  test('is the commit itself of a lightweight tag, the peeled one of an annotated tag', async () => {
    const repository = await createRepository({ files: { 'a.txt': 'a\n' } })
    await repository.tag('v1.0.0')
    await repository.tag('demo/v1.0.0+build.1', { annotated: true })
    await site.server.pushRepository(repository.path, {
      tags: ['v1.0.0', 'demo/v1.0.0+build.1'],
    })
    const head = await repository.head()
    await repository.remove()
    expect(await site.github.readTagCommit('v1.0.0')).toBe(head)
    expect(await site.github.readTagCommit('demo/v1.0.0+build.1')).toBe(head)
  })

  test('is null for a tag that is not there, also when it starts the name of another', async () => {
    await site.tag('v1.0.0')
    expect(await site.github.readTagCommit('v1.0')).toBeNull()
  })

  test('is refused when the tag names a file', async () => {
    const { octokit, at } = site.github
    const blob = await octokit.rest.git.createBlob({ ...at, content: 'x' })
    const { sha } = blob.data
    await octokit.rest.git.createRef({ ...at, ref: 'refs/tags/v1.0.0', sha })
    const { code, message } = await failure(site.github.readTagCommit('v1.0.0'))
    expect(code).toBe('TAG_INVALID')
    expect(message).toContain('v1.0.0 points at a blob')
  })

  test('P7: a broken server is asked again, and then is an error, not an absence', async () => {
    const { commit } = await site.tag('v1.0.0')
    const fault = {
      path: /\/git\/ref\//,
      effect: { kind: 'status', status: 500 },
    } as const
    site.server.door.inject(fault)
    expect(await site.github.readTagCommit('v1.0.0')).toBe(commit)
    site.server.door.inject({ ...fault, times: 99 })
    const { code, message } = await failure(site.github.readTagCommit('v1.0.0'))
    expect(code).toBe('RELEASE_FAILED')
    expect(message).toContain('500, without a word. Run again')
  })
})

test('a secondary rate limit without a header is waited for, for a minute', async () => {
  const { commit } = await site.tag('v1.0.0')
  site.server.door.inject({
    path: /\/git\/ref\//,
    effect: {
      kind: 'status',
      status: 403,
      headers: { 'content-type': 'application/json' },
      body: '{"message":"You have exceeded a secondary rate limit. Please wait."}',
    },
  })
  const begun = site.clock.now().getTime()
  expect(await site.github.readTagCommit('v1.0.0')).toBe(commit)
  expect(site.clock.now().getTime() - begun).toBe(60_000)
})

test('P7: what a ref names and GitHub does not find is no absence', async () => {
  const repository = await createRepository({ files: { 'a.txt': 'a\n' } })
  await repository.tag('v1.0.0', { annotated: true })
  await site.server.pushRepository(repository.path, { tags: ['v1.0.0'] })
  await repository.remove()
  const effect = { kind: 'status', status: 404 } as const
  site.server.door.inject({ path: /\/git\/(tags|commits)\//, times: 2, effect })
  expect((await failure(site.github.readTagCommit('v1.0.0'))).code).toBe(
    'RELEASE_FAILED',
  )
  expect((await failure(readHead(site.github, 'main'))).code).toBe(
    'PAGES_FAILED',
  )
})

test('a server that does not answer is TIMED_OUT', async () => {
  site.server.door.inject({
    path: /\/releases\?/,
    times: 99,
    effect: { kind: 'hang' },
  })
  const http = createHttp()
  const github = site.connect({
    http: async (url, request) =>
      await http(url, { ...request, timeoutSeconds: 0.05 }),
  })
  expect((await failure(listReleases(github))).code).toBe('TIMED_OUT')
})

describe('an answer that is no answer', () => {
  test('P7: a list that broke off is asked for again, and never empty', async () => {
    await site.tag('v1.0.0')
    await site.server.createRelease({ tag: 'v1.0.0' })
    const fault = {
      path: /\/releases\?/,
      effect: { kind: 'truncate' },
    } as const
    site.server.door.inject(fault)
    expect(await listReleases(site.github)).toHaveLength(1)
    site.server.door.inject({ ...fault, times: 99 })
    const { code } = await failure(listReleases(site.github))
    expect(code).toBe('RELEASE_FAILED')
  })

  test.each(['{"id": 1', ''])(
    'P7: a 200 whose body is %j is no release and no absence',
    async (body) => {
      site.server.door.inject({
        path: /\/releases\/tags\//,
        times: 99,
        effect: {
          kind: 'status',
          status: 200,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body,
        },
      })
      const { code } = await failure(findPublished(site.github, 'v1.0.0'))
      expect(code).toBe('RELEASE_FAILED')
    },
  )

  test('P7: a 200 whose body is no list is not an empty list', async () => {
    site.server.door.inject({
      path: /\/releases\?/,
      times: 99,
      effect: {
        kind: 'status',
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<title>Maintenance</title>',
      },
    })
    const { code } = await failure(listReleases(site.github))
    expect(code).toBe('RELEASE_FAILED')
  })

  test.each([401, 403])('P7: a %i is not an absence', async (status) => {
    site.server.door.inject({
      path: /\/releases\/tags\//,
      times: 99,
      effect: {
        kind: 'status',
        status,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          message:
            status === 401
              ? 'Bad credentials'
              : 'Resource not accessible by integration',
        }),
      },
    })
    const { code, message } = await failure(
      findPublished(site.github, 'v1.0.0'),
    )
    expect(code).toBe('PERMISSION_DENIED')
    expect(message).toContain('contents: write')
  })
})

test('a limit of requests is waited for as long as GitHub says', async () => {
  const before = site.clock.now().getTime()
  site.server.door.inject({
    path: /\/releases\?/,
    effect: { kind: 'status', status: 403, headers: { 'retry-after': '7' } },
  })
  expect(await listReleases(site.github)).toEqual([])
  expect(site.clock.now().getTime() - before).toBe(7000)
})

test('more releases than fit on a page are all listed', async () => {
  await site.tag('v1.0.0')
  for (let count = 0; count < 101; count++)
    await site.server.createRelease({ tag: `v1.0.${count}`, draft: true })
  expect(await listReleases(site.github)).toHaveLength(101)
})

describe('P8: the token', () => {
  test('is in no message and no log line, whatever goes wrong', async () => {
    const { server, github } = site
    const body = JSON.stringify({ message: 'Bad\r\n::error::x\u202e words' })
    server.door.inject({
      path: /./,
      times: 99,
      effect: {
        kind: 'status',
        status: 500,
        headers: { 'content-type': 'application/json' },
        body,
      },
    })
    const { message, stack, cause } = await failure(listReleases(github))
    expect(message).toContain('Bad ::error::x words')
    for (const text of [
      message,
      stack,
      String((cause as Error).stack),
      ...site.logged,
    ])
      expect(text).not.toContain(server.token)
  })

  test('goes to no other host by a redirect, of the API or of a download', async () => {
    const heard: string[] = []
    const elsewhere = createServer((request, response) => {
      heard.push(JSON.stringify(request.headers))
      response.end('[]')
    })
    await new Promise<void>((resolve) => {
      elsewhere.listen(0, '127.0.0.1', resolve)
    })
    const { port } = elsewhere.address() as AddressInfo
    const location = `http://127.0.0.1:${port}/`
    site.server.door.inject({
      path: /\/releases\?/,
      times: 99,
      effect: { kind: 'status', status: 302, headers: { location } },
    })
    await failure(listReleases(site.github))
    expect(heard).toEqual([])
    await new Promise((resolve) => elsewhere.close(resolve))

    site.forget()
    await site.tag('v1.0.0')
    const assets = [{ name: 'demo-1.0.0.tgz', content: 'bytes' }]
    await site.server.createRelease({ tag: 'v1.0.0', draft: true, assets })
    const [draft] = await listReleases(site.github)
    const [asset] = draft?.assets ?? []
    if (asset === undefined) throw new Error('no asset')
    expect(
      Buffer.from(await downloadAsset(site.github, asset)).toString(),
    ).toBe('bytes')
    const headers = site.server.storage.requests.map((each) => each.headers)
    expect(headers).toHaveLength(1)
    expect(JSON.stringify(headers)).not.toContain(site.server.token)
  })
})

test('a repository that was renamed is followed on its own host', async () => {
  const { commit } = await site.tag('v1.0.0')
  const { door, apiUrl } = site.server
  const moved = `${apiUrl}/repos/ACME/Charts/git/ref/tags/v1.0.0`
  door.inject({
    path: /\/git\/ref\//,
    effect: { kind: 'status', status: 301, headers: { location: moved } },
  })
  expect(await site.github.readTagCommit('v1.0.0')).toBe(commit)
})

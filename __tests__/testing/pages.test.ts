import { afterEach, describe, expect, test } from '@jest/globals'
import { type GitHub, startGitHub } from '../../testing/github.ts'
import { type PagesOptions, startPages } from '../../testing/pages.ts'

const started: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of started.splice(0)) await each.close()
})

async function start(options?: PagesOptions): Promise<{
  github: GitHub
  pages: Awaited<ReturnType<typeof startPages>>
}> {
  const github = await startGitHub({ owner: 'acme', repo: 'charts' })
  const pages = await startPages(github, options)
  started.push(pages, github)
  return { github, pages }
}

async function status(url: string): Promise<number> {
  return (await fetch(url)).status
}

test('a new commit on the branch is served at once, below the repository', async () => {
  const { github, pages } = await start()
  expect(await status(`${pages.url}/index.yaml`)).toBe(404)
  const bytes = Buffer.from([31, 139, 0, 255])
  await github.commitToBranch('gh-pages', {
    '.nojekyll': '',
    'index.yaml': 'apiVersion: v1\n',
    'index.html': '<h1>Charts</h1>',
    'a b+c.tgz': bytes,
  })
  const index = await fetch(`${pages.url}/index.yaml`)
  expect(index.headers.get('content-type')).toContain('text/yaml')
  expect(await index.text()).toBe('apiVersion: v1\n')
  const archive = await fetch(`${pages.url}/a%20b+c.tgz`)
  expect(Buffer.from(await archive.arrayBuffer())).toEqual(bytes)
  expect(await (await fetch(pages.url)).text()).toBe('<h1>Charts</h1>')
  expect(await status(`${new URL(pages.url).origin}/index.yaml`)).toBe(404)
})

test('a commit that is held back is served after its release', async () => {
  const { github, pages } = await start()
  const read = async (): Promise<string> =>
    await (await fetch(`${pages.url}/index.yaml`)).text()
  await github.commitToBranch('gh-pages', { 'index.yaml': 'one' })
  await pages.hold()
  await github.commitToBranch('gh-pages', { 'index.yaml': 'two' })
  expect(await read()).toBe('one')
  pages.release()
  expect(await read()).toBe('two')
})

test('a commit waits for its build when there is a delay', async () => {
  const { github, pages } = await start({ delaySeconds: 3600 })
  await github.commitToBranch('gh-pages', { 'index.yaml': 'one' })
  expect(await status(`${pages.url}/index.yaml`)).toBe(404)
})

test('the settings say where the site is, and what they say holds', async () => {
  const { github, pages } = await start({ directory: '/docs' })
  await github.commitToBranch('gh-pages', { 'docs/index.yaml': 'one' })
  const settings = github.pages()
  expect(settings).toEqual({
    html_url: `${pages.url}/`,
    build_type: 'legacy',
    source: { branch: 'gh-pages', path: '/docs' },
  })
  expect(await status(`${pages.url}/index.yaml`)).toBe(200)
  github.setPages(settings && { ...settings, build_type: 'workflow' })
  expect(await status(`${pages.url}/index.yaml`)).toBe(404)
})

test('without Pages in the settings there is no site', async () => {
  const { github, pages } = await start({ enabled: false })
  await github.commitToBranch('gh-pages', { 'index.yaml': 'one' })
  expect(github.pages()).toBeNull()
  expect(await status(`${pages.url}/index.yaml`)).toBe(404)
})

test('Jekyll makes README.md the home page and hides dot files, unless told not to run', async () => {
  const { github, pages } = await start()
  await github.commitToBranch('gh-pages', {
    'README.md': '# Charts',
    '.well-known/x': 'x',
  })
  expect(await (await fetch(`${pages.url}/`)).text()).toBe('# Charts')
  expect(await status(`${pages.url}/.well-known/x`)).toBe(404)
  await github.commitToBranch('gh-pages', { '.nojekyll': '' })
  expect(await status(`${pages.url}/`)).toBe(404)
  expect(await status(`${pages.url}/.well-known/x`)).toBe(200)
})

describe('what GitHub tells of it', () => {
  async function ask(github: GitHub, path: string): Promise<unknown> {
    const url = `${github.apiUrl}/repos/acme/charts${path}`
    const response = await fetch(url, {
      headers: { authorization: `token ${github.token}` },
    })
    return response.status === 200 ? await response.json() : response.status
  }

  test('a build is built, or errored with its reason, and then not served', async () => {
    const { github, pages } = await start()
    expect(await ask(github, '/pages/builds/latest')).toBe(404)
    const first = await github.commitToBranch('gh-pages', { 'a.txt': 'one' })
    expect(await ask(github, '/pages/builds/latest')).toMatchObject({
      status: 'built',
      error: { message: null },
      commit: first,
    })
    pages.fail('The page build failed.')
    const second = await github.commitToBranch('gh-pages', { 'a.txt': 'two' })
    expect(await ask(github, '/pages/builds/latest')).toMatchObject({
      status: 'errored',
      error: { message: 'The page build failed.' },
      commit: second,
    })
    expect(await ask(github, '/pages')).toMatchObject({ status: 'errored' })
    const read = async (): Promise<string> =>
      await (await fetch(`${pages.url}/a.txt`)).text()
    expect(await read()).toBe('one')
    pages.release()
    expect(await read()).toBe('two')
  })

  test('a build that takes its time is building', async () => {
    const { github } = await start({ delaySeconds: 3600 })
    const commit = await github.commitToBranch('gh-pages', { 'a.txt': '' })
    expect(await ask(github, '/pages/builds/latest')).toMatchObject({
      status: 'building',
      commit,
    })
    expect(await ask(github, '/deployments')).toEqual([])
  })

  test('every commit that was served is a deployment, the newest first', async () => {
    const { github, pages } = await start()
    const one = await github.commitToBranch('gh-pages', { 'a.txt': 'one' })
    await Promise.all([status(pages.url), status(pages.url)])
    const two = await github.commitToBranch('gh-pages', { 'a.txt': 'two' })
    const query = '/deployments?environment=github-pages'
    const list = (await ask(github, query)) as readonly { id: number }[]
    expect(list).toMatchObject([
      { sha: two, ref: 'gh-pages', environment: 'github-pages' },
      { sha: one, ref: 'gh-pages', environment: 'github-pages' },
    ])
    const states = async (at: number): Promise<unknown> =>
      await ask(github, `/deployments/${list[at]?.id ?? 0}/statuses`)
    expect(await states(0)).toMatchObject([
      { state: 'success' },
      { state: 'in_progress' },
      { state: 'queued' },
    ])
    expect(await states(1)).toMatchObject([
      { state: 'inactive' },
      { state: 'success' },
      {},
      {},
    ])
    expect(await ask(github, '/deployments/99')).toBe(404)
    expect(await ask(github, '/deployments?environment=other')).toEqual([])
  })

  test('deployments stay when Pages is switched off, and nothing is added', async () => {
    const { github, pages } = await start()
    await github.commitToBranch('gh-pages', { 'a.txt': 'one' })
    expect(await status(`${pages.url}/a.txt`)).toBe(200)
    github.setPages(null)
    expect(await status(`${pages.url}/a.txt`)).toBe(404)
    await github.commitToBranch('gh-pages', { 'a.txt': 'two' })
    expect(await ask(github, '/deployments')).toHaveLength(1)
    expect(await ask(github, '')).toMatchObject({ has_pages: false })
    expect(await ask(github, '/pages/builds/latest')).toBe(404)
  })

  test('anybody reads the deployments of a public repository, a token must be allowed to', async () => {
    const { github } = await start()
    github.setPermission('deployments', 'none')
    expect(await ask(github, '/deployments')).toBe(403)
    const url = `${github.apiUrl}/repos/acme/charts/deployments`
    expect(await status(url)).toBe(200)
    github.setVisibility('private')
    expect(await status(url)).toBe(404)
  })

  test('what it has no route for is 501, never 404', async () => {
    const { github } = await start()
    expect(await ask(github, '/pages/builds')).toBe(501)
    expect(await ask(github, '/pages/health')).toBe(501)
  })
})

test('a workflow serves what it deployed, and no branch', async () => {
  const { github, pages } = await start()
  await github.commitToBranch('gh-pages', { 'a.txt': 'branch' })
  const built = await github.commitToBranch('site', { 'a.txt': 'workflow' })
  const settings = github.pages()
  github.setPages(settings && { ...settings, build_type: 'workflow' })
  pages.deploy(built)
  const answer = await fetch(`${pages.url}/a.txt`)
  expect(await answer.text()).toBe('workflow')
})

test('a domain of its own has the site at its root, and GitHub leads there', async () => {
  const { github, pages } = await start({ cname: 'localhost' })
  await github.commitToBranch('gh-pages', { 'a.txt': 'own' })
  expect(github.pages()).toMatchObject({
    html_url: `http://localhost:${pages.door.port}/`,
    cname: 'localhost',
  })
  const at = `http://localhost:${pages.door.port}`
  expect(await (await fetch(`${at}/a.txt`)).text()).toBe('own')
  const led = await fetch(`${pages.url}/a.txt?x=1`)
  expect(led.url).toBe(`${at}/a.txt?x=1`)
  expect(await led.text()).toBe('own')
})

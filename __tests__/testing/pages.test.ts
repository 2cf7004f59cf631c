import { afterEach, expect, test } from '@jest/globals'
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

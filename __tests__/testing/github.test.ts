import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from '@jest/globals'
import { getOctokit } from '@actions/github'
import {
  type GitHub,
  type GitHubOptions,
  startGitHub,
} from '../../testing/github.ts'
import { createRepository } from '../../testing/repository.ts'

type Octokit = ReturnType<typeof getOctokit>['rest']

const started: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of started.splice(0)) await each.close()
})

const at = { owner: 'acme', repo: 'charts' }

async function start(
  options: Partial<GitHubOptions> = {},
): Promise<{ github: GitHub; octokit: Octokit }> {
  const github = await startGitHub({ ...at, ...options })
  started.push(github)
  await github.commitToBranch('main', { 'README.md': '# Charts\n' }, 'Begin')
  const { rest } = getOctokit(github.token, { baseUrl: github.apiUrl })
  return { github, octokit: rest }
}

/** What GitHub answers when it refuses. */
async function refusal(
  attempt: Promise<unknown>,
): Promise<{ status: number; message: string; codes: unknown[] }> {
  const thrown = await attempt.then(
    () => {
      throw new Error('it was not refused')
    },
    (error: unknown) => error,
  )
  const { status, response } = thrown as {
    status: number
    response: {
      data: { message: string; errors?: { code: string; field?: string }[] }
    }
  }
  return {
    status,
    message: response.data.message,
    codes: (response.data.errors ?? []).map(({ code, field }) =>
      field === undefined ? code : `${field} ${code}`,
    ),
  }
}

async function anonymous(url: string): Promise<Response> {
  return await fetch(url)
}

async function draft(octokit: Octokit, tag: string): Promise<number> {
  const { data } = await octokit.repos.createRelease({
    ...at,
    tag_name: tag,
    draft: true,
  })
  return data.id
}

async function upload(
  octokit: Octokit,
  file: { release: number; name: string; content: string },
): ReturnType<Octokit['repos']['uploadReleaseAsset']> {
  const { data } = await octokit.repos.getRelease({
    ...at,
    release_id: file.release,
  })
  return await octokit.repos.uploadReleaseAsset({
    ...at,
    url: data.upload_url,
    release_id: file.release,
    name: file.name,
    // octokit's type knows text only; the bytes go out as they are.
    data: Buffer.from(file.content) as unknown as string,
    headers: { 'content-type': 'application/gzip' },
  })
}

describe('release assets', () => {
  test('an upload keeps its bytes and gets a digest, a size and a state', async () => {
    const { github, octokit } = await start()
    const release = await draft(octokit, 'v1.0.0')
    const content = 'bytes \u0000\u00ff'
    const { data } = await upload(octokit, {
      release,
      name: 'demo-1.0.0.tgz',
      content,
    })
    const hash = createHash('sha256').update(content).digest('hex')
    expect(data).toMatchObject({
      name: 'demo-1.0.0.tgz',
      state: 'uploaded',
      size: Buffer.byteLength(content),
      digest: `sha256:${hash}`,
      content_type: 'application/gzip',
    })
    const download = await octokit.repos.getReleaseAsset({
      ...at,
      asset_id: data.id,
      headers: { accept: 'application/octet-stream' },
    })
    const bytes = Buffer.from(download.data as unknown as ArrayBuffer)
    expect(bytes.toString()).toBe(content)
    expect(github.releases()[0]?.assets[0]?.content.toString()).toBe(content)
  })

  test('a name that is taken is refused, as a starter takes it too', async () => {
    const { github, octokit } = await start()
    const release = await draft(octokit, 'v1.0.0')
    const file = { release, name: 'a.tgz', content: 'a' }
    await upload(octokit, file)
    const duplicate = { status: 422, codes: ['name already_exists'] }
    expect(await refusal(upload(octokit, file))).toMatchObject(duplicate)

    const starter = github.addAsset(release, {
      name: 'b.tgz',
      state: 'starter',
    })
    const blocked = { release, name: 'b.tgz', content: 'b' }
    expect(await refusal(upload(octokit, blocked))).toMatchObject(duplicate)
    await octokit.repos.deleteReleaseAsset({ ...at, asset_id: starter.id })
    expect((await upload(octokit, blocked)).status).toBe(201)
  })

  test.each([
    ['demo-1.2.3+build.5.tgz', 'demo-1.2.3+build.5.tgz'],
    ['my chart (1).tgz', 'my.chart.1.tgz'],
    ['a~b.tgz', 'a.b.tgz'],
    ['.helmignore', 'default.helmignore'],
    ['日本.tgz', 'default.tgz'],
    ['é..x', 'e.x'],
  ])('%p is stored as %p', async (name, stored) => {
    const { octokit } = await start()
    const release = await draft(octokit, 'v1.0.0')
    const { data } = await upload(octokit, { release, name, content: 'x' })
    expect(data.name).toBe(stored)
  })

  test('downloads are public for published releases only, and redirected', async () => {
    const { github, octokit } = await start()
    const tag_name = 'demo/v1+2'
    const release = await draft(octokit, tag_name)
    const name = 'a+b.tgz'
    const { data } = await upload(octokit, { release, name, content: 'a' })
    expect(data.browser_download_url).toMatch(/\/untagged-[0-9a-f]{20}\/a%2Bb/)
    expect((await anonymous(data.browser_download_url)).status).toBe(404)
    const raw = `${github.serverUrl}/acme/charts/releases/download/demo/v1+2/a+b.tgz`
    expect((await anonymous(raw)).status).toBe(404)

    await octokit.repos.updateRelease({
      ...at,
      release_id: release,
      draft: false,
    })
    expect((await anonymous(data.browser_download_url)).status).toBe(404)
    const published = await octokit.repos.getReleaseByTag({
      ...at,
      tag: tag_name,
    })
    const url = published.data.assets[0]?.browser_download_url ?? ''
    expect(url).toBe(
      `${github.serverUrl}/acme/charts/releases/download/demo%2Fv1%2B2/a%2Bb.tgz`,
    )
    const response = await anonymous(url)
    expect(new URL(response.url).origin).toBe(github.storage.url)
    expect(await response.text()).toBe('a')
    expect(await (await anonymous(raw)).text()).toBe('a')

    github.setVisibility('private')
    expect((await anonymous(url)).status).toBe(404)
  })

  test('the storage refuses credentials that were meant for the API', async () => {
    const { github, octokit } = await start()
    const release = await draft(octokit, 'v1.0.0')
    await upload(octokit, { release, name: 'a.tgz', content: 'a' })
    const [asset] = github.releases()[0]?.assets ?? []
    const headers = {
      authorization: `token ${github.token}`,
      accept: 'application/octet-stream',
    }
    const url = `${github.apiUrl}/repos/acme/charts/releases/assets/${asset?.id}`
    const redirect = await fetch(url, { headers, redirect: 'manual' })
    expect(redirect.status).toBe(302)
    const location = redirect.headers.get('location') ?? ''
    expect((await fetch(location, { headers })).status).toBe(400)
    expect(await (await fetch(location)).text()).toBe('a')
  })
})

describe('drafts', () => {
  test('there may be several for one tag, and no tag is made', async () => {
    const { octokit } = await start()
    await draft(octokit, 'v1.0.0')
    await draft(octokit, 'v1.0.0')
    expect((await octokit.repos.listReleases(at)).data).toHaveLength(2)
    const ref = octokit.git.getRef({ ...at, ref: 'tags/v1.0.0' })
    expect(await refusal(ref)).toMatchObject({ status: 404 })
  })

  test('they are not found by their tag', async () => {
    const { octokit } = await start()
    await draft(octokit, 'v1.0.0')
    const byTag = octokit.repos.getReleaseByTag({ ...at, tag: 'v1.0.0' })
    expect(await refusal(byTag)).toMatchObject({ status: 404 })
  })

  test('only who may push sees them', async () => {
    const { github, octokit } = await start()
    const id = await draft(octokit, 'v1.0.0')
    const url = `${github.apiUrl}/repos/acme/charts/releases`
    expect(await (await anonymous(url)).json()).toEqual([])
    expect((await anonymous(`${url}/${id}`)).status).toBe(404)
    github.setPermission('contents', 'read')
    expect((await octokit.repos.listReleases(at)).data).toEqual([])
  })
})

describe('publishing', () => {
  test('makes a missing tag at the target, by default the default branch', async () => {
    const { github, octokit } = await start()
    const first = await github.branchHead('main')
    const second = await github.commitToBranch('main', { a: 'a' })
    await octokit.repos.createRelease({ ...at, tag_name: 'v2' })
    const release_id = await draft(octokit, 'v1')
    await octokit.repos.updateRelease({
      ...at,
      release_id,
      target_commitish: String(first),
      draft: false,
    })
    const tag = async (name: string): Promise<string> =>
      (await octokit.git.getRef({ ...at, ref: `tags/${name}` })).data.object.sha
    expect(await tag('v2')).toBe(second)
    expect(await tag('v1')).toBe(first)
  })

  test('a target that is no commit, and a second release of a tag, are refused', async () => {
    const { octokit } = await start()
    const release = { ...at, tag_name: 'v1', target_commitish: 'nowhere' }
    expect(await refusal(octokit.repos.createRelease(release))).toMatchObject({
      status: 422,
      codes: ['target_commitish invalid'],
    })
    await octokit.repos.createRelease({ ...at, tag_name: 'v1' })
    const again = octokit.repos.createRelease({ ...at, tag_name: 'v1' })
    expect(await refusal(again)).toMatchObject({
      status: 422,
      codes: ['tag_name already_exists'],
    })
    const release_id = await draft(octokit, 'v1')
    const late = octokit.repos.updateRelease({
      ...at,
      release_id,
      draft: false,
    })
    expect(await refusal(late)).toMatchObject({
      status: 422,
      codes: ['tag_name already_exists'],
    })
  })

  test('the latest release is the one that was made so, else the newest stable', async () => {
    const { octokit } = await start()
    const latest = async (): Promise<string> =>
      (await octokit.repos.getLatestRelease(at)).data.tag_name
    expect(await refusal(latest())).toMatchObject({ status: 404 })
    await octokit.repos.createRelease({ ...at, tag_name: 'v1' })
    expect(await latest()).toBe('v1')
    const release_id = await draft(octokit, 'v0.9')
    await octokit.repos.updateRelease({
      ...at,
      release_id,
      draft: false,
      make_latest: 'false',
    })
    await octokit.repos.createRelease({
      ...at,
      tag_name: 'v2-rc',
      prerelease: true,
    })
    expect(await latest()).toBe('v1')
    const updated = { ...at, release_id, make_latest: 'true' as const }
    await octokit.repos.updateRelease(updated)
    expect(await latest()).toBe('v0.9')
    const prerelease = { ...updated, prerelease: true }
    expect(
      await refusal(octokit.repos.updateRelease(prerelease)),
    ).toMatchObject({ status: 422, codes: ['custom'] })
    await octokit.repos.deleteRelease({ ...at, release_id })
    expect(await latest()).toBe('v1')
  })

  test('an immutable release keeps its assets, its flags and its tag', async () => {
    const { github, octokit } = await start({ immutable: true })
    const release_id = await draft(octokit, 'v1')
    const file = { release: release_id, name: 'a.tgz', content: 'a' }
    const asset = await upload(octokit, file)
    const published = await octokit.repos.updateRelease({
      ...at,
      release_id,
      draft: false,
      prerelease: true,
    })
    expect(published.data).toMatchObject({ immutable: true, prerelease: true })

    const attempts = {
      upload: upload(octokit, { ...file, name: 'b.tgz' }),
      asset: octokit.repos.deleteReleaseAsset({
        ...at,
        asset_id: asset.data.id,
      }),
      flags: octokit.repos.updateRelease({
        ...at,
        release_id,
        prerelease: false,
      }),
      draft: octokit.repos.updateRelease({ ...at, release_id, draft: true }),
      tag: octokit.git.deleteRef({ ...at, ref: 'tags/v1' }),
    }
    for (const attempt of Object.values(attempts))
      expect(await refusal(attempt)).toMatchObject({ status: 422 })

    await octokit.repos.updateRelease({ ...at, release_id, body: 'Notes' })
    expect(github.releases()[0]).toMatchObject({ tag: 'v1', body: 'Notes' })

    await octokit.repos.deleteRelease({ ...at, release_id })
    const again = octokit.repos.createRelease({ ...at, tag_name: 'v1' })
    expect(await refusal(again)).toMatchObject({ codes: ['tag_name custom'] })
  })

  test('notes above 125,000 characters are refused', async () => {
    const { octokit } = await start()
    const release = { ...at, tag_name: 'v1', body: 'x'.repeat(125_001) }
    expect(await refusal(octokit.repos.createRelease(release))).toMatchObject({
      status: 422,
      codes: ['body custom'],
    })
  })

  test('generated notes link to what changed since the tag before', async () => {
    const { github, octokit } = await start()
    await octokit.repos.createRelease({ ...at, tag_name: 'v1' })
    const { data } = await octokit.repos.generateReleaseNotes({
      ...at,
      tag_name: 'v2',
      target_commitish: 'main',
    })
    expect(data.body).toContain(
      `${github.serverUrl}/acme/charts/compare/v1...v2`,
    )
  })
})

describe('the Git database', () => {
  test('blob, tree, commit and ref make a branch without a past', async () => {
    const { github, octokit } = await start()
    const big = Buffer.alloc(3_000_000, 'index ')
    const blob = await octokit.git.createBlob({
      ...at,
      content: big.toString('base64'),
      encoding: 'base64',
    })
    const tree = await octokit.git.createTree({
      ...at,
      tree: [
        { path: 'a/index.yaml', mode: '100644', sha: blob.data.sha },
        { path: '.nojekyll', mode: '100644', content: '' },
      ],
    })
    const commit = await octokit.git.createCommit({
      ...at,
      message: 'Release',
      tree: tree.data.sha,
      parents: [],
    })
    expect(commit.data.verification.verified).toBe(true)
    const ref = await octokit.git.createRef({
      ...at,
      ref: 'refs/heads/gh-pages',
      sha: commit.data.sha,
    })
    expect(ref.data.object).toMatchObject({
      sha: commit.data.sha,
      type: 'commit',
    })
    expect(await github.listBranchFiles('gh-pages')).toEqual([
      '.nojekyll',
      'a/index.yaml',
    ])
    const stored = await github.readBranchFile('gh-pages', 'a/index.yaml')
    expect(stored?.equals(big)).toBe(true)
    expect(await github.branchCommits('gh-pages')).toMatchObject([
      { message: 'Release', parents: [], author: { name: github.login } },
    ])
  })

  test('a tree on a base keeps the rest, and null removes what is there', async () => {
    const { github, octokit } = await start()
    const base_tree = await github.commitToBranch('gh-pages', {
      'a b.txt': 'a',
      'old/x': 'x',
      'old/y': 'y',
      'keep/[z]': 'z',
    })
    const mode = '100644' as const
    const { data } = await octokit.git.createTree({
      ...at,
      base_tree,
      tree: [
        { path: 'new.txt', mode, content: 'new' },
        { path: 'old', mode, sha: null },
      ],
    })
    const list = await octokit.git.getTree({
      ...at,
      tree_sha: data.sha,
      recursive: '1',
    })
    const paths = list.data.tree
      .filter(({ type }) => type === 'blob')
      .map(({ path }) => path)
    expect(paths).toEqual(['a b.txt', 'keep/[z]', 'new.txt'])
    const missing = [{ path: 'nothing', mode, sha: null }]
    expect(
      await refusal(
        octokit.git.createTree({ ...at, base_tree, tree: missing }),
      ),
    ).toMatchObject({ status: 422 })
    const hostile = [{ path: '../x', mode, content: 'x' }]
    expect(
      await refusal(octokit.git.createTree({ ...at, tree: hostile })),
    ).toMatchObject({ status: 422 })
  })

  test('a ref that exists is not created, and moves only forward', async () => {
    const { github, octokit } = await start()
    const first = await github.commitToBranch('gh-pages', { a: '1' })
    const second = await github.commitToBranch('gh-pages', { a: '2' })
    const ref = 'heads/gh-pages'
    const create = { ...at, ref: `refs/${ref}`, sha: second }
    expect(await refusal(octokit.git.createRef(create))).toMatchObject({
      status: 422,
      message: 'Reference already exists',
    })
    const back = { ...at, ref, sha: first }
    expect(await refusal(octokit.git.updateRef(back))).toMatchObject({
      status: 422,
      message: 'Update is not a fast forward',
    })
    expect(await github.branchHead('gh-pages')).toBe(second)
    await octokit.git.updateRef({ ...back, force: true })
    expect(await github.branchHead('gh-pages')).toBe(first)
    await octokit.git.updateRef({ ...at, ref, sha: second })
    expect(await github.branchHead('gh-pages')).toBe(second)
    const absent = { ...at, ref: 'heads/none', sha: second }
    expect(await refusal(octokit.git.updateRef(absent))).toMatchObject({
      status: 422,
      message: 'Reference does not exist',
    })
  })

  test('of updates that race from one commit, one wins', async () => {
    const { github, octokit } = await start()
    const parent = String(await github.branchHead('main'))
    const tree = (await octokit.git.getCommit({ ...at, commit_sha: parent }))
      .data.tree.sha
    const answers = await Promise.allSettled(
      ['one', 'two', 'three'].map(async (message) => {
        const commit = await octokit.git.createCommit({
          ...at,
          message,
          tree,
          parents: [parent],
        })
        const { sha } = commit.data
        await octokit.git.updateRef({ ...at, ref: 'heads/main', sha })
      }),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
    ])
  })

  test('an empty repository has no Git database', async () => {
    const github = await startGitHub(at)
    started.push(github)
    const { rest } = getOctokit(github.token, { baseUrl: github.apiUrl })
    const blob = rest.git.createBlob({ ...at, content: 'x' })
    expect(await refusal(blob)).toMatchObject({ status: 409 })
    const release = rest.repos.createRelease({ ...at, tag_name: 'v1' })
    expect(await refusal(release)).toMatchObject({ status: 422 })
  })
})

describe('reading', () => {
  test('a pushed tag has the SHA that git gives it, annotated or not', async () => {
    const { github, octokit } = await start()
    const local = await createRepository({ files: { 'a.txt': 'a' } })
    try {
      const head = await local.head()
      await local.tag('v1.0.0')
      await local.tag('v1.0.1', { annotated: true })
      await local.tag('private')
      await github.pushRepository(local.path, { tags: ['v1.0.0', 'v1.0.1'] })
      const object = async (
        tag: string,
      ): Promise<{ type: string; sha: string }> =>
        (await octokit.git.getRef({ ...at, ref: `tags/${tag}` })).data.object
      expect(await object('v1.0.0')).toMatchObject({
        type: 'commit',
        sha: head,
      })
      const annotated = await object('v1.0.1')
      expect(annotated.type).toBe('tag')
      const tag = await octokit.git.getTag({ ...at, tag_sha: annotated.sha })
      expect(tag.data).toMatchObject({
        tag: 'v1.0.1',
        object: { type: 'commit', sha: head },
      })
      const commit = await octokit.repos.getCommit({ ...at, ref: 'v1.0.1' })
      expect(commit.data.sha).toBe(head)
      expect(await refusal(object('private'))).toMatchObject({ status: 404 })
      const matching = await octokit.git.listMatchingRefs({
        ...at,
        ref: 'tags/v1.0',
      })
      expect(matching.data.map(({ ref }) => ref)).toEqual([
        'refs/tags/v1.0.0',
        'refs/tags/v1.0.1',
      ])
      await github.pushRepository(local.path)
      expect((await object('private')).sha).toBe(head)
      expect(await github.branchHead('main')).toBe(head)
    } finally {
      await local.remove()
    }
  })

  test('contents above 1 MB come by the raw media type only', async () => {
    const { github, octokit } = await start()
    const content = `${'x'.repeat(1024 * 1024)}é`
    await github.commitToBranch('gh-pages', { 'a/index.yaml': content })
    const file = { ...at, path: 'a/index.yaml', ref: 'gh-pages' }
    const { data } = await octokit.repos.getContent(file)
    expect(data).toMatchObject({ encoding: 'none', content: '' })
    const raw = await octokit.repos.getContent({
      ...file,
      mediaType: { format: 'raw' },
    })
    // Not toBe: its report of a megabyte that differs would fill the screen.
    expect(raw.data === (content as unknown)).toBe(true)
    const blob = await octokit.git.getBlob({
      ...at,
      file_sha: (data as { sha: string }).sha,
    })
    const decoded = Buffer.from(blob.data.content, 'base64').toString()
    expect(decoded === content).toBe(true)
    const listing = await octokit.repos.getContent({ ...file, path: '' })
    expect(listing.data).toMatchObject([{ name: 'a', type: 'dir' }])
  })

  test('a file or a ref that is not there is 404', async () => {
    const { octokit } = await start()
    const file = { ...at, path: 'none' }
    expect(await refusal(octokit.repos.getContent(file))).toMatchObject({
      status: 404,
    })
    const branch = { ...at, path: 'README.md', ref: 'none' }
    expect(await refusal(octokit.repos.getContent(branch))).toMatchObject({
      status: 404,
      message: expect.stringContaining('No commit found'),
    })
    const commit = { ...at, ref: 'none' }
    expect(await refusal(octokit.repos.getCommit(commit))).toMatchObject({
      status: 422,
    })
  })

  test('lists come in pages with links', async () => {
    const { github } = await start()
    for (const tag of ['v1', 'v2', 'v3']) await github.createRelease({ tag })
    const octokit = getOctokit(github.token, { baseUrl: github.apiUrl })
    const releases = await octokit.paginate(octokit.rest.repos.listReleases, {
      ...at,
      per_page: 2,
    })
    expect(releases.map(({ tag_name }) => tag_name)).toEqual(['v3', 'v2', 'v1'])
  })

  test('the repository says who sees it and which branch is its first', async () => {
    const { github, octokit } = await start({ visibility: 'private' })
    expect((await octokit.repos.get(at)).data).toMatchObject({
      full_name: 'acme/charts',
      private: true,
      visibility: 'private',
      default_branch: 'main',
      html_url: `${github.serverUrl}/acme/charts`,
    })
  })

  test('Pages are 404 until they are switched on', async () => {
    const { github, octokit } = await start()
    expect(await refusal(octokit.repos.getPages(at))).toMatchObject({
      status: 404,
    })
    const pages = {
      html_url: 'https://acme.github.io/charts/',
      build_type: 'legacy' as const,
      source: { branch: 'gh-pages', path: '/' as const },
    }
    github.setPages(pages)
    expect((await octokit.repos.getPages(at)).data).toMatchObject(pages)
    github.setPermission('pages', 'none')
    expect(await refusal(octokit.repos.getPages(at))).toMatchObject({
      status: 403,
    })
  })
})

describe('access', () => {
  test('a token that may only read is told so, and changes nothing', async () => {
    const { github, octokit } = await start()
    github.setPermission('contents', 'read')
    expect(await refusal(draft(octokit, 'v1'))).toMatchObject({
      status: 403,
      message: 'Resource not accessible by integration',
    })
    expect(github.mutations()).toEqual([])
    expect(github.releases()).toEqual([])
  })

  test('strangers see public things and change nothing', async () => {
    const { github } = await start()
    const url = `${github.apiUrl}/repos/acme/charts`
    expect((await anonymous(url)).status).toBe(200)
    const post = await fetch(`${url}/git/blobs`, { method: 'POST', body: '{}' })
    expect(post.status).toBe(401)
    github.setVisibility('private')
    expect((await anonymous(url)).status).toBe(404)
    expect((await anonymous(`${url}/releases`)).status).toBe(404)
  })

  test('wrong credentials are 401, even for what is public', async () => {
    const { github } = await start()
    const wrong = getOctokit('wrong', { baseUrl: github.apiUrl }).rest
    expect(await refusal(wrong.repos.get(at))).toMatchObject({
      status: 401,
      message: 'Bad credentials',
    })
  })

  test('a route that is not built is no absence', async () => {
    const { octokit } = await start()
    const issues = octokit.issues.listForRepo(at)
    expect(await refusal(issues)).toMatchObject({ status: 501 })
  })
})

test('what changed something is on record, and every URL leads back here', async () => {
  const { github, octokit } = await start()
  const id = await draft(octokit, 'v1')
  await upload(octokit, { release: id, name: 'a.tgz', content: 'a' })
  await refusal(upload(octokit, { release: id, name: 'a.tgz', content: 'a' }))
  const { data } = await octokit.repos.updateRelease({
    ...at,
    release_id: id,
    draft: false,
  })
  const changes = github
    .mutations()
    .map(({ method, path }) => `${method} ${path.split('?')[0]}`)
  expect(changes).toEqual([
    'POST /api/v3/repos/acme/charts/releases',
    `POST /api/uploads/repos/acme/charts/releases/${id}/assets`,
    `PATCH /api/v3/repos/acme/charts/releases/${id}`,
  ])
  const urls = JSON.stringify(data).match(/https?:[^"]+/g) ?? []
  expect(urls.filter((url) => !url.startsWith(github.serverUrl))).toEqual([])
  expect((await anonymous(data.html_url)).status).toBe(200)
})

test('a fault comes instead of the answer', async () => {
  const { github, octokit } = await start()
  github.door.inject({
    method: 'POST',
    path: /\/releases$/,
    times: 1,
    effect: { kind: 'status', status: 502 },
  })
  expect(
    await draft(octokit, 'v1').catch((error: unknown) => error),
  ).toMatchObject({ status: 502 })
  await draft(octokit, 'v1')
  expect(github.releases()).toHaveLength(1)
})

test('a change whose answer was lost is a change; one that a fault kept away is none', async () => {
  const { github, octokit } = await start()
  const path = /\/releases$/
  github.door.inject({ path, effect: { kind: 'reset', when: 'before' } })
  // What octokit makes of a connection that broke.
  await expect(draft(octokit, 'v1')).rejects.toMatchObject({ status: 500 })
  expect(github.mutations()).toEqual([])
  github.door.inject({ path, effect: { kind: 'reset', when: 'after' } })
  await expect(draft(octokit, 'v1')).rejects.toMatchObject({ status: 500 })
  expect(github.mutations()).toMatchObject([{ method: 'POST', status: null }])
  expect(github.releases()).toHaveLength(1)
})

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { digestOf } from '../../src/digest.ts'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import { helmBinary } from '../../testing/helm.ts'
import { chartFiles, type Repository } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'
import { runOnMain, two } from './branch-setting.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

async function onMain(
  repository: Repository,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionResult> {
  return await runOnMain(world, repository, inputs)
}

/** `name version tag: statuses` of every receipt. */
function told(run: ActionResult): readonly string[] {
  const receipts = JSON.parse(run.outputs['charts'] ?? '[]') as Receipt[]
  return receipts.map(
    ({ name, version, tag, publications }) =>
      `${name} ${version} ${tag}: ${publications.map(({ status }) => status).join(' ')}`,
  )
}

async function tagCommit(name: string): Promise<string | undefined> {
  const answer = await fetch(
    `${world.github.apiUrl}/repos/example/charts/git/ref/tags/${name}`,
    { headers: { authorization: `token ${world.github.token}` } },
  )
  const { object } = (await answer.json()) as { object?: { sha: string } }
  return object?.sha
}

const all = 'published published published'
const none = 'unchanged unchanged unchanged'

describe('a run of the default branch', () => {
  test('releases every chart, each under a tag of its own at the commit', async () => {
    const repository = await world.repository(two)
    const run = await onMain(repository)
    expect(run.log).not.toContain('::error')
    expect(told(run)).toEqual([
      `one 1.0.0 one-1.0.0: ${all}`,
      `two 2.0.0 two-2.0.0: ${all}`,
    ])
    const head = await repository.head()
    expect(await tagCommit('one-1.0.0')).toBe(head)
    expect(await tagCommit('two-2.0.0')).toBe(head)
    expect(
      world.github.releases().map(({ tag, draft }) => [tag, draft]),
    ).toEqual([
      ['one-1.0.0', false],
      ['two-2.0.0', false],
    ])
    // One commit holds both entries.
    expect(
      world.github
        .mutations()
        .filter(({ path }) => path.endsWith('/git/commits')),
    ).toHaveLength(1)

    const before = world.mutations()
    const again = await onMain(repository)
    expect(told(again)).toEqual([
      `one 1.0.0 one-1.0.0: ${none}`,
      `two 2.0.0 two-2.0.0: ${none}`,
    ])
    expect(world.mutations()).toBe(before)
    expect(again.outputs['released']).toBe('false')
  })

  test('P5: leaves a version alone whose chart has changed since, and says so', async () => {
    const repository = await world.repository(two)
    await onMain(repository)
    await world.push(repository, {
      'charts/one/values.yaml': 'greeting: changed\n',
      ...chartFiles({ name: 'two', version: '2.1.0', directory: 'charts/two' }),
    })
    const run = await onMain(repository)
    expect(run.exitCode).toBe(0)
    expect(told(run)).toEqual([
      `one 1.0.0 one-1.0.0: ${none}`,
      `two 2.1.0 two-2.1.0: ${all}`,
    ])
    expect(
      run.annotations.filter(({ message }) =>
        message.includes('raise "version:"'),
      ),
    ).toEqual([
      expect.objectContaining({
        level: 'notice',
        properties: expect.objectContaining({
          file: 'charts/one/Chart.yaml',
          line: '3',
        }),
      }),
    ])
  })

  test('P4: finishes what was killed between the registry and the release', async () => {
    const repository = await world.repository(two)
    world.github.door.inject({
      method: 'PATCH',
      path: /releases\/\d+$/,
      times: 99,
      effect: { kind: 'status', status: 403 },
    })
    const first = await onMain(repository)
    expect(first.exitCode).toBe(1)
    expect(await world.registry.tags('example/charts/one')).toContain('1.0.0')
    expect(await tagCommit('one-1.0.0')).toBeUndefined()

    world.github.door.clear()
    const second = await onMain(repository)
    expect(second.exitCode).toBe(0)
    expect(told(second)).toEqual([
      'one 1.0.0 one-1.0.0: unchanged published published',
      'two 2.0.0 two-2.0.0: unchanged published published',
    ])
    expect(world.github.releases()).toHaveLength(2)
  })

  test('P4: of a later commit leaves a half-released version alone', async () => {
    const repository = await world.repository(two)
    world.github.door.inject({
      method: 'PATCH',
      path: /releases\/\d+$/,
      times: 99,
      effect: { kind: 'status', status: 403 },
    })
    await onMain(repository)
    world.github.door.clear()
    await world.push(repository, { 'charts/one/values.yaml': 'greeting: x\n' })
    const run = await onMain(repository)
    expect(run.exitCode).toBe(0)
    // The other one is still what was pushed: it is finished.
    expect(told(run)).toEqual([
      'one 1.0.0 one-1.0.0: unchanged',
      'two 2.0.0 two-2.0.0: unchanged published published',
    ])
    expect(run.log).toContain('raise "version:"')
    expect(await tagCommit('one-1.0.0')).toBeUndefined()
  })

  test('creates the tag last where there is no GitHub Release', async () => {
    const repository = await world.repository(two)
    const run = await onMain(repository, {
      'github-release': 'false',
      'pages-branch': '',
    })
    expect(run.log).not.toContain('::error')
    expect(told(run)).toEqual([
      'one 1.0.0 one-1.0.0: published',
      'two 2.0.0 two-2.0.0: published',
    ])
    expect(await tagCommit('two-2.0.0')).toBe(await repository.head())
    expect(world.github.releases()).toEqual([])
  })

  test('recognises versions that another tool has released', async () => {
    const repository = await world.repository(two, 'one-1.0.0', 'v2.0.0')
    await world.github.createRelease({
      tag: 'one-1.0.0',
      assets: [{ name: 'one-1.0.0.tgz', content: 'made by another tool' }],
    })
    await world.push(repository, { 'README.md': 'a later commit\n' })
    const run = await onMain(repository)
    // The archive cannot be read, so its content differs: left alone.
    expect(told(run)[0]).toBe('one 1.0.0 one-1.0.0: unchanged')
    // A tag that names no chart, and carries none: not this chart's.
    expect(told(run)[1]).toBe(`two 2.0.0 two-2.0.0: ${all}`)
  })

  test('on another branch says that there is no tag', async () => {
    const repository = await world.repository(two)
    const run = await world.release({
      repository,
      inputs: { 'create-tags': 'release/*', verify: 'false' },
    })
    expect(run.annotations).toEqual([
      expect.objectContaining({
        level: 'error',
        properties: expect.objectContaining({ title: 'TAG_MISSING' }),
        message: expect.stringContaining('create-tags (release/*)'),
      }),
    ])
  })
})

test('a repository that chart-releaser kept sees what it released as unchanged, and `tag` fills the gaps', async () => {
  const repository = await world.repository(two, 'one-1.0.0', 'two-2.0.0')
  const base = `${world.github.serverUrl}/example/charts/releases/download`
  const entries: string[] = []
  for (const [name, version] of [
    ['one', '1.0.0'],
    ['two', '2.0.0'],
  ] as const) {
    // As `cr` packages it: from the same files, with other times.
    const { file, content } = await packOf(repository.path, name)
    await world.github.createRelease({
      tag: `${name}-${version}`,
      assets: [{ name: file, content }],
    })
    entries.push(
      `  ${name}:\n  - apiVersion: v2\n    created: "2025-01-01T00:00:00Z"\n    digest: ${digestOf(content).slice(7)}\n    name: ${name}\n    urls:\n    - ${base}/${name}-${version}/${file}\n    version: ${version}\n`,
    )
  }
  await world.github.commitToBranch('gh-pages', {
    'index.yaml': `apiVersion: v1\nentries:\n${entries.join('')}generated: "2025-01-01T00:00:00Z"\n`,
  })
  await world.push(repository, { 'README.md': 'Now with another action\n' })
  const before = world.mutations()
  const switched = await onMain(repository)
  expect(switched.log).not.toContain('::error')
  expect(told(switched)).toEqual([
    'one 1.0.0 one-1.0.0: unchanged unchanged',
    'two 2.0.0 two-2.0.0: unchanged unchanged',
  ])
  expect(world.mutations()).toBe(before)

  await repository.checkout('one-1.0.0')
  const filled = await world.release({
    repository,
    event: 'workflow_dispatch',
    inputs: { tag: 'one-1.0.0', verify: 'false' },
  })
  expect(filled.log).not.toContain('::error')
  expect(told(filled)).toEqual([
    'one 1.0.0 one-1.0.0: published unchanged unchanged',
  ])
  // The very bytes that strangers have had all along.
  expect(filled.outputs['digest']).toBe(
    world.github.releases()[0]?.assets[0]?.digest,
  )
})

/** What `helm package` makes of a chart at this moment. */
async function packOf(
  path: string,
  name: string,
): Promise<{ readonly file: string; readonly content: Buffer }> {
  const folder = await mkdtemp(`${tmpdir()}/packed-`)
  try {
    await promisify(execFile)(await helmBinary(3), [
      'package',
      `${path}/charts/${name}`,
      '-d',
      folder,
    ])
    const [file = ''] = await readdir(folder)
    return { file, content: await readFile(`${folder}/${file}`) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import {
  chartFiles,
  type Files,
  type Repository,
} from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'
import { runOnMain, two } from './branch-setting.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

const changed: Files = { 'charts/one/values.yaml': 'greeting: changed\n' }

async function onMain(
  repository: Repository,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionResult> {
  return await runOnMain(world, repository, inputs)
}

/** `name tag: statuses` of every receipt. */
function told(run: ActionResult): readonly string[] {
  const receipts = JSON.parse(run.outputs['charts'] ?? '[]') as Receipt[]
  return receipts.map(
    ({ name, tag, publications }) =>
      `${name} ${tag}: ${publications.map(({ status }) => status).join(' ')}`,
  )
}

function said(run: ActionResult, level: string): readonly string[] {
  return run.annotations
    .filter((one) => one.level === level)
    .map(({ message }) => message)
    .filter((message) => !message.startsWith('The page of'))
}

async function index(branch = 'gh-pages'): Promise<string> {
  return String(await world.github.readBranchFile(branch, 'index.yaml'))
}

describe('runs of two commits at the same moment', () => {
  test('P5: one releases the version, the other says whose it is', async () => {
    const files = chartFiles({ name: 'one', version: '1.0.0' })
    const first = await world.repository(files)
    const second = await first.clone()
    await world.push(second, { 'one/values.yaml': 'greeting: changed\n' })
    const runs = await Promise.all([onMain(first), onMain(second)])
    const [winner, ...others] = runs.filter(({ exitCode }) => exitCode === 0)
    const loser = runs.find(({ exitCode }) => exitCode !== 0)
    expect(others).toEqual([])
    expect(told(winner as ActionResult)).toEqual([
      'one one-1.0.0: published published published',
    ])
    expect(said(loser as ActionResult, 'error').join()).toMatch(
      /Another run|is already published|another run/i,
    )
    const digest = winner?.outputs['digest']
    const manifest = await world.registry.manifest(
      'example/charts/one',
      '1.0.0',
    )
    expect(JSON.stringify(manifest)).toContain(digest)
    expect(
      await world.registry.manifest('example/charts/one', 'v1.0.0'),
    ).toEqual(manifest)
    expect(await index()).toContain(digest?.slice('sha256:'.length))
    expect(world.github.releases()).toMatchObject([
      { draft: false, assets: [{ digest }] },
    ])
    // And so it stays.
    for (const repository of [first, second])
      expect((await onMain(repository)).exitCode).toBe(0)
  }, 60_000)

  test('a run that failed leaves its draft to the next commit', async () => {
    const repository = await world.repository(two)
    world.registry.door.inject({
      method: 'PUT',
      path: /charts\/one\/manifests\//,
      times: 99,
      effect: { kind: 'status', status: 403 },
    })
    expect((await onMain(repository)).exitCode).toBe(1)
    expect(world.github.releases()).toContainEqual(
      expect.objectContaining({ tag: 'one-1.0.0', draft: true }),
    )
    world.registry.door.clear()
    await world.push(repository, changed)
    const run = await onMain(repository)
    expect(said(run, 'error')).toEqual([])
    expect(told(run)).toEqual([
      'one one-1.0.0: published published published',
      expect.stringMatching(/^two two-2\.0\.0: (?:un|pub)/),
    ])
  }, 60_000)
})

describe('a version that another commit has released', () => {
  test('and that is missing in the index is told', async () => {
    const repository = await world.repository(two)
    world.github.door.inject({
      method: 'POST',
      path: /\/git\/trees$/,
      times: 99,
      effect: { kind: 'status', status: 403 },
    })
    expect((await onMain(repository)).exitCode).toBe(1)
    world.github.door.clear()
    await world.push(repository, { 'README.md': 'Charts\n' })
    const run = await onMain(repository)
    expect(run.exitCode).toBe(0)
    expect(told(run)).toEqual([
      'one one-1.0.0: unchanged unchanged',
      'two two-2.0.0: unchanged unchanged',
    ])
    expect(said(run, 'notice')).toEqual([
      expect.stringMatching(
        /^one 1\.0\.0 counts .* not in gh-pages\/index\.yaml\. .*\(tag: one-1\.0\.0\)/,
      ),
      expect.stringContaining('two 2.0.0 counts as released'),
    ])
  }, 60_000)

  test('and whose entry leads nowhere keeps no other chart back', async () => {
    const repository = await world.repository(two)
    await onMain(repository, { registries: '' })
    const release = world.github
      .releases()
      .find(({ tag }) => tag === 'one-1.0.0')
    await fetch(
      `${world.github.apiUrl}/repos/example/charts/releases/${release?.id}`,
      {
        method: 'DELETE',
        headers: { authorization: `token ${world.github.token}` },
      },
    )
    await world.push(repository, {
      ...changed,
      ...chartFiles({ name: 'two', version: '2.1.0', directory: 'charts/two' }),
    })
    const run = await onMain(repository)
    expect(run.exitCode).toBe(0)
    expect(told(run)).toContain('two two-2.1.0: published published published')
    expect(said(run, 'warning').join()).toContain('cannot be compared')
  })

  test('under a tag that another chart has is not mixed with it', async () => {
    const repository = await world.repository({
      ...two,
      ...chartFiles({ name: 'two', version: '0.9.0', directory: 'charts/two' }),
    })
    const template = { 'tag-format': 'v{version}' }
    await onMain(repository, template)
    await world.push(
      repository,
      chartFiles({ name: 'two', version: '1.0.0', directory: 'charts/two' }),
    )
    const run = await onMain(repository, template)
    expect(told(run)).toEqual([
      'one v1.0.0: unchanged unchanged unchanged',
      'two v1.0.0: ',
    ])
    expect(said(run, 'notice').join()).toContain('raise "version:"')
    expect(
      world.github.releases().find(({ tag }) => tag === 'v1.0.0')?.assets,
    ).toMatchObject([{ name: 'one-1.0.0.tgz' }])
  })

  test('is no other version because an application’s tag is at this commit', async () => {
    const repository = await world.repository(two)
    await onMain(repository)
    await world.push(repository, changed, 'v1.0.0')
    const run = await onMain(repository)
    expect(run.exitCode).toBe(0)
    expect(told(run)).toEqual([
      'one one-1.0.0: unchanged unchanged unchanged',
      'two two-2.0.0: unchanged unchanged unchanged',
    ])
  })
})

describe('a pull request for the index', () => {
  const proposing = { 'pages-pull-request': 'true' }

  test('keeps what an earlier run proposed, packages too, until it is merged', async () => {
    await world.github.commitToBranch('gh-pages', { 'README.md': 'Hello\n' })
    const repository = await world.repository(two)
    const inputs = { ...proposing, 'pages-packages': 'pages' }
    await onMain(repository, inputs)
    await world.push(
      repository,
      chartFiles({ name: 'two', version: '2.1.0', directory: 'charts/two' }),
    )
    const run = await onMain(repository, inputs)
    expect(said(run, 'error')).toEqual([])
    expect(world.github.pulls()).toHaveLength(1)
    await world.github.mergePull(1)
    for (const line of ['version: 1.0.0', 'version: 2.0.0', 'version: 2.1.0'])
      expect(await index()).toContain(line)
    expect(await world.github.listBranchFiles('gh-pages')).toEqual(
      expect.arrayContaining([
        'one-1.0.0.tgz',
        'two-2.0.0.tgz',
        'two-2.1.0.tgz',
      ]),
    )
  })

  test('P2: without a branch to merge into stops before anything is published', async () => {
    const repository = await world.repository(two)
    const run = await onMain(repository, proposing)
    expect(said(run, 'error')).toEqual([
      expect.stringContaining('There is no branch gh-pages'),
    ])
    expect(world.github.releases()).toEqual([])
    expect(await world.registry.tags('example/charts/one')).toEqual([])
  })
})

test('P2: somebody else’s file of that name on the branch stops everything', async () => {
  await world.github.commitToBranch('gh-pages', { 'one-1.0.0.tgz': 'theirs' })
  const repository = await world.repository(two)
  const run = await onMain(repository, { 'pages-packages': 'pages' })
  expect(said(run, 'error').join()).toContain(
    'one-1.0.0.tgz is on the branch already with other bytes',
  )
  expect(world.github.releases()).toEqual([])
  expect(await world.registry.tags('example/charts/one')).toEqual([])
})

test('P3: one package that cannot be downloaded keeps only itself out of the index', async () => {
  const repository = await world.repository(two)
  world.github.door.inject({
    method: 'GET',
    path: /releases\/download\/two-/,
    times: 99,
    effect: { kind: 'status', status: 404 },
  })
  const run = await onMain(repository)
  expect(run.exitCode).toBe(1)
  expect(told(run)).toEqual([
    'one one-1.0.0: published published published',
    'two two-2.0.0: published published failed',
  ])
  expect(await index()).not.toContain('two')
}, 60_000)

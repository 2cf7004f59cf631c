import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { existsSync } from 'node:fs'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import { chartFiles, type Repository } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

const quick = { verify: 'false' }

/** As on a pull request from a fork: the token may only read. */
async function onPullRequest(
  repository: Repository,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionResult> {
  world.github.setPermission('contents', 'read')
  world.github.setPermission('pages', 'none')
  try {
    return await world.release({
      repository,
      event: 'pull_request',
      inputs: { 'dry-run': 'true', 'registry-credentials': '', ...inputs },
      environment: { GITHUB_REF: 'refs/pull/7/merge' },
    })
  } finally {
    world.github.setPermission('contents', 'write')
    world.github.setPermission('pages', 'write')
  }
}

function statuses(run: ActionResult): readonly string[] {
  const [receipt] = JSON.parse(run.outputs['charts'] ?? '[]') as Receipt[]
  return (receipt?.publications ?? []).map(({ status }) => status)
}

describe('a dry run', () => {
  test('of a new version says what would be published, and publishes nothing', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const before = world.mutations()
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: { 'dry-run': 'true' },
    })
    expect(run.log).not.toContain('::error')
    expect(statuses(run)).toEqual(['planned', 'planned', 'planned'])
    expect(world.mutations()).toBe(before)
    expect(run.outputs).toMatchObject({ released: 'false', name: 'demo' })
    expect(existsSync(run.outputs['package'] ?? '')).toBe(true)
    expect(run.summary).toContain('would be')
  })

  test('on a pull request needs no tag and no right to write', async () => {
    const repository = await world.repository(chartFiles())
    const before = world.mutations()
    const run = await onPullRequest(repository)
    expect(run.log).not.toContain('::error')
    // A stranger cannot tell a private package from one that is not there.
    expect(statuses(run)).toEqual(['unknown', 'planned', 'planned'])
    expect(world.mutations()).toBe(before)
  })

  test('on a pull request warns, at the line, of a version that is taken', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    await world.release({ repository, tag: 'v1.2.3', inputs: quick })
    await world.push(repository, { 'demo/values.yaml': 'greeting: changed\n' })
    const run = await onPullRequest(repository)
    expect(run.exitCode).toBe(0)
    expect(statuses(run)).toEqual(['conflict', 'conflict', 'conflict'])
    expect(run.annotations.filter(({ level }) => level === 'warning')).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(
          'raise "version:" in demo/Chart.yaml, line 3',
        ),
        properties: expect.objectContaining({
          file: 'demo/Chart.yaml',
          line: '3',
        }),
      }),
    ])
  })

  test('on a pull request that leaves the chart alone finds it unchanged', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    await world.release({ repository, tag: 'v1.2.3', inputs: quick })
    await world.push(repository, { 'README.md': 'hello\n' })
    const run = await onPullRequest(repository)
    expect(run.exitCode).toBe(0)
    expect(statuses(run)).toEqual(['unchanged', 'unchanged', 'unchanged'])
  })

  test('elsewhere fails for a version that is taken', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    await world.release({ repository, tag: 'v1.2.3', inputs: quick })
    await world.push(repository, { 'demo/values.yaml': 'greeting: changed\n' })
    const run = await world.release({
      repository,
      inputs: { 'dry-run': 'true' },
    })
    expect(
      run.annotations
        .filter(({ level }) => level === 'error')
        .map(({ properties }) => properties['title']),
    ).toEqual(['VERSION_CONFLICT'])
  })

  test('annotates the files that lint complains about', async () => {
    const repository = await world.repository({
      ...chartFiles(),
      'demo/templates/broken.yaml': '{{ .Values.a.b | required "x" \n',
    })
    const run = await onPullRequest(repository)
    expect(run.exitCode).toBe(1)
    expect(run.annotations).toContainEqual(
      expect.objectContaining({
        level: 'error',
        properties: expect.objectContaining({
          title: 'LINT_FAILED',
          file: expect.stringContaining('demo/'),
        }),
      }),
    )
  })

  test('of create-tags tells which tags there would be', async () => {
    const repository = await world.repository(chartFiles())
    const run = await world.release({
      repository,
      inputs: { 'dry-run': 'true', 'create-tags': 'true' },
    })
    const [receipt] = JSON.parse(run.outputs['charts'] ?? '[]') as Receipt[]
    expect(receipt).toMatchObject({ name: 'demo', tag: 'demo-1.2.3' })
    expect(statuses(run)).toEqual(['planned', 'planned', 'planned'])
  })
})

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import { chartFiles, type Repository } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

let world: LoopbackWorld
let repository: Repository

beforeEach(async () => {
  world = await startWorld()
  repository = await world.repository(
    chartFiles({ version: '1.4.0+build.5' }),
    'v1.4.0+build.5',
  )
})
afterEach(async () => {
  await world.close()
})

async function release(
  inputs: Readonly<Record<string, string>>,
): Promise<ActionResult> {
  return await world.release({ repository, tag: 'v1.4.0+build.5', inputs })
}

function pagesOf(run: ActionResult): Receipt['publications'][number] {
  const [receipt] = JSON.parse(run.outputs['charts'] ?? '[]') as Receipt[]
  const found = receipt?.publications.find(({ channel }) => channel === 'pages')
  if (found === undefined) throw new Error('there is no pages publication')
  return found
}

async function urlsOf(file = 'index.yaml'): Promise<readonly string[]> {
  const index = parse(
    String(await world.github.readBranchFile('gh-pages', file)),
  ) as { entries: Record<string, { urls: string[] }[]> }
  return Object.values(index.entries).flatMap((entries) =>
    entries.flatMap(({ urls }) => urls),
  )
}

describe('the Helm repository', () => {
  test('P1: may hold the packages itself, in the same commit', async () => {
    const run = await release({
      'pages-packages': 'pages',
      'github-release': 'false',
    })
    expect(run.log).not.toContain('::error')
    expect(pagesOf(run)).toMatchObject({
      status: 'published',
      verified: 'installable',
      digest: run.outputs['digest'],
    })
    expect(await urlsOf()).toEqual(['demo-1.4.0%2Bbuild.5.tgz'])
    expect(await world.github.listBranchFiles('gh-pages')).toEqual([
      '.nojekyll',
      'demo-1.4.0+build.5.tgz',
      'index.html',
      'index.yaml',
      'landing-page.json',
    ])
    expect(
      world.github
        .mutations()
        .filter(({ path: at }) => at.endsWith('/git/commits')),
    ).toHaveLength(1)

    const before = world.mutations()
    const again = await release({
      'pages-packages': 'pages',
      'github-release': 'false',
    })
    expect(pagesOf(again)).toMatchObject({
      status: 'unchanged',
      verified: 'installable',
    })
    expect(world.mutations()).toBe(before)
  })

  test('P1: may point at the registry', async () => {
    const run = await release({
      'pages-packages': 'oci',
      'github-release': 'false',
    })
    expect(run.log).not.toContain('::error')
    expect(pagesOf(run)).toMatchObject({
      status: 'published',
      verified: 'installable',
    })
    expect(await urlsOf()).toEqual([
      `oci://${world.registryPath}/demo:1.4.0_build.5`,
    ])
    const before = world.mutations()
    const again = await release({
      'pages-packages': 'oci',
      'github-release': 'false',
    })
    expect(pagesOf(again)).toMatchObject({ status: 'unchanged' })
    expect(world.mutations()).toBe(before)
  })

  test('P6: may lie in a folder, beside a CNAME and another tool’s files', async () => {
    const others = {
      CNAME: 'charts.example.com\n',
      'index.html': '<title>Ours</title>\n',
      'charts/README.md': 'Hello\n',
      'charts/index.yaml':
        'apiVersion: v1\nentries:\n  other:\n    - name: other\n      version: 0.1.0\n      urls:\n        - https://example.com/other-0.1.0.tgz\n',
    }
    await world.github.commitToBranch('gh-pages', others)
    const run = await release({
      'pages-directory': 'charts',
      'pages-packages': 'pages',
    })
    expect(run.log).not.toContain('::error')
    expect(pagesOf(run)).toMatchObject({
      target: `${world.pages.url}/charts/index.yaml`,
      verified: 'installable',
    })
    for (const file of ['CNAME', 'index.html', 'charts/README.md'] as const)
      expect(String(await world.github.readBranchFile('gh-pages', file))).toBe(
        others[file],
      )
    expect(await urlsOf('charts/index.yaml')).toEqual(
      expect.arrayContaining([
        'https://example.com/other-0.1.0.tgz',
        'demo-1.4.0%2Bbuild.5.tgz',
      ]),
    )
  })

  test('may be proposed in a pull request: one, which a re-run finds again', async () => {
    await world.github.commitToBranch('gh-pages', { 'README.md': 'Hello\n' })
    const first = await release({ 'pages-pull-request': 'true' })
    expect(first.log).not.toContain('::error')
    expect(pagesOf(first)).toMatchObject({
      status: 'proposed',
      verified: 'pending',
      detail: expect.stringContaining('/pull/1'),
    })
    expect(await world.github.listBranchFiles('gh-pages')).toEqual([
      'README.md',
    ])
    const before = world.mutations()
    const second = await release({ 'pages-pull-request': 'true' })
    expect(pagesOf(second)).toMatchObject({ status: 'proposed' })
    expect(world.mutations()).toBe(before)
    expect(world.github.pulls()).toHaveLength(1)

    await world.github.mergePull(1)
    const third = await release({ 'pages-pull-request': 'true' })
    expect(pagesOf(third)).toMatchObject({
      status: 'unchanged',
      verified: 'installable',
    })
    expect(world.mutations()).toBe(before)
  })
})

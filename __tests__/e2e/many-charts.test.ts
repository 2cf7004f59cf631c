import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import { createHelmSpy } from '../../testing/helm-spy.ts'
import { chartFiles, type Files } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

const quick = { verify: 'false' }

function receiptsOf(run: ActionResult): readonly Receipt[] {
  return JSON.parse(run.outputs['charts'] ?? '[]') as Receipt[]
}

describe('a tag that names no chart', () => {
  test('releases every chart at its version in one release and one commit', async () => {
    const repository = await world.repository(
      {
        ...chartFiles({ name: 'one' }),
        ...chartFiles({ name: 'two' }),
        ...chartFiles({ name: 'old', version: '1.0.0' }),
      },
      'v1.2.3',
    )
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: quick,
    })
    expect(run.log).not.toContain('::error')
    expect(receiptsOf(run).map(({ name }) => name)).toEqual(['one', 'two'])
    expect(run.summary).toContain('old')
    expect(run.log).toContain('old is left out: it is at version 1.0.0')
    const [release] = world.github.releases()
    expect(release?.assets.map(({ name }) => name)).toEqual([
      'one-1.2.3.tgz',
      'two-1.2.3.tgz',
    ])
    expect(
      world.github
        .mutations()
        .filter(({ path: at }) => at.endsWith('/git/commits')),
    ).toHaveLength(1)
    const index = parse(
      String(await world.github.readBranchFile('gh-pages', 'index.yaml')),
    ) as { entries: Record<string, unknown> }
    expect(Object.keys(index.entries)).toEqual(['one', 'two'])

    const before = world.mutations()
    await world.release({ repository, tag: 'v1.2.3', inputs: quick })
    expect(world.mutations()).toBe(before)
  })

  test('P2: with one chart that cannot be packaged publishes none, and names each fault', async () => {
    const broken = '{{ .Values.missing.key | required "x" \n'
    const repository = await world.repository(
      {
        ...chartFiles({ name: 'one' }),
        ...chartFiles({ name: 'two' }),
        'two/templates/broken.yaml': broken,
        ...chartFiles({ name: 'three' }),
        'three/templates/broken.yaml': broken,
      },
      'v1.2.3',
    )
    const before = world.mutations()
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: quick,
    })
    expect(
      run.annotations
        .filter(({ level }) => level === 'error')
        .map(({ properties }) => properties['title']),
    ).toEqual(['LINT_FAILED', 'LINT_FAILED'])
    expect(world.mutations()).toBe(before)
  })

  test('P4: one chart’s failure is told for that chart, nothing is half done, and a re-run ends it', async () => {
    const repository = await world.repository(
      { ...chartFiles({ name: 'one' }), ...chartFiles({ name: 'two' }) },
      'v1.2.3',
    )
    world.registry.door.inject({
      method: 'PUT',
      path: /charts\/two\/manifests\//,
      times: 99,
      effect: { kind: 'status', status: 400 },
    })
    const first = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: quick,
    })
    expect(first.exitCode).toBe(1)
    expect(
      receiptsOf(first).map(({ name, publications }) => [
        name,
        publications.map(({ status }) => status),
      ]),
    ).toEqual([
      ['one', ['published', 'failed', 'failed']],
      ['two', ['failed', 'failed', 'failed']],
    ])
    // The release of the tag is whole or not there at all.
    expect(world.github.releases().every(({ draft }) => draft)).toBe(true)
    expect(await world.github.branchHead('gh-pages')).toBeNull()

    world.registry.door.clear()
    const second = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: quick,
    })
    expect(second.exitCode).toBe(0)
    expect(world.github.releases()).toHaveLength(1)
    expect(
      receiptsOf(second).map(({ publications }) =>
        publications.map(({ status }) => status),
      ),
    ).toEqual([
      ['unchanged', 'published', 'published'],
      ['published', 'published', 'published'],
    ])
  })

  test('releases charts that depend on each other, and library charts', async () => {
    const repository = await world.repository(
      {
        ...chartFiles({
          name: 'app',
          directory: 'charts/app',
          extra:
            'dependencies:\n  - name: common\n    version: 1.2.3\n    repository: file://../common\n',
        }),
        'charts/common/Chart.yaml': (
          chartFiles({ name: 'common' })['common/Chart.yaml'] ?? ''
        ).replace('application', 'library'),
        'charts/common/templates/_helpers.tpl': '{{- define "x" }}{{ end }}\n',
      },
      'v1.2.3',
    )
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: quick,
    })
    expect(run.log).not.toContain('::error')
    expect(receiptsOf(run).map(({ name }) => name)).toEqual(['app', 'common'])
  })
})

const corpus = path.resolve(import.meta.dirname, '../../../shared/corpus/pcp')

describe('two charts, one of them at the tag’s version', () => {
  const files = async (): Promise<Files> => {
    const chartFile = async (
      name: string,
      version: string,
    ): Promise<string> => {
      const file = path.join(corpus, name, 'Chart.yaml')
      return existsSync(file)
        ? (await readFile(file, 'utf8')).replace(
            /^version:.*$/m,
            `version: ${version}`,
          )
        : (chartFiles({ name, version })[`${name}/Chart.yaml`] ?? '')
    }
    return {
      ...chartFiles({ name: 'pcp' }),
      'pcp/Chart.yaml': await chartFile('pcp', '1.0.1'),
      ...chartFiles({ name: 'archive-analysis' }),
      'archive-analysis/Chart.yaml': await chartFile(
        'archive-analysis',
        '1.0.0',
      ),
    }
  }

  test('the other is named as left out, with its version', async () => {
    const repository = await world.repository(await files(), 'v1.0.1')
    const run = await world.release({
      repository,
      tag: 'v1.0.1',
      inputs: quick,
    })
    expect(run.log).not.toContain('::error')
    expect(receiptsOf(run).map(({ name }) => name)).toEqual(['pcp'])
    expect(run.log).toMatch(/archive-analysis is left out: .*1\.0\.0/)
    expect(run.summary).toMatch(/archive.*analysis.*1\.0\.0/s)
  })

  test('with version-from: tag both are released', async () => {
    const repository = await world.repository(await files(), 'v1.0.1')
    const run = await world.release({
      repository,
      tag: 'v1.0.1',
      inputs: { ...quick, 'version-from': 'tag' },
    })
    expect(run.log).not.toContain('::error')
    expect(
      receiptsOf(run).map(({ name, version }) => `${name} ${version}`),
    ).toEqual(['archive-analysis 1.0.1', 'pcp 1.0.1'])
  })
})

test('forty charts in one branch run: one commit on pages, and no limit of GitHub passed', async () => {
  const names = Array.from(
    { length: 40 },
    (_, at) => `chart-${String(at + 1).padStart(2, '0')}`,
  )
  const repository = await world.repository(
    Object.assign(
      {},
      ...names.map((name) => chartFiles({ name, directory: `charts/${name}` })),
    ) as Files,
  )
  const spy = await createHelmSpy()
  try {
    const run = await world.release({
      repository,
      inputs: { 'create-tags': 'true' },
      paths: [spy.folder],
      hurry: 100,
    })
    expect(run.log).not.toContain('::error')
    expect(receiptsOf(run)).toHaveLength(40)
    for (const { publications } of receiptsOf(run))
      expect(publications.map(({ verified }) => verified)).toEqual([
        'installable',
        'installable',
        'installable',
      ])
    expect(await spy.mostAtOnce()).toBeLessThanOrEqual(8)
  } finally {
    await spy.remove()
  }
  const commits = world.github
    .mutations()
    .filter(({ path: at }) => at.endsWith('/git/commits'))
  expect(commits).toHaveLength(1)
  // A job's token has 1,000 requests an hour, and 500 that create something.
  const asked = world.github.door.requests.filter(({ path: at }) =>
    at.startsWith('/api/'),
  )
  expect(asked.length).toBeLessThan(1000)
  expect(world.github.mutations().length).toBeLessThan(500)
})

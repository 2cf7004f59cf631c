import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  type ChartCollection,
  collectCharts,
} from '../../src/charts/collect.ts'

const rules = { strictVersion: true, lint: true }
let root: string
let workspace: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'collect-'))
  workspace = path.join(root, 'workspace')
  await mkdir(workspace)
})
afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

async function add(file: string, text: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(path.join(workspace, file)), { recursive: true })
  await writeFile(path.join(workspace, file), text)
}

async function collect(from = workspace): Promise<ChartCollection> {
  return await collectCharts({ workspace: from, patterns: [], rules })
}

const good = 'apiVersion: v2\nname: good\nversion: 1.0.0\n'

test('a chart that cannot be read does not hide the others', async () => {
  await add('a/Chart.yaml', good)
  await add('b/Chart.yaml', good.replace('good', 'bad').replace('1.0', 'v1.0'))
  await add('c/Chart.yaml', 'name: [')
  const { charts, unreadable } = await collect()
  expect(charts.map(({ directory }) => directory)).toEqual(['a'])
  expect(unreadable).toMatchObject([
    { directory: 'b', name: 'bad', version: 'v1.0.0' },
    { directory: 'c', name: 'c', error: { code: 'CHART_INVALID' } },
  ])
})

test('a byte order mark is accepted, and a lock is seen', async () => {
  await add('a/Chart.yaml', `\ufeff${good}`)
  await add('a/Chart.lock', '')
  const { charts } = await collect()
  expect(charts).toMatchObject([{ name: 'good', locked: true }])
})

test('old charts have requirements.yaml and requirements.lock', async () => {
  await add('a/Chart.yaml', good.replace('v2', 'v1'))
  await add('a/requirements.yaml', 'dependencies: [{name: x, version: 1.0.0}]')
  await add('a/requirements.lock', '')
  const { charts } = await collect()
  expect(charts).toMatchObject([
    { locked: true, dependencies: [{ name: 'x', version: '1.0.0' }] },
  ])
})

describe('P11: a Chart.yaml is refused', () => {
  test.each([
    ['over 1 MiB', `${good}#${'x'.repeat(1024 * 1024)}\n`, 'bytes'],
    ['that is no UTF-8', Buffer.from([0xc3, 0x28]), 'UTF-8'],
  ])('%s', async (_, text, why) => {
    await add('a/Chart.yaml', text)
    const { unreadable } = await collect()
    expect(unreadable).toMatchObject([
      { error: { code: 'CHART_INVALID', at: { file: 'a/Chart.yaml' } } },
    ])
    expect(unreadable[0]?.error.message).toContain(why)
  })

  test.each(['../../secret', '../.git/config'])(
    'that is a link to %s',
    async (target) => {
      await writeFile(path.join(root, 'secret'), good)
      await add('.git/config', good)
      await mkdir(path.join(workspace, 'a'))
      await symlink(target, path.join(workspace, 'a', 'Chart.yaml'))
      const { charts, unreadable } = await collect()
      expect(charts).toEqual([])
      expect(unreadable[0]?.error.message).toContain('leads out')
    },
  )
})

const corpus = path.resolve(import.meta.dirname, '../../../shared/corpus')
if (existsSync(corpus))
  describe('real repositories', () => {
    test('both charts of performancecopilot/helm-charts at v1.0.1', async () => {
      const { charts } = await collect(path.join(corpus, 'pcp', 'v1.0.1'))
      expect(
        charts.map(({ name, version, appVersion }) => [
          name,
          version,
          appVersion,
        ]),
      ).toEqual([
        ['archive-analysis', '1.0.0', 'latest'],
        ['pcp', '1.0.1', 'latest'],
      ])
    })

    test.each([
      ['bjw-s-labs__helm-charts', ['common', 'app-template']],
      ['metallb__metallb', ['metallb']],
      ['helm__charts', ['istio', 'hazelcast']],
    ])('%s', async (repository, names) => {
      const { charts } = await collect(path.join(corpus, 'charts', repository))
      expect(charts.map(({ name }) => name)).toEqual(names)
    })

    test('aws/eks-charts: a v before the version, a number as appVersion', async () => {
      const { unreadable } = await collect(
        path.join(corpus, 'charts', 'aws__eks-charts'),
      )
      const messages = unreadable.map(({ error }) => error.message)
      expect(messages[0]).toContain('Write "version: 0.5.30"')
      expect(messages[1]).toContain('Put the value in quotes')
    })
  })

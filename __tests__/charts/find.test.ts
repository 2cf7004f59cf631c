import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findCharts } from '../../src/charts/find.ts'

let root: string
let workspace: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'find-'))
  workspace = path.join(root, 'workspace')
  await mkdir(workspace)
})
afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

async function addCharts(...directories: readonly string[]): Promise<void> {
  for (const directory of directories) {
    await mkdir(path.join(workspace, directory), { recursive: true })
    await writeFile(path.join(workspace, directory, 'Chart.yaml'), '')
  }
}

describe('found by itself', () => {
  test('are the charts up to three folders down', async () => {
    await addCharts('a', 'charts/b', 'x/y/c', 'x/y/z/too-deep')
    expect(await findCharts(workspace, [])).toEqual(['a', 'charts/b', 'x/y/c'])
  })

  test('is a chart at the root, and nothing below it', async () => {
    await addCharts('.', 'charts/dependency', 'other')
    expect(await findCharts(workspace, [])).toEqual(['.'])
  })

  test('is no chart of a dependency, however deep, also of a broken chart', async () => {
    await addCharts('a', 'a/charts/b', 'a/other')
    expect(await findCharts(workspace, [])).toEqual(['a'])
  })

  test.each([
    '.hidden',
    'node_modules',
    'vendor',
    'third_party',
    'test',
    'tests',
    'testing',
    'test-chart',
    'testdata',
    'fixtures',
    'e2e',
    'ci',
    'hack',
    'docs',
    'examples',
    'example',
    'samples',
  ])('is nothing in %s', async (folder) => {
    await addCharts(folder, `src/${folder}/a`, 'contest')
    expect(await findCharts(workspace, [])).toEqual(['contest'])
  })

  test('is nothing behind a link to a directory', async () => {
    await addCharts('a')
    await symlink('.', path.join(workspace, 'loop'))
    await symlink('a', path.join(workspace, 'again'))
    expect(await findCharts(workspace, [])).toEqual(['a'])
  })

  test('is nothing: CHART_NOT_FOUND says where it looked', async () => {
    await expect(findCharts(workspace, [])).rejects.toMatchObject({
      code: 'CHART_NOT_FOUND',
      message: expect.stringContaining(workspace),
    })
  })
})

describe('given', () => {
  test('are directories and globs, each chart once', async () => {
    await addCharts('charts/a', 'charts/b', 'test/c')
    expect(
      await findCharts(workspace, ['test/c', 'charts/*', 'charts/a']),
    ).toEqual(['charts/a', 'charts/b', 'test/c'])
  })

  test('a glob matches no dependency, node_modules or dot folder', async () => {
    await addCharts('a', 'a/charts/b', 'node_modules/c', '.d/e', 'x/y/z/v/f')
    expect(await findCharts(workspace, ['**'])).toEqual(['a', 'x/y/z/v/f'])
    expect(await findCharts(workspace, ['.d/*'])).toEqual(['.d/e'])
  })

  test('a directory inside another chart is taken when it is named', async () => {
    await addCharts('a', 'a/charts/b')
    expect(await findCharts(workspace, ['a/charts/b'])).toEqual(['a/charts/b'])
  })

  test.each(['missing', 'empty', 'none/*'])(
    '%s is CHART_NOT_FOUND, naming it',
    async (pattern) => {
      await addCharts('a')
      await mkdir(path.join(workspace, 'empty'))
      await expect(findCharts(workspace, [pattern])).rejects.toMatchObject({
        code: 'CHART_NOT_FOUND',
        message: expect.stringContaining(`"${pattern}"`),
      })
    },
  )

  test.each(['link', 'lin?', '../outside'])(
    'P11: %s that leads out of the workspace is INPUT_INVALID',
    async (pattern) => {
      await mkdir(path.join(root, 'outside'))
      await writeFile(path.join(root, 'outside', 'Chart.yaml'), '')
      await symlink('../outside', path.join(workspace, 'link'))
      await expect(findCharts(workspace, [pattern])).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining('charts:'),
      })
    },
  )
})

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readArchive } from '../../src/package/archive.ts'
import { packageChart } from '../../src/package/package.ts'
import type { HelmMajor } from '../../testing/helm.ts'
import {
  chartAt,
  chartFiles,
  exec,
  helmIn,
  inFolder,
  keepLog,
  writeFiles,
} from '../helm/fixtures.ts'

/** Packages `charts/demo` of a workspace: the paths in the archive. */
async function build(
  folder: string,
  files: Readonly<Record<string, string>>,
  major: HelmMajor = 4,
): Promise<readonly string[]> {
  const workspace = path.join(folder, 'work space')
  await writeFiles(workspace, files)
  const { helm, home } = await helmIn(folder, major)
  const chart = chartAt('charts/demo')
  const built = await packageChart({
    release: { chart, version: chart.version },
    workspace,
    helm,
    helmHome: home,
    exec,
    log: keepLog(),
    dependencies: 'build',
    lint: 'false',
    commitTime: new Date('2026-02-03T04:05:06Z'),
    stagingRoot: path.join(folder, 'staging'),
    destination: path.join(folder, 'packages'),
    fromStranger: false,
    logins: [],
  })
  return [...(await readArchive(await readFile(built.path))).keys()]
}

interface Dependency {
  readonly name: string
  readonly version: string
  readonly repository: string
}

const lib = (repository: string): Dependency => ({
  name: 'lib',
  version: '1.2.3',
  repository,
})

/** A lock with the checksum that Helm wants to see, of whatever it names. */
function lockOf(named: Dependency, locked: Dependency): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([[named], [locked]]))
    .digest('hex')
  return `dependencies:\n- name: ${locked.name}\n  repository: ${JSON.stringify(locked.repository)}\n  version: ${locked.version}\ndigest: sha256:${digest}\ngenerated: "2026-01-01T00:00:00Z"\n`
}

const dependsOn = ({ name, version, repository }: Dependency): string =>
  `dependencies:\n- name: ${name}\n  version: ${version}\n  repository: ${repository}\n`

describe.each([4, 3] as const)('Helm %i', (major: HelmMajor) => {
  // Each leads Helm out of the workspace, and other parsers elsewhere.
  const disguises: Readonly<Record<string, string>> = {
    'a key with a capital': 'Repository: OUTSIDE',
    'a key with a long s': 'repo\u017fitory: OUTSIDE',
    'two keys that are one':
      'repository: file://../lib\n  repo\u017fitory: OUTSIDE',
    'a merge key behind': 'repository: file://../lib\n  <<: *outside',
    'a merge key with a tag': '! "<<": *outside',
    'a value in base64': 'repository: !!binary BASE64',
    'a line break of Unicode':
      'repository: file://../lib # see\u2028  repository: OUTSIDE',
    'a lone carriage return':
      'repository: file://../lib # see\r  repository: OUTSIDE',
  }
  test.each(Object.entries(disguises))(
    'P11: a file:// dependency is one, also behind %s',
    async (_, yaml) => {
      await inFolder(async (folder) => {
        await writeFiles(folder, chartFiles('beyond/lib'))
        const outside = `file://${path.join(folder, 'beyond', 'lib')}`
        const text = yaml
          .replace('OUTSIDE', JSON.stringify(outside))
          .replace('BASE64', Buffer.from(outside).toString('base64'))
        const files = {
          ...chartFiles('charts/demo', {
            yaml: `x: &outside {repository: ${JSON.stringify(outside)}}\ndependencies:\n- name: lib\n  version: 1.2.3\n  ${text}\n`,
          }),
          ...chartFiles('charts/lib'),
        }
        await expect(build(folder, files, major)).rejects.toMatchObject({
          code: 'CHART_INVALID',
          message: expect.stringContaining('absolute path'),
        })
      })
    },
  )

  test('P11: dependencies that only Helm sees are not fetched', async () => {
    await inFolder(async (folder) => {
      await writeFiles(folder, chartFiles('beyond/lib'))
      const outside = path.join(folder, 'beyond', 'lib')
      const yaml = `# see\u2028dependencies: [{name: lib, version: 1.2.3, repository: "file://${outside}"}]\n`
      await expect(
        build(folder, chartFiles('charts/demo', { yaml }), major),
      ).rejects.toMatchObject({
        code: 'HELM_FAILED',
        message: expect.stringContaining('missing in charts/'),
      })
    })
  })

  test.each(['absolutely', 'relatively'])(
    'P11: a lock that leads out of the workspace %s is CHART_INVALID',
    async (how) => {
      await inFolder(async (folder) => {
        await writeFiles(folder, chartFiles('beyond/lib'))
        const outside =
          how === 'absolutely'
            ? `file://${path.join(folder, 'beyond', 'lib')}`
            : 'file://../../../../beyond/lib'
        const named = lib('file://../lib')
        const files = {
          ...chartFiles('charts/demo', { yaml: dependsOn(named) }),
          ...chartFiles('charts/lib'),
          'charts/demo/Chart.lock': lockOf(named, lib(outside)),
        }
        await expect(build(folder, files, major)).rejects.toMatchObject({
          code: 'CHART_INVALID',
        })
      })
    },
  )

  test('a lock that stays inside is honoured', async () => {
    await inFolder(async (folder) => {
      const named = lib('file://../lib')
      const built = await build(
        folder,
        {
          ...chartFiles('charts/demo', { yaml: dependsOn(named) }),
          ...chartFiles('charts/lib'),
          'charts/demo/Chart.lock': lockOf(named, named),
        },
        major,
      )
      expect(built).toContain('demo/charts/lib/Chart.yaml')
    })
  })

  test('a lock of yesterday is told by Helm', async () => {
    await inFolder(async (folder) => {
      const files = {
        ...chartFiles('charts/demo', {
          yaml: dependsOn(lib('file://../lib')),
        }),
        ...chartFiles('charts/lib'),
        'charts/demo/Chart.lock': lockOf(
          lib('file://../gone'),
          lib('file://../gone'),
        ),
      }
      await expect(build(folder, files, major)).rejects.toMatchObject({
        code: 'DEPENDENCY_FAILED',
        message: expect.stringContaining('out of sync'),
      })
    })
  })
})

test('P11: a dependency with a Chart.yaml of 100 MB is CHART_INVALID', async () => {
  await inFolder(async (folder) => {
    const files = {
      ...chartFiles('charts/demo', { yaml: dependsOn(lib('file://../lib')) }),
      ...chartFiles('charts/lib', { yaml: `# ${'x'.repeat(100 * 2 ** 20)}\n` }),
    }
    await expect(build(folder, files)).rejects.toMatchObject({
      code: 'CHART_INVALID',
      message: expect.stringContaining('bytes'),
    })
  })
})

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import {
  chmod,
  cp,
  mkdir,
  readFile,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { compareArchives, readArchive } from '../../src/package/archive.ts'
import { digestOf } from '../../src/digest.ts'
import type { Chart, Package } from '../../src/model.ts'
import { packageChart, type PackageRequest } from '../../src/package/package.ts'
import { type HelmMajor, helmBinary } from '../../testing/helm.ts'
import {
  chartAt,
  chartFiles,
  exec,
  helmIn,
  inFolder,
  keepLog,
  type KeptLog,
  snapshot,
  whileServing,
  writeFiles,
} from '../helm/fixtures.ts'

const run = promisify(execFile)
const commitTime = new Date('2026-02-03T04:05:06Z')

interface Built {
  readonly built: Package
  readonly archive: Uint8Array
  readonly log: KeptLog
}

/** Packages a chart of `workspace` with a fresh Helm; all else in `folder`. */
async function build(
  folder: string,
  chart: Chart,
  more: Partial<PackageRequest> & {
    readonly major?: HelmMajor
    readonly watch?: (args: readonly string[]) => void
  } = {},
): Promise<Built> {
  const { helm, home } = await helmIn(folder, more.major ?? 4, more.watch)
  const log = keepLog()
  const built = await packageChart({
    release: { chart, version: chart.version },
    workspace: path.join(folder, 'work space'),
    helm,
    helmHome: home,
    exec,
    log,
    dependencies: 'build',
    lint: 'true',
    commitTime,
    stagingRoot: path.join(folder, 'staging'),
    destination: path.join(folder, 'packages'),
    fromStranger: false,
    logins: [],
    ...more,
  })
  return { built, archive: await readFile(built.path), log }
}

/** The same, from files, in a folder that is removed afterwards. */
async function buildFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  chart: Chart = chartAt('charts/demo'),
  more: Parameters<typeof build>[2] = {},
): Promise<Built> {
  return await inFolder(async (folder) => {
    await writeFiles(path.join(folder, 'work space'), files)
    return await build(folder, chart, more)
  })
}

const dependsOn = (name: string, repository: string, version = '1.2.3') =>
  `dependencies:\n- name: ${name}\n  version: "${version}"\n  repository: "${repository}"\n`

const withLocalDependencies = {
  ...chartFiles('charts/demo', {
    yaml: dependsOn('lib', 'file://../../libs/lib'),
  }),
  ...chartFiles('libs/lib', { yaml: dependsOn('deep', 'file://../deep') }),
  ...chartFiles('libs/deep'),
}

/** A folder as a served chart repository: archives by path, and the index. */
async function chartRepository(
  folder: string,
  url: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const helm = await helmBinary(4)
  await writeFiles(folder, chartFiles('lib'))
  const served = path.join(folder, 'served')
  await mkdir(served, { recursive: true })
  await run(helm, ['package', path.join(folder, 'lib'), '-d', served])
  await run(helm, ['repo', 'index', served, '--url', url])
  return new Map(
    ['lib-1.2.3.tgz', 'index.yaml'].map((name) => [
      `/${name}`,
      readFileSync(path.join(served, name)),
    ]),
  )
}

describe('P10: reproducible', () => {
  const kinds = {
    'a plain chart': [chartFiles('charts/demo'), 'none'],
    'a chart with file:// dependencies and no lock': [
      withLocalDependencies,
      'build',
    ],
  } as const
  test.each(Object.entries(kinds))(
    'P10: two checkouts of %s at different times, paths and modes give one digest',
    async (_, [files, dependencies]) => {
      const first = await buildFiles(files, chartAt('charts/demo'), {
        dependencies,
      })
      const second = await inFolder(async (folder) => {
        const deeper = path.join(folder, 'an other', 'place')
        const workspace = path.join(deeper, 'work space')
        await writeFiles(workspace, files)
        for (const name of Object.keys(files)) {
          await utimes(path.join(workspace, name), 1e9, 1e9)
          await chmod(path.join(workspace, name), 0o600)
        }
        const umask = process.umask(0o077)
        try {
          return await build(deeper, chartAt('charts/demo'), {
            dependencies,
          })
        } finally {
          process.umask(umask)
        }
      })
      expect(second.built.digest).toBe(first.built.digest)
      expect(first.built.digest).toBe(digestOf(first.archive))
      expect(Buffer.compare(first.archive, second.archive)).toBe(0)
    },
  )

  test('P10: a dependency from an HTTP chart repository, without a lock, gives one digest', async () => {
    await inFolder(async (folder) => {
      const files = new Map<string, Uint8Array>()
      await whileServing(
        (name) => files.get(name),
        async ({ url }) => {
          for (const [name, bytes] of await chartRepository(folder, url))
            files.set(name, bytes)
          const chart = chartFiles('charts/demo', {
            yaml: dependsOn('lib', url, '^1.0.0'),
          })
          const [first, second] = [
            await buildFiles(chart),
            await buildFiles(chart),
          ]
          expect(second.built.digest).toBe(first.built.digest)
          const packed = await readArchive(first.archive)
          expect([...packed.keys()]).toContain('demo/charts/lib/Chart.yaml')
          expect(
            Buffer.from(packed.get('demo/Chart.lock') ?? []).toString(),
          ).toContain('generated: "2026-02-03T04:05:06Z"')
        },
      )
    })
  })

  test.each(Object.entries(kinds))(
    'P10: the archive of %s and everything in it carry the time of the commit',
    async (_, [files, dependencies]) => {
      await inFolder(async (folder) => {
        await writeFiles(path.join(folder, 'work space'), files)
        const { built } = await build(folder, chartAt('charts/demo'), {
          dependencies,
        })
        expect((await stat(built.path)).mtime).toEqual(commitTime)
        expect(built.created).toBe('2026-02-03T04:05:06Z')
        const { stdout } = await run(
          'tar',
          ['--utc', '--full-time', '-tvzf', built.path],
          { env: { ...process.env, LC_ALL: 'C' } },
        )
        const times = stdout.match(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g) ?? []
        expect(times.length).toBeGreaterThanOrEqual(Object.keys(files).length)
        expect([...new Set(times)]).toEqual(['2026-02-03 04:05:06'])
      })
    },
  )

  test('Helm 3 gives equal content each time, and equal to that of Helm 4', async () => {
    const yaml = `${dependsOn('lib', 'file://../../libs/lib')}appVersion: 1.10\nkubeVersion: ">=1.20.0-0"\nkeywords: [a, "yes"]\nmaintainers:\n- name: Jo\nannotations:\n  a: "1"\n  text: |\n    - two\n    - lines\n`
    const files = {
      ...withLocalDependencies,
      ...chartFiles('charts/demo', { yaml }),
      'charts/demo/crds/a.yaml': 'kind: A\n',
      'charts/demo/values.schema.json': '{}',
    }
    const chart = chartAt('charts/demo')
    // Lint refuses the float; here it is a difference waiting to happen.
    const off = { lint: 'false' } as const
    const three = await buildFiles(files, chart, { major: 3, ...off })
    // Archives know whole seconds; what is built a second later differs.
    await setTimeout(1000)
    const again = await buildFiles(files, chart, { major: 3, ...off })
    const four = await buildFiles(files, chart, off)
    expect(three.built.digest).not.toBe(again.built.digest)
    expect(await compareArchives(three.archive, again.archive)).toBe('equal')
    expect(await compareArchives(three.archive, four.archive)).toBe('equal')
    expect(three.built.metadata).toEqual(four.built.metadata)
    expect(four.built.appVersion).toBe('1.1')
  })
})

describe('dependencies', () => {
  test('what file:// dependencies depend on is fetched too', async () => {
    const { archive } = await buildFiles(withLocalDependencies)
    expect([...(await readArchive(archive)).keys()]).toContain(
      'demo/charts/lib/charts/deep/Chart.yaml',
    )
  })

  test('the workspace is only read', async () => {
    await inFolder(async (folder) => {
      const workspace = path.join(folder, 'work space')
      await writeFiles(workspace, withLocalDependencies)
      const before = await snapshot(workspace)
      await build(folder, chartAt('charts/demo'))
      await build(folder, chartAt('charts/demo'), { dependencies: 'update' })
      expect(await snapshot(workspace)).toBe(before)
    })
  })

  test('a committed lock is honoured, and stays byte for byte', async () => {
    await inFolder(async (folder) => {
      const workspace = path.join(folder, 'work space')
      await writeFiles(workspace, withLocalDependencies)
      const demo = path.join(workspace, 'charts', 'demo')
      await run(await helmBinary(4), ['dependency', 'update', demo])
      const lock = await readFile(path.join(demo, 'Chart.lock'))
      const { archive } = await build(folder, chartAt('charts/demo'))
      const packed = (await readArchive(archive)).get('demo/Chart.lock')
      expect(Buffer.from(packed ?? []).toString()).toBe(lock.toString())
    })
  })

  test('a lock that does not fit is DEPENDENCY_FAILED and says what to do', async () => {
    const lock =
      'dependencies:\n- name: lib\n  repository: file://../../libs/lib\n  version: 1.2.3\ndigest: sha256:0\ngenerated: "2026-01-01T00:00:00Z"\n'
    await expect(
      buildFiles({ ...withLocalDependencies, 'charts/demo/Chart.lock': lock }),
    ).rejects.toMatchObject({
      code: 'DEPENDENCY_FAILED',
      message: expect.stringContaining('helm dependency update'),
    })
  })

  test('with "none" the chart is packaged as it is', async () => {
    await expect(
      buildFiles(withLocalDependencies, chartAt('charts/demo'), {
        dependencies: 'none',
        lint: 'false',
      }),
    ).rejects.toMatchObject({
      code: 'HELM_FAILED',
      message: expect.stringContaining('lib'),
    })
    const vendored = {
      ...chartFiles('charts/demo', {
        yaml: dependsOn('lib', 'https://nowhere.invalid'),
      }),
      ...chartFiles('charts/demo/charts/lib'),
    }
    const { archive } = await buildFiles(vendored, chartAt('charts/demo'), {
      dependencies: 'none',
    })
    expect((await readArchive(archive)).has('demo/charts/lib/Chart.yaml')).toBe(
      true,
    )
  })

  test.each([3, 4] as const)(
    'P8: Helm %i fetches with a login from a chart repository that wants one',
    async (major) => {
      const password = 'a secret: pass#word'
      const wanted = `Basic ${Buffer.from(`me:${password}`).toString('base64')}`
      await inFolder(async (folder) => {
        const files = new Map<string, Uint8Array>()
        await whileServing(
          (name, { headers }) =>
            headers.authorization === wanted
              ? files.get(name)
              : { status: 401 },
          async ({ url, host }) => {
            for (const [name, bytes] of await chartRepository(folder, url))
              files.set(name, bytes)
            const workspace = path.join(folder, 'work space')
            await writeFiles(
              workspace,
              chartFiles('charts/demo', { yaml: dependsOn('lib', url) }),
            )
            const args: string[] = []
            const { archive } = await build(folder, chartAt('charts/demo'), {
              major,
              logins: [
                { host: 'other.example', username: 'x', password: 'y' },
                { host, username: 'me', password },
              ],
              watch: (given) => args.push(...given),
            })
            expect(
              (await readArchive(archive)).has('demo/charts/lib/Chart.yaml'),
            ).toBe(true)
            expect(args).toContain('dependency')
            expect(args.join(' ')).not.toContain(password)
            const file = path.join(folder, 'helm home/config/repositories.yaml')
            expect((await stat(file)).mode & 0o077).toBe(0)
            await expect(
              build(folder, chartAt('charts/demo'), {
                major,
                logins: [{ host, username: 'me', password: 'wrong' }],
              }),
            ).rejects.toMatchObject({ code: 'DEPENDENCY_FAILED' })
          },
        )
      })
    },
  )
})

describe('repositories', () => {
  test.each(['build', 'update'] as const)(
    'a repository that the user added works by its name, with "%s" and a lock',
    async (dependencies) => {
      await inFolder(async (folder) => {
        const files = new Map<string, Uint8Array>()
        await whileServing(
          (name) => files.get(name),
          async ({ url }) => {
            for (const [name, bytes] of await chartRepository(folder, url))
              files.set(name, bytes)
            await writeFiles(folder, {
              'user/repositories.yaml': `repositories:\n- name: mine\n  url: ${url}\n`,
              ...chartFiles('work space/charts/demo', {
                yaml: dependsOn('lib', '@mine'),
              }),
            })
            const chart = chartAt('charts/demo')
            const first = await build(folder, chart, { dependencies })
            const packed = await readArchive(first.archive)
            expect(packed.has('demo/charts/lib/Chart.yaml')).toBe(true)
            await writeFiles(folder, {
              'work space/charts/demo/Chart.lock':
                packed.get('demo/Chart.lock') ?? '',
            })
            const second = await build(folder, chart, { dependencies })
            expect(second.built.digest).toBe(first.built.digest)
          },
        )
      })
    },
  )

  test.each([3, 4] as const)(
    'Helm %i is told that a registry on loopback speaks plain HTTP',
    async (major) => {
      const requests = await whileServing(
        () => undefined,
        async ({ host, requests: made }) => {
          await expect(
            buildFiles(
              chartFiles('charts/demo', {
                yaml: dependsOn('lib', `oci://${host}/charts`),
              }),
              chartAt('charts/demo'),
              { major },
            ),
          ).rejects.toMatchObject({ code: 'DEPENDENCY_FAILED' })
          return made
        },
      )
      expect(requests.join('\n')).toContain('/v2/charts/lib/')
    },
  )
})

describe('staging', () => {
  test('never holds .git, and a chart at the root of the workspace works', async () => {
    const inRoot = Object.fromEntries(
      Object.entries(chartFiles('demo')).map(([name, text]) => [
        name.replace('demo/', ''),
        text,
      ]),
    )
    const { archive } = await buildFiles(
      {
        ...inRoot,
        '.git/config': 'secret',
        'sub/.git': 'gitdir: elsewhere',
        'files/a.txt': 'a',
      },
      { ...chartAt('demo'), directory: '.', versionAt: { file: 'Chart.yaml' } },
    )
    expect([...(await readArchive(archive)).keys()].toSorted()).toEqual([
      'demo/Chart.yaml',
      'demo/files/a.txt',
      'demo/templates/map.yaml',
      'demo/values.yaml',
    ])
  })

  test('links inside the workspace are followed', async () => {
    await inFolder(async (folder) => {
      const workspace = path.join(folder, 'work space')
      await writeFiles(workspace, {
        ...chartFiles('charts/demo'),
        'shared/LICENSE': 'free',
        'shared/files/a.txt': 'a',
      })
      const demo = path.join(workspace, 'charts', 'demo')
      await symlink('../../shared/LICENSE', path.join(demo, 'LICENSE'))
      await symlink('../../shared/files', path.join(demo, 'files'))
      const { archive } = await build(folder, chartAt('charts/demo'))
      const files = await readArchive(archive)
      expect(Buffer.from(files.get('demo/LICENSE') ?? []).toString()).toBe(
        'free',
      )
      expect(files.has('demo/files/a.txt')).toBe(true)
    })
  })

  const bad: Readonly<Record<string, string>> = {
    'out of the workspace': '../../../outside',
    'into .git': '../../.git/config',
    'into a folder outside': '../../../beyond',
    'back to itself': '..',
    nowhere: 'missing',
  }
  test.each(Object.entries(bad))(
    'P11: a link that leads %s is CHART_INVALID, unless .helmignore excludes it',
    async (_, target) => {
      await inFolder(async (folder) => {
        const workspace = path.join(folder, 'work space')
        await writeFiles(folder, { outside: 'secret', 'beyond/a': 'secret' })
        await writeFiles(workspace, {
          ...chartFiles('charts/demo'),
          '.git/config': 'secret',
        })
        const demo = path.join(workspace, 'charts', 'demo')
        await symlink(target, path.join(demo, 'odd'))
        await expect(
          build(folder, chartAt('charts/demo')),
        ).rejects.toMatchObject({
          code: 'CHART_INVALID',
          at: { file: 'charts/demo/odd' },
        })
        await writeFile(path.join(demo, '.helmignore'), '/odd\n')
        const { archive } = await build(folder, chartAt('charts/demo'))
        expect((await readArchive(archive)).has('demo/odd')).toBe(false)
      })
    },
  )

  test.each([
    'file://../../../beyond',
    'file:///etc',
    'file://../../.git/x',
    'file://../gone',
  ])('P11: the dependency %s is CHART_INVALID', async (repository) => {
    await inFolder(async (folder) => {
      await writeFiles(folder, chartFiles('beyond'))
      await writeFiles(path.join(folder, 'work space'), {
        ...chartFiles('charts/demo', { yaml: dependsOn('beyond', repository) }),
        ...chartFiles('.git/x'),
      })
      await expect(build(folder, chartAt('charts/demo'))).rejects.toMatchObject(
        {
          code: 'CHART_INVALID',
          at: { file: 'charts/demo/Chart.yaml' },
        },
      )
    })
  })

  test('dependencies in a circle are CHART_INVALID', async () => {
    await expect(
      buildFiles({
        ...chartFiles('charts/demo', { yaml: dependsOn('b', 'file://../b') }),
        ...chartFiles('charts/b', {
          yaml: dependsOn('demo', 'file://../demo'),
        }),
      }),
    ).rejects.toMatchObject({ code: 'CHART_INVALID' })
  })
})

describe('what is packaged', () => {
  test('version and appVersion can be given', async () => {
    const chart = chartAt('charts/demo', '0.0.0-dev')
    const { built } = await buildFiles(
      chartFiles('charts/demo', { version: '0.0.0-dev' }),
      chart,
      { release: { chart, version: '1.2.3+build.5' }, appVersion: '--help' },
    )
    expect(built).toMatchObject({
      version: '1.2.3+build.5',
      appVersion: '--help',
      fileName: 'demo-1.2.3+build.5.tgz',
      metadata: { name: 'demo', version: '1.2.3+build.5' },
    })
  })

  test('the metadata of an apiVersion v1 chart has its requirements', async () => {
    const { built } = await buildFiles(
      {
        ...chartFiles('libs/lib'),
        ...chartFiles('charts/demo'),
        'charts/demo/Chart.yaml':
          '\uFEFFapiVersion: v1\r\nname: demo\r\nversion: 1.2.3\r\nappVersion: 1e3\r\n',
        'charts/demo/requirements.yaml': dependsOn(
          'lib',
          'file://../../libs/lib',
        ),
      },
      chartAt('charts/demo'),
      { lint: 'false' },
    )
    expect(built.metadata).toMatchObject({
      apiVersion: 'v1',
      appVersion: '1000',
      dependencies: [{ name: 'lib' }],
    })
  })

  test('lint findings fail the package at their place', async () => {
    const files = chartFiles('charts/demo')
    await expect(
      buildFiles({
        ...files,
        'charts/demo/templates/map.yaml': 'a: b\nb: {{ nope }}\n',
      }),
    ).rejects.toMatchObject({
      code: 'LINT_FAILED',
      at: { file: 'charts/demo/templates/map.yaml', line: 2 },
    })
  })

  test('stray files are named with the .helmignore line that Helm obeys', async () => {
    await inFolder(async (folder) => {
      const workspace = path.join(folder, 'work space')
      await writeFiles(workspace, {
        ...withLocalDependencies,
        'charts/demo/demo-1.0.0.tgz': 'x',
        'charts/demo/files/[odd] *.tgz.prov': 'x',
        'charts/demo/index.yaml': 'entries: {}\n',
        'charts/demo/templates/index.yaml': '# a template\n',
        'charts/demo/files/big.bin': Buffer.alloc(1024 * 1024 + 1),
        'charts/demo/files/fits.bin': Buffer.alloc(1024 * 1024),
      })
      const demo = path.join(workspace, 'charts', 'demo')
      const { log } = await build(folder, chartAt('charts/demo'))
      const warnings = log.lines.filter((line) => line.startsWith('warning'))
      const rules = warnings.map((line) => line.split('.helmignore: ')[1] ?? '')
      expect(rules.toSorted()).toEqual([
        '/demo-1.0.0.tgz',
        String.raw`/files/\[odd] \*.tgz.prov`,
        '/files/big.bin',
        '/index.yaml',
      ])
      await writeFile(path.join(demo, '.helmignore'), `${rules.join('\n')}\n`)
      const clean = await build(folder, chartAt('charts/demo'))
      expect(
        clean.log.lines.filter((line) => line.startsWith('warning')),
      ).toEqual([])
      const files = await readArchive(clean.archive)
      expect(files.has('demo/files/fits.bin')).toBe(true)
      expect(files.has('demo/charts/lib/Chart.yaml')).toBe(true)
    })
  })

  test('untracked files that ship are named, others are not', async () => {
    await inFolder(async (folder) => {
      const workspace = path.join(folder, 'work space')
      await writeFiles(workspace, {
        ...chartFiles('charts/demo'),
        '.gitignore': '*.env\n',
        'charts/demo/.helmignore': '/unshipped\n',
      })
      const git = async (...args: string[]): Promise<unknown> =>
        await run('git', ['-c', 'user.name=a', '-c', 'user.email=a', ...args], {
          cwd: workspace,
        })
      await git('init', '-q')
      await git('add', '.')
      await git('commit', '-qm', 'a')
      await writeFiles(workspace, {
        'charts/demo/unshipped': 'x',
        'charts/demo/secret.env': 'x',
        'charts/demo/files/new.txt': 'x',
      })
      const { log } = await build(folder, chartAt('charts/demo'))
      const warning =
        log.lines.find((line) => line.includes('not in git')) ?? ''
      expect(warning).toContain('files/new.txt, secret.env')
      expect(warning).not.toContain('unshipped')
    })
  })

  test('leaves nothing behind but the package', async () => {
    await inFolder(async (folder) => {
      await writeFiles(
        path.join(folder, 'work space'),
        chartFiles('charts/demo'),
      )
      const copy = path.join(folder, 'copy')
      await build(folder, chartAt('charts/demo'))
      await cp(path.join(folder, 'staging'), copy, { recursive: true })
      expect(await snapshot(copy)).toBe(digestOf('').slice('sha256:'.length))
    })
  })
})

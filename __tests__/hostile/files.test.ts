import { execFileSync } from 'node:child_process'
import {
  mkdtemp,
  open,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { packTar, type TarEntry } from 'modern-tar'
import { collectCharts } from '../../src/charts/collect.ts'
import { unpackMember } from '../../src/helm/unpack.ts'
import { readArchive } from '../../src/package/archive.ts'
import { readMetadata } from '../../src/package/metadata.ts'
import { packageChart } from '../../src/package/package.ts'
import {
  chartAt,
  chartFiles,
  exec,
  helmIn,
  keepLog,
  writeFiles,
} from '../helm/fixtures.ts'
import { runSmall } from './child.ts'

let folder: string
let workspace: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hostile-'))
  workspace = path.join(folder, 'workspace')
  await writeFiles(workspace, chartFiles('charts/demo'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const refused = { code: 'CHART_INVALID' }
const place = (file: string): string =>
  path.join(workspace, 'charts', 'demo', file)

async function unreadable(): Promise<unknown> {
  const { charts, unreadable: found } = await collectCharts({
    workspace,
    patterns: [],
    rules: { strictVersion: true, lint: true },
  })
  expect(charts).toEqual([])
  return found[0]?.error
}

async function build(): Promise<void> {
  const { helm, home } = await helmIn(folder, 4)
  const chart = chartAt('charts/demo')
  await packageChart({
    release: { chart, version: chart.version },
    workspace,
    helm,
    helmHome: home,
    exec,
    log: keepLog(),
    dependencies: 'build',
    lint: 'false',
    commitTime: new Date(0),
    stagingRoot: path.join(folder, 'staging'),
    destination: path.join(folder, 'packages'),
    fromStranger: false,
    logins: [],
  })
}

describe('P11: a Chart.yaml', () => {
  test('of 100 MB is not read', async () => {
    const file = await open(place('Chart.yaml'), 'w')
    await file.truncate(100 * 1024 * 1024)
    await file.close()
    expect(await unreadable()).toMatchObject({
      ...refused,
      message: expect.stringContaining('104857600 bytes'),
    })
  })

  test('that is a pipe is not waited for', async () => {
    await rm(place('Chart.yaml'))
    execFileSync('mkfifo', [place('Chart.yaml')])
    expect(await unreadable()).toMatchObject({
      ...refused,
      message: expect.stringContaining('no file'),
    })
  })

  // The most that 1 MiB can hold of each.
  test.each([
    ['a list', `'x: [' + 'a,'.repeat(500_000) + ']'`],
    [
      'keys',
      `'x: {' + Array.from({ length: 110_000 }, (_, at) => 'k' + at + ': 1').join(',') + '}'`,
    ],
    ['depth', `'x: ' + '['.repeat(200_000)`],
    ['a number', `'version: ' + '9'.repeat(1_000_000)`],
    [
      'merges',
      `Array.from({ length: 9_000 }, (_, at) => 'k' + at + ': &a' + at + ' {<<: [*a' + Math.max(0, at - 1) + ', *a0]}').join('\\n')`,
    ],
  ])(
    'full of %s is read or refused, within a minute and 1 GB',
    async (_, text) => {
      const said = await runSmall(`
      import { parseChart } from './src/charts/chart-file.ts'
      const text = 'apiVersion: v2\\nname: demo\\nversion: 1.2.3\\n' + ${text}
      try {
        parseChart(
          { directory: '.', chartFile: { file: 'Chart.yaml', text }, locked: false },
          { strictVersion: true, lint: true },
        )
        console.log('read')
      } catch (thrown) {
        console.log(thrown.code ?? thrown)
      }
    `)
      expect(said).toMatch(/^(?:read|CHART_INVALID)$/)
    },
  )
})

describe('P11: a link out of the workspace', () => {
  beforeEach(async () => {
    await writeFile(path.join(folder, 'outside'), 'templates/\nsecret\n')
  })

  test.each(['.helmignore', 'values.yaml', 'templates/map.yaml', 'charts'])(
    'is not followed as %s',
    async (name) => {
      await rm(place(name), { force: true })
      await symlink(
        path.relative(path.dirname(place(name)), path.join(folder, 'outside')),
        place(name),
      )
      await expect(build()).rejects.toMatchObject({
        ...refused,
        message: expect.stringContaining('out of the workspace'),
      })
    },
  )

  test('is not followed into git, in any spelling', async () => {
    await writeFiles(workspace, {
      '.git/config': 'token',
      'sub/.GIT/config': 'token',
    })
    for (const target of ['../../.git/config', '../../sub/.GIT']) {
      await symlink(target, place('odd'))
      await expect(build()).rejects.toMatchObject(refused)
      await rm(place('odd'))
    }
  })
})

const entry = (name: string, body = '', more: object = {}): TarEntry => ({
  header: { name, size: Buffer.byteLength(body), ...more },
  body,
})

async function pack(...entries: TarEntry[]): Promise<Buffer> {
  return gzipSync(await packTar(entries))
}

describe('P11: an archive', () => {
  test.each([
    'demo/../../outside',
    '/etc/passwd',
    '\\\\server\\share',
    'demo/./a',
    '..',
  ])('with the path %j is not read', async (name) => {
    const archive = await pack(
      entry('demo/Chart.yaml', 'name: demo\n'),
      entry('PLACE-HOLDER', 'x'),
    )
    const tar = gunzipSync(archive)
    const at = tar.indexOf('PLACE-HOLDER')
    tar.fill(0, at, at + 100)
    tar.write(name, at, 'latin1')
    checksum(tar, at)
    await expect(readArchive(gzipSync(tar))).rejects.toMatchObject(refused)
  })

  test.each([
    'block-device',
    'character-device',
    'fifo',
    'link',
    'symlink',
  ] as const)('with a %s is not read', async (type) => {
    const archive = await pack(entry('demo/Chart.yaml', 'name: demo\n'), {
      header: { name: 'demo/a', size: 0, type, linkname: '../../outside' },
    })
    await expect(readArchive(archive)).rejects.toMatchObject(refused)
  })

  test('with a Chart.yaml of 100 MB is not parsed', () => {
    const files = new Map([
      ['demo/Chart.yaml', Buffer.alloc(100 * 1024 * 1024, 'x: y\n')],
    ])
    expect(() => readMetadata(files, 'demo')).toThrow(
      expect.objectContaining({
        ...refused,
        message: expect.stringContaining('bytes'),
      }),
    )
  })

  test.each([
    [
      'of 10 GB',
      `gzipSync(Buffer.alloc(2 ** 28)).toString('latin1').repeat(40)`,
    ],
    [
      'of half a million files',
      `gzipSync(Buffer.concat(Array.from({ length: 500_000 }, () => header)))`,
    ],
  ])('%s is refused within 1 GB', async (_, bytes) => {
    const said = await runSmall(`
      import { gzipSync, constants } from 'node:zlib'
      import { packTar } from 'modern-tar'
      import { readArchive } from './src/package/archive.ts'
      const header = Buffer.from(
        await packTar([{ header: { name: 'demo/a', size: 0 }, body: '' }]),
      ).subarray(0, 512)
      const bytes = Buffer.from(${bytes}, 'latin1')
      await readArchive(bytes).then(
        () => console.log('read'),
        (thrown) => console.log(thrown.code ?? thrown),
      )
    `)
    expect(said).toBe('CHART_INVALID')
  })
})

describe('P11: Helm’s own archive', () => {
  const asset = {
    fileName: 'helm-v4.0.0-linux-amd64.tar.gz',
    member: 'linux-amd64/helm',
    format: 'tar.gz',
  } as const

  test('gives one plain file, and nothing that leads elsewhere', async () => {
    const archive = await pack(
      entry('../../linux-amd64/helm', 'wrong'),
      entry('/linux-amd64/helm', 'wrong'),
      {
        header: {
          name: 'linux-amd64/helm',
          size: 0,
          type: 'symlink',
          linkname: '/bin/sh',
        },
      },
    )
    const found = await unpackMember(archive, asset)
    expect(found === null ? null : Buffer.from(found).toString()).toBeNull()
    const good = await pack(entry('linux-amd64/helm', 'right'))
    expect(
      Buffer.from((await unpackMember(good, asset)) ?? '').toString(),
    ).toBe('right')
  })

  test('that is a bomb is refused within 1 GB', async () => {
    const said = await runSmall(`
      import { gunzipSync, gzipSync } from 'node:zlib'
      import { unpackMember } from './src/helm/unpack.ts'
      const bomb = gzipSync(Buffer.alloc(600 * 2 ** 20))
      await unpackMember(bomb, ${JSON.stringify(asset)}).then(
        () => console.log('read'),
        (thrown) => console.log(thrown.code),
      )
    `)
    expect(said).toBe('ERR_BUFFER_TOO_LARGE')
  })
})

/** Of a header: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html */
function checksum(tar: Buffer, at: number): void {
  tar.write('        ', at + 148, 'latin1')
  let sum = 0
  for (const byte of tar.subarray(at, at + 512)) sum += byte
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1')
}

test('the fixtures above are readable without their malice', async () => {
  const archive = await pack(entry('demo/Chart.yaml', 'name: demo\n'))
  expect([...(await readArchive(archive)).keys()]).toEqual(['demo/Chart.yaml'])
  await expect(build()).resolves.toBeUndefined()
  expect(await readFile(place('Chart.yaml'), 'utf8')).toContain('demo')
})

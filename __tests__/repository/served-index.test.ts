import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { digestOf } from '../../src/digest.ts'
import type { HelmMajor } from '../../testing/helm.ts'
import {
  decodeIndex,
  insertEntry,
  listEntries,
  type NewEntry,
} from '../../src/repository/index-file.ts'
import {
  createHelmClient,
  packChart,
  readWithHelm,
  serveFiles,
  type HelmClient,
  type PackedChart,
} from './helm-client.ts'
import { awkwardStrings } from './awkward-strings.ts'
import { handwritten } from './handwritten.ts'

const corpus = path.resolve(import.meta.dirname, '../../../shared/corpus/index')
const corpusFiles = existsSync(corpus) ? readdirSync(corpus) : []

const created = '2026-05-06T07:08:09Z'

function entryOf(chart: PackedChart, url = chart.fileName): NewEntry {
  const { metadata, digest } = chart
  return { metadata, digest, created, urls: [url] }
}

describe.each([4, 3] as const)('Helm %i', (major: HelmMajor) => {
  let client: HelmClient
  let demo: PackedChart

  beforeAll(async () => {
    client = await createHelmClient(major)
    demo = await packChart(client, { name: 'demo', version: '1.5.0' })
  })
  afterAll(() => client.remove())

  /** Adds the served index as a repository, searches it, pulls from it. */
  async function useServed(index: string, chart: PackedChart) {
    const { name, version } = chart.metadata as Record<string, string>
    const server = await serveFiles(
      new Map<string, Uint8Array | string>([
        ['index.yaml', index],
        [chart.fileName, chart.bytes],
      ]),
    )
    const folder = await mkdtemp(path.join(client.folder, 'pull-'))
    const repository = path.basename(folder).toLowerCase()
    try {
      await client.helm('repo', 'add', repository, server.url)
      const search = ['search', 'repo', `${repository}/${name}`, '--versions']
      const found = JSON.parse(
        await client.helm(...search, '--devel', '-o', 'json'),
      ) as readonly { readonly name: string; readonly version: string }[]
      const wanted = [`${repository}/${name}`, '--version', version ?? '']
      await client.helm('pull', ...wanted, '-d', folder)
      const pulled = await readFile(path.join(folder, chart.fileName))
      const versions = found
        .filter((one) => one.name === `${repository}/${name}`)
        .map((one) => one.version)
      return { versions, digest: digestOf(pulled) }
    } finally {
      await server.close()
    }
  }

  test.each(formsFor(major))(
    'P6: %s: finds and pulls the version that was inserted',
    async (_, index) => {
      const { versions, digest } = await useServed(
        insertEntry(index, entryOf(demo)),
        demo,
      )
      expect(versions).toContain('1.5.0')
      expect(digest).toBe(demo.digest)
    },
  )

  test('finds and pulls from an index that is new', async () => {
    const index = insertEntry(null, entryOf(demo))
    const { versions, digest } = await useServed(index, demo)
    expect(versions).toEqual(['1.5.0'])
    expect(digest).toBe(demo.digest)
  })

  test('an index that is new is the one that Helm itself makes', async () => {
    const folder = path.dirname(demo.file)
    await client.helm('repo', 'index', folder)
    const made = await readFile(path.join(folder, 'index.yaml'), 'utf8')
    const times = /"20[-0-9T:.]+Z"/g
    expect(insertEntry(null, entryOf(demo)).replaceAll(times, 'TIME')).toBe(
      made.replaceAll(times, 'TIME'),
    )
  })

  test('the new version stands where Helm itself sorts it', async () => {
    const versions = ['2.0.0', '2.0.0-rc.10', '2.0.0-rc.9', '2.0.0-alpha']
    const others = ['1.10.0', 'v1.9', '1.05.0', '1.0', '0.46.00', '0.2.0-0a']
    const added = ['3.0.0', '2.0.0-rc.9.1', '2.0.0-beta', '1.6.0', '0.1.0']
    const index = indexOf('demo', [...versions, ...others])
    for (const version of added) {
      const chart = await packChart(client, { name: 'demo', version })
      const folder = path.dirname(chart.file)
      await writeFile(path.join(folder, 'old.yaml'), index)
      const old = path.join(folder, 'old.yaml')
      await client.helm('repo', 'index', folder, '--merge', old)
      const merged = await readFile(path.join(folder, 'index.yaml'), 'utf8')
      expect(versionsOf(insertEntry(index, entryOf(chart)), 'demo')).toEqual(
        versionsOf(merged, 'demo'),
      )
    }
  })

  test('a new chart stands where Helm itself sorts its name', async () => {
    const names = [
      'a',
      'a-9',
      'a-10',
      'a.b',
      'a1',
      'a01',
      'a10',
      'a12',
      'a101',
      'ab',
      'b-2',
    ]
    const odd = ['10', '1.0', '1e3', '0x1', '2021-01-01', '1_0', 'no', 'null']
    const folder = await mkdtemp(path.join(client.folder, 'names-'))
    const all = [...names, ...odd, 'a-b-c', 'a2', 'x9y', 'x10y', 'on']
    for (const name of all) {
      const chart = await packChart(client, { name, version: '1.0.0' })
      await writeFile(path.join(folder, chart.fileName), chart.bytes)
    }
    await client.helm('repo', 'index', folder)
    const made = await readFile(path.join(folder, 'index.yaml'), 'utf8')
    const ours = all.reduce<string | null>(
      (index, name) =>
        insertEntry(index, {
          metadata: { name, version: '1.0.0' },
          digest: demo.digest,
          created,
          urls: [],
        }),
      null,
    )
    const keys = /^ {2}\S.*:$/gm
    expect(ours?.match(keys)).toEqual(made.match(keys))
  })

  test('every string comes back from Helm as it went in', async () => {
    const annotations = Object.fromEntries(
      awkwardStrings.flatMap((text, at) => [
        [`value-${at}`, text],
        [text === '' ? 'empty' : text, `key-${at}`],
      ]),
    )
    const metadata = { name: 'demo', version: '1.5.0', annotations }
    const entry = { ...entryOf(demo), metadata: { ...metadata, type: '' } }
    for (const before of [null, 'apiVersion: v1\nentries: {demo: []}\n']) {
      const index = insertEntry(before, entry)
      const read = await readWithHelm(client, index)
      expect(read.entries['demo']?.[0]?.['annotations']).toEqual(annotations)
    }
  })

  test('a whole Chart.yaml comes back, without what Helm does not know', async () => {
    const known = {
      apiVersion: 'v2',
      name: 'demo',
      version: '1.5.0',
      appVersion: '1.10',
      deprecated: true,
      description: 'yes: "no" #1',
      keywords: ['on', '12:30', '- x'],
      kubeVersion: '>=1.25.0-0',
      maintainers: [{ name: 'N', email: 'n@example.org' }, { url: '=' }],
      sources: ['https://example.org/a#b'],
      type: 'application',
      dependencies: [
        {
          name: 'redis',
          repository: '',
          version: '~1',
          tags: ['a'],
          enabled: true,
          'import-values': ['data', { child: 'a', parent: 'b' }],
        },
      ],
    }
    const more = { maintainer: 'unknown', engine2: 1 }
    const dependencies = known.dependencies.map((dependency) =>
      Object.assign({ 'depends-on': ['x'], unknown: 1 }, dependency),
    )
    const metadata = { ...known, ...more, home: '', icon: null, dependencies }
    const index = insertEntry(null, { ...entryOf(demo), metadata })
    const read = await readWithHelm(client, index)
    expect(read.entries['demo']).toEqual([
      {
        ...known,
        created,
        digest: demo.digest.slice('sha256:'.length),
        urls: ['demo-1.5.0.tgz'],
      },
    ])
  })

  if (corpusFiles.length > 0)
    test.each(corpusFiles)(
      'P6: %s keeps its bytes, and serves what was inserted',
      async (file) => {
        const bytes = readFileSync(path.join(corpus, file))
        const index = decodeIndex(bytes)
        const name = /^ {2}([\w-]+):$/m.exec(index)?.[1] ?? ''
        const chart = await packChart(client, { name, version: '99.0.0' })
        const edited = insertEntry(index, entryOf(chart))
        const at = edited.indexOf('- apiVersion') - 2
        const inserted = edited.slice(at, at + edited.length - index.length)
        expect(edited.replace(inserted, '')).toBe(index)
        expect(inserted).toContain(chart.digest.slice('sha256:'.length))
        const served = await useServed(edited, chart)
        expect(served.versions[0]).toBe('99.0.0')
        expect(served.digest).toBe(chart.digest)
      },
    )
})

/** Helm 3 reads YAML with the same library: the odd encodings are enough. */
function formsFor(major: HelmMajor): readonly (readonly [string, string])[] {
  const forms = Object.entries(handwritten)
  return major === 4
    ? forms
    : forms.filter(([what]) => /CRLF|mark|JSON|flow|anchors/.test(what))
}

function indexOf(name: string, versions: readonly string[]): string {
  const entries = versions.map(
    (version) =>
      `  - apiVersion: v2\n    name: ${name}\n    urls: [x.tgz]\n    version: "${version}"\n`,
  )
  return `apiVersion: v1\nentries:\n  ${name}:\n${entries.join('')}`
}

function versionsOf(index: string, name: string): readonly string[] {
  return listEntries(index, name).map(({ version }) => version)
}

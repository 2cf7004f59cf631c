import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import {
  readCatalog,
  type CatalogChart,
} from '../../src/repository/index-file.ts'
import { realIndexes } from '../site/setting.ts'

const digest = 'ab12'.repeat(16)

function only(text: string): CatalogChart {
  const [chart] = readCatalog(text)
  if (chart === undefined) throw new Error('there is no chart')
  return chart
}

/** An index whose only entry has these lines, after `- `. */
function indexOf(...lines: readonly string[]): string {
  return `apiVersion: v1\nentries:\n  demo:\n  - ${lines.join('\n    ')}\n`
}

describe('a catalog', () => {
  test('has every version in the order of the index', () => {
    const { name, versions } = only(
      indexOf('version: 1.1.0', 'name: demo').concat(
        '  - version: 1.0.0\n    name: demo\n',
      ),
    )
    expect(name).toBe('demo')
    expect(versions.map(({ version }) => version)).toEqual(['1.1.0', '1.0.0'])
  })

  test('has all that an entry says', () => {
    const { entry } = only(
      indexOf('version: 1.1.0', 'maintainers:', '- name: Ada', 'icon: x'),
    )
    expect(entry(0)).toEqual({
      version: '1.1.0',
      maintainers: [{ name: 'Ada' }],
      icon: 'x',
    })
    expect(entry(9)).toEqual({})
  })

  test.each<[string, string, string]>([
    ['plain', 'appVersion: 7.1.2', '7.1.2'],
    ['in quotes', `appVersion: "7.1"`, '7.1'],
    ['in other quotes', `appVersion: '>=7'`, '>=7'],
    ['a number, as Go writes it', 'appVersion: 7.10', '7.1'],
    ['with a comment', 'appVersion: v7 # seven', 'v7'],
    ['with an escape', String.raw`appVersion: "a\u0062c"`, 'abc'],
    ['with doubled quotes', `appVersion: 'it''s'`, "it's"],
    ['over two lines', 'appVersion: one\n      two', 'one two'],
    ['as a block', 'appVersion: >-\n      one\n      two', 'one two'],
    ['empty', 'appVersion:', ''],
    ['nothing', 'appVersion: ~', ''],
    ['absent', 'icon: x', ''],
    ['a date', 'appVersion: 2024-10-01', '2024-10-01T00:00:00.000Z'],
  ])('reads a value that is %s', (_, line, expected) => {
    const [version] = only(indexOf('version: 1.1.0', line)).versions
    expect(version?.appVersion).toBe(expected)
  })

  test('is not misled by what stands in a description or below a key', () => {
    const [version] = only(
      indexOf(
        'version: 1.1.0',
        'description: |-',
        '  appVersion: no',
        'dependencies:',
        '- appVersion: no',
        '  version: 9.9.9',
        'annotations:',
        '  kubeVersion: no',
        `digest: ${digest}`,
        'created: "2026-01-02T03:04:05Z"',
      ),
    ).versions
    expect(version).toEqual({
      version: '1.1.0',
      appVersion: '',
      kubeVersion: '',
      created: '2026-01-02T03:04:05Z',
      digest: `sha256:${digest}`,
    })
  })

  test.each<[string, string]>([
    [
      'lists indented further',
      'apiVersion: v1\nentries:\n    demo:\n        - name: demo\n          version: 1.1.0\n          appVersion: 7.1.2\n',
    ],
    [
      'CRLF',
      'apiVersion: v1\r\nentries:\r\n  demo:\r\n  - name: demo\r\n    version: 1.1.0\r\n    appVersion: 7.1.2\r\n',
    ],
    [
      'flow style',
      '{apiVersion: v1, entries: {demo: [{version: 1.1.0, appVersion: 7.1.2}]}}',
    ],
    [
      'JSON',
      '{"apiVersion":"v1","entries":{"demo":[{"version":"1.1.0","appVersion":"7.1.2"}]}}',
    ],
    [
      'keys in quotes',
      'apiVersion: v1\nentries:\n  demo:\n  - "version": 1.1.0\n    "appVersion": 7.1.2\n',
    ],
  ])('is read from %s', (_, text) => {
    expect(only(text).versions).toMatchObject([
      { version: '1.1.0', appVersion: '7.1.2' },
    ])
  })

  test('is empty for an index without charts', () => {
    expect(readCatalog('apiVersion: v1\nentries: {}\n')).toEqual([])
  })
})

interface Parsed {
  readonly entries: Readonly<
    Record<string, readonly Readonly<Record<string, string | undefined>>[]>
  >
}

if (realIndexes().length > 0)
  test.each(realIndexes())('of $name is what a parser reads', ({ text }) => {
    const { entries } = JSON.parse(
      JSON.stringify(parse(text, { version: '1.1' })),
    ) as Parsed
    for (const { name, versions } of readCatalog(text))
      expect(
        versions.map((one) => ({
          version: one.version,
          appVersion: one.appVersion,
          kubeVersion: one.kubeVersion,
          day: one.created.slice(0, 10),
          digest: one.digest,
        })),
      ).toEqual(
        entries[name]?.map((entry) => ({
          version: String(entry['version']),
          appVersion: entry['appVersion'] ?? '',
          kubeVersion: entry['kubeVersion'] ?? '',
          day: entry['created']?.slice(0, 10) ?? '',
          digest:
            entry['digest'] === undefined ? null : `sha256:${entry['digest']}`,
        })),
      )
  })

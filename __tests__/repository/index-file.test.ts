import { describe, expect, test } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import type { ReleaseError } from '../../src/errors.ts'
import {
  decodeIndex,
  findEntries,
  insertEntry,
  listEntries,
  listVersions,
  type NewEntry,
} from '../../src/repository/index-file.ts'
import type { Digest, JsonObject } from '../../src/model.ts'
import { awkwardStrings } from './awkward-strings.ts'
import {
  handwritten,
  handwrittenBlocks,
  handwrittenForms,
} from './handwritten.ts'

const digest: Digest = `sha256:${'5a'.repeat(32)}`
const otherDigest: Digest = `sha256:${'0f'.repeat(32)}`

function demo(version = '1.5.0', metadata: JsonObject = {}): NewEntry {
  return {
    metadata: { apiVersion: 'v2', name: 'demo', version, ...metadata },
    created: '2026-05-06T07:08:09Z',
    digest,
    urls: [`https://example.org/demo-${version}.tgz`],
  }
}

function versionsOf(index: string, name = 'demo'): readonly string[] {
  return listEntries(index, name).map(({ version }) => version)
}

function failureOf(action: () => unknown): ReleaseError {
  try {
    action()
  } catch (thrown) {
    return thrown as ReleaseError
  }
  throw new Error('it did not fail')
}

describe('inserting into an index', () => {
  test.each(Object.entries(handwrittenBlocks))(
    'P6: %s: without the inserted lines it is the file that it was',
    (_, index) => {
      for (const version of ['9.0.0', '1.5.0', '0.0.1']) {
        const lines = index.split(/(?<=\n)/)
        const edited = insertEntry(index, demo(version)).split(/(?<=\n)/)
        const start = lines.findIndex((line, at) => line !== edited[at])
        const wasOpen =
          start !== -1 && edited[start]?.trimEnd() === lines[start]
        // A file without a final newline gets its line break before the entry.
        const from = start === -1 ? lines.length : start + (wasOpen ? 1 : 0)
        const count = edited.length - lines.length
        const inserted = edited.slice(from, from + count).join('')
        const rest = edited.toSpliced(from, count).join('')
        expect(wasOpen ? rest.trimEnd() : rest).toBe(index)
        expect(inserted).toContain(digest.slice('sha256:'.length))
        expect(inserted).not.toContain('#')
      }
    },
  )

  test.each(Object.entries(handwrittenForms))(
    'P6: %s: without the inserted entry it is an equal document',
    (_, index) => {
      const edited = insertEntry(index, demo())
      const [before, ...others] = valuesOf(index)
      const [after, ...rest] = valuesOf(edited)
      const list = after?.entries?.['demo'] ?? []
      const kept = list.filter((entry) => entry['version'] !== '1.5.0')
      expect(list).toHaveLength(kept.length + 1)
      expect(rest).toEqual(others)
      expect({ ...after, entries: { ...after?.entries, demo: kept } }).toEqual({
        ...before,
        entries: {
          ...before?.entries,
          demo: before?.entries?.['demo'] ?? [],
        },
      })
      expect(edited.match(/#.*/g)).toEqual(index.match(/#.*/g))
    },
  )

  test.each(Object.entries(handwritten))(
    'P4: %s: inserting twice is inserting once',
    (_, index) => {
      const once = insertEntry(index, demo())
      expect(insertEntry(once, demo())).toBe(once)
      expect(findEntries(once, 'demo', '1.5.0')).toEqual([
        {
          version: '1.5.0',
          digest,
          urls: ['https://example.org/demo-1.5.0.tgz'],
          line: expect.any(Number),
        },
      ])
    },
  )

  test('several entries are a fold, whatever their order', () => {
    const versions = ['1.0.0', '2.0.0-rc.1', '1.10.0', '2.0.0', '1.9.0']
    const index = versions.reduce<string | null>(
      (text, version) => insertEntry(text, demo(version)),
      null,
    )
    const sorted = ['2.0.0', '2.0.0-rc.1', '1.10.0', '1.9.0', '1.0.0']
    expect(versionsOf(index ?? '')).toEqual(sorted)
    const other = demo('1.0.0', { name: 'another' })
    const both = insertEntry(index, other)
    expect(both.match(/^ {2}\w+:$/gm)).toEqual(['  another:', '  demo:'])
  })

  test('it is indented as the list that it joins', () => {
    const index = handwritten['lists that are indented'] ?? ''
    const added = demo('1.5.0', { keywords: ['a'] })
    expect(insertEntry(index, added)).toMatch(
      /\n {6}- apiVersion: v2\n {8}created: .*\n {8}digest: 5a.*\n {8}keywords:\n {10}- a\n {8}name: demo\n/,
    )
  })

  test('its lines end as those of the file', () => {
    const edited = insertEntry(handwritten['CRLF line ends'] ?? '', demo())
    expect(edited).not.toMatch(/(?<!\r)\n/)
  })

  test('a comment stays above the entry that it was written for', () => {
    const commented = `apiVersion: v1
entries:
  demo:
  # the second
  - name: demo
    version: 2.0.0
    # of the second
    # its end
  # the first

  - name: demo
    version: 1.0.0
`
    const lines = (version: string) =>
      insertEntry(commented, demo(version))
        .split('\n')
        .filter((line) => /#|version:|demo:/.test(line))
        .map((line) => line.trim())
    const second = [
      '# the second',
      'version: 2.0.0',
      '# of the second',
      '# its end',
    ]
    const first = ['# the first', 'version: 1.0.0']
    const newest = ['demo:', 'version: 3.0.0', ...second, ...first]
    expect(lines('3.0.0')).toEqual(newest)
    const middle = ['demo:', ...second, 'version: 1.5.0', ...first]
    expect(lines('1.5.0')).toEqual(middle)
    const oldest = ['demo:', ...second, ...first, 'version: 0.1.0']
    expect(lines('0.1.0')).toEqual(oldest)
  })

  test.each([
    [
      ['1.0.0', 'latest', '3.0.0'],
      ['2.0.0', '1.0.0', 'latest', '3.0.0'],
    ],
    [
      ['latest', '3.0.0', 'x'],
      ['latest', '3.0.0', '2.0.0', 'x'],
    ],
    [['x'], ['2.0.0', 'x']],
  ])('%j: it stands before the first lower version', (versions, expected) => {
    const entries = versions.map((v) => `  - {name: demo, version: ${v}}\n`)
    const flow = `apiVersion: v1\nentries:\n  demo:\n${entries.join('')}`
    const block = flow.replace(/\{(.*), (.*)\}/g, '$1\n    $2')
    for (const index of [flow, block])
      expect(versionsOf(insertEntry(index, demo('2.0.0')))).toEqual(expected)
  })

  test.each([
    ['b a', 'b a demo'],
    ['a-9 a-10 zoo', 'a-9 a-10 demo zoo'],
    ['a-10 a-9 zoo', 'a-10 a-9 demo zoo'],
    ['Zoo', 'Zoo demo'],
  ])('charts %s: it is filed as %s', (names, expected) => {
    const charts = names.split(' ').map((name) => `  ${name}:\n`)
    const index = `apiVersion: v1\nentries:\n${charts.join('')}`
    const keys = insertEntry(index, demo()).match(/(?<=^ {2})[\w-]+(?=:$)/gm)
    expect(keys?.join(' ')).toBe(expected)
  })

  test.each(['1.1', '1.2'] as const)(
    'every string is read back by a parser of YAML %s',
    (version) => {
      const annotations = Object.fromEntries(
        awkwardStrings.map((text, at) => [`key-${at}`, text]),
      )
      const added = demo('1.5.0', { annotations })
      for (const index of [null, 'apiVersion: v1\nentries: {demo: []}\n']) {
        const read = valuesOf(insertEntry(index, added), version)
        expect(read[0]?.entries?.['demo']?.[0]).toMatchObject({ annotations })
      }
    },
  )

  test('a file in JSON stays JSON, whatever the text', () => {
    const description = '😀\u2028\u0007"\\'
    const edited = insertEntry(
      handwritten['JSON'] ?? '',
      demo('1.5.0', { description }),
    )
    expect(JSON.parse(edited)).toMatchObject({
      entries: { demo: [{ version: '1.5.0', description }, {}] },
    })
  })

  test.each([
    ['keywords', 'one'],
    ['description', ['one']],
    ['deprecated', 'yes'],
    ['annotations', { a: { b: 'c' } }],
    ['maintainers', ['me']],
  ])('a `%s` that Helm could not read is CHART_INVALID', (key, value) => {
    const failure = failureOf(() =>
      insertEntry(null, demo('1.0.0', { [key]: value })),
    )
    expect(failure.code).toBe('CHART_INVALID')
    expect(failure.message).toContain(`\`${key}`)
  })
})

describe('P5: a version that is listed already', () => {
  const listed = (version: string, more = '') =>
    `apiVersion: v1\nentries:\n  demo:\n  - name: demo\n    version: ${version}\n${more}`

  test.each(['1.5.0', 'v1.5.0', '1.5.0+other', '1.05.0'])(
    'as %s with another digest is VERSION_CONFLICT, which names both',
    (version) => {
      const index = listed(version, `    digest: ${otherDigest.slice(7)}\n`)
      const failure = failureOf(() => insertEntry(index, demo()))
      expect(failure.code).toBe('VERSION_CONFLICT')
      expect(failure.message).toContain(digest)
      expect(failure.message).toContain(otherDigest)
      expect(failure.message).toContain('line 4')
    },
  )

  test('without a digest is VERSION_CONFLICT too', () => {
    const failure = failureOf(() => insertEntry(listed('1.5.0'), demo()))
    expect(failure.code).toBe('VERSION_CONFLICT')
    expect(failure.message).toContain('no digest')
  })

  test('several times is left alone when one has the digest', () => {
    const again = `  - name: demo\n    version: 1.5.0\n    digest: ${digest}\n`
    const index = listed('1.5.0', again)
    expect(insertEntry(index, demo())).toBe(index)
  })
})

describe('finding a version', () => {
  const index = `apiVersion: v1
entries:
  demo:
  - digest: ${'AB'.repeat(32)}
    urls:
    - https://example.org/a.tgz
    - b.tgz
    version: 1.0.0+b
  - digest: sha256:${'cd'.repeat(32)}
    urls: []
    version: 'v1.0.0'
  - digest: cafe
    version: "1.0.0"
  - version: 1.10
`

  test.each([
    ['in block style', index],
    ['in any other form', `--- &root\n${index}`],
  ])('%s gives what Helm takes for it, equal strings first', (_, text) => {
    const shift = text === index ? 0 : 1
    expect(findEntries(text, 'demo', '1.0.0')).toEqual([
      { version: '1.0.0', digest: null, urls: [], line: 12 + shift },
      {
        version: '1.0.0+b',
        digest: `sha256:${'ab'.repeat(32)}`,
        urls: ['https://example.org/a.tgz', 'b.tgz'],
        line: 4 + shift,
      },
      {
        version: 'v1.0.0',
        digest: `sha256:${'cd'.repeat(32)}`,
        urls: [],
        line: 9 + shift,
      },
    ])
    expect(findEntries(text, 'demo', '1.1')).toHaveLength(1)
    expect(findEntries(text, 'demo', '1.0.0-rc.1')).toEqual([])
    expect(findEntries(text, 'toString', '1.0.0')).toEqual([])
  })

  test('lists what looks like an entry only where it is one', () => {
    const looks = handwritten['block scalars that look like entries'] ?? ''
    const spread = handwritten['scalars over several lines'] ?? ''
    expect(versionsOf(looks)).toEqual(['2.0.0', '1.4.0'])
    expect(versionsOf(spread)).toEqual(['2.0.0', '1.4.0'])
  })
})

describe('listing every version', () => {
  test.each([
    ...Object.entries(handwrittenBlocks),
    ...Object.entries(handwrittenForms),
  ])('%s: by the names of the charts', (_, index) => {
    const listed = listVersions(insertEntry(index, demo('9.9.9')))
    expect(listed.get('demo')).toContain('9.9.9')
    for (const [name, versions] of listed)
      expect(versions).toEqual(
        versionsOf(insertEntry(index, demo('9.9.9')), name),
      )
  })

  test('P11: a name is no more than a name', () => {
    const index = 'apiVersion: v1\nentries: {"__proto__": [{"version": "1"}]}\n'
    expect([...listVersions(index)]).toEqual([['__proto__', ['1']]])
  })

  test('what is no index is INDEX_INVALID', () => {
    expect(failureOf(() => listVersions('x'))).toMatchObject({
      code: 'INDEX_INVALID',
    })
  })
})

describe('what is no index', () => {
  const bomb = ['a: &a0 [x, x]']
  for (let depth = 1; depth < 30; depth += 1)
    bomb.push(`b${depth}: &a${depth} [*a${depth - 1}, *a${depth - 1}]`)

  test.each([
    ['an empty file', '', 'is empty'],
    ['only a comment', '# later\n', 'it is not a map|no `apiVersion'],
    ['a page in HTML', '<!DOCTYPE html>\n<html>\n</html>\n', 'line 1'],
    ['a list', '- apiVersion: v1\n', 'line 1, .* not a map'],
    ['no apiVersion', 'entries:\n  demo:\n', '`apiVersion: v1`'],
    ['an empty apiVersion', 'apiVersion: ""\nentries: {}\n', '`apiVersion`'],
    ['a key that Helm refuses', 'apiVersion: v1\nfoo: 1\n', 'line 2, .*`foo`'],
    ['that in flow style', '{apiVersion: v1,\nfoo: 1}', 'line 2, .*`foo`'],
    ['entries that are a list', 'apiVersion: v1\nentries:\n- a\n', '`entries`'],
    [
      'a chart that is a map',
      'apiVersion: v1\nentries:\n  demo:\n    a: 1\n',
      '`demo`',
    ],
    ['`entries` twice', 'apiVersion: v1\nentries:\nentries:\n', 'line 3'],
    ['a chart twice', 'apiVersion: v1\nentries:\n  "a":\n  a:\n', 'line 4'],
    [
      'a version twice',
      'apiVersion: v1\nentries:\n  demo:\n  - version: 1.0.0\n    version: 2.0.0\n',
      'line 5',
    ],
    [
      'a merge conflict',
      'apiVersion: v1\nentries:\n<<<<<<< HEAD\n  demo:\n=======\n',
      'line [34]',
    ],
    [
      'quotes that never end',
      'apiVersion: v1\nentries:\n  demo: "\n',
      'valid YAML',
    ],
    [
      'a bomb of aliases',
      `apiVersion: v1\nannotations:\n  ${bomb.join('\n  ')}\n`,
      'alias',
    ],
    [
      'a shared list',
      'apiVersion: v1\nentries:\n  demo: &d\n  - version: 1.0.0\n  other: *d\n',
      'aliases',
    ],
    [
      'a chart that is an alias',
      'apiVersion: v1\nentries:\n  alpha: &d\n  - version: 1.0.0\n  demo: *d\n',
      '`demo`',
    ],
    [
      'a chart from a merge key',
      'apiVersion: v1\nentries:\n  <<: {demo: [{version: 1.0.0}]}\n  b: []\n',
      'merge',
    ],
  ])('%s is INDEX_INVALID', (_, index, words) => {
    const failure = failureOf(() => insertEntry(index, demo()))
    expect(failure.code).toBe('INDEX_INVALID')
    expect(failure.message).toMatch(new RegExp(words))
  })

  test('bytes that are no UTF-8 are INDEX_INVALID', () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0x0a)
    expect(failureOf(() => decodeIndex(bytes)).code).toBe('INDEX_INVALID')
  })

  test('P6: a byte order mark survives decoding', () => {
    const bytes = new TextEncoder().encode('\uFEFFapiVersion: v1\r\n# é\n')
    expect(new TextEncoder().encode(decodeIndex(bytes))).toEqual(bytes)
  })
})

interface Value {
  readonly entries?: Record<string, JsonObject[] | null>
}

function valuesOf(
  text: string,
  version: '1.1' | '1.2' = '1.1',
): readonly Value[] {
  const documents = parseAllDocuments(text, { version })
  return documents.map((document) => document.toJS() as Value)
}

import { describe, expect, test } from '@jest/globals'
import { runSmall } from './child.ts'

/** Lists and inserts into an index that `text` (an expression) makes. */
async function edit(text: string): Promise<string> {
  return await runSmall(`
    import { insertEntry, listVersions } from './src/repository/index-file.ts'
    const lines = (count, line) =>
      Array.from({ length: count }, (_, at) => line(at))
    const digest = 'sha256:' + '5a'.repeat(32)
    const text = ${text}
    const attempt = (work) => {
      try {
        return work()
      } catch (thrown) {
        return thrown.code ?? String(thrown)
      }
    }
    const entry = {
      metadata: { name: 'demo', version: '9.0.0' },
      created: '2026-05-06T07:08:09Z',
      digest,
      urls: ['demo-9.0.0.tgz'],
    }
    const listed = attempt(() => listVersions(text).size)
    const edited = attempt(() => insertEntry(text, entry))
    const kept = edited.length > text.length &&
      edited.replace(/  (?:demo:\\n  )?- apiVersion: v1\\n    created: "2026-05-06T07:08:09Z"\\n(?:    .*\\n)+/, '') === text
    console.log(listed, edited.length < 100 ? edited : kept ? 'inserted' : 'CHANGED')
  `)
}

describe('an index within a minute and 1 GB', () => {
  test('of 100 MB in the form of Helm works', async () => {
    const text = `'apiVersion: v1\\nentries:\\n  alpha:\\n' + lines(130_000, (at) => '  - apiVersion: v2\\n    created: "2024-01-01T00:00:00Z"\\n    description: ' + 'x'.repeat(600) + '\\n    digest: ' + '0f'.repeat(32) + '\\n    name: alpha\\n    urls:\\n    - alpha-' + at + '.tgz\\n    version: 1.0.' + at + '\\n').join('')`
    expect(await edit(text)).toBe('1 inserted')
  })

  const works: Readonly<Record<string, string>> = {
    'of 190,000 charts': `'apiVersion: v1\\nentries:\\n' + lines(190_000, (at) => '  alpha-' + at + ':\\n  - version: 1.0.0\\n').join('')`,
    'with a million keys in one entry': `'apiVersion: v1\\nentries:\\n  alpha:\\n  - version: 1.0.0\\n    annotations:\\n' + lines(1_000_000, (at) => '      k' + at + ': v\\n').join('')`,
  }
  test.each(Object.entries(works))('%s works', async (_, text) => {
    expect(await edit(text)).toMatch(/^\d+ inserted$/)
  })

  const refused: Readonly<Record<string, string>> = {
    'with a million charts': `'apiVersion: v1\\nentries:\\n' + lines(1_000_000, (at) => '  alpha-' + at + ':\\n  - version: 1.0.0\\n').join('')`,
    'with a million charts in JSON': `JSON.stringify({ apiVersion: 'v1', entries: Object.fromEntries(lines(1_000_000, (at) => ['alpha-' + at, []])) })`,
    'with a million annotations in flow style': `'apiVersion: v1\\nentries: {}\\nannotations: {' + lines(1_000_000, (at) => 'k' + at + ': v').join(', ') + '}\\n'`,
    'with a million keys of its own': `'apiVersion: v1\\nentries: {}\\n' + lines(1_000_000, (at) => 'k' + at + ': v\\n').join('')`,
    'with a list that has no end': `'{"apiVersion":"v1","entries":{"demo":[' + '[],'.repeat(4_000_000)`,
    'nested a hundred thousand deep': `'{"apiVersion":"v1","entries":' + '['.repeat(100_000) + ']'.repeat(100_000) + '}'`,
    'with aliases that would expand without end': `'apiVersion: v1\\nentries: {}\\nannotations: {a0: &a0 {x: y}, ' + lines(12, (at) => 'a' + (at + 1) + ': &a' + (at + 1) + ' [' + Array(10).fill('*a' + at).join(', ') + ']').join(', ') + '}\\n'`,
    'with merges that would expand without end': `'apiVersion: v1\\nentries: {}\\nannotations: {a0: &a0 {x: y}, ' + lines(12, (at) => 'a' + (at + 1) + ': &a' + (at + 1) + ' {<<: [' + Array(10).fill('*a' + at).join(', ') + ']}').join(', ') + '}\\n'`,
  }
  test.each(Object.entries(refused))('%s is INDEX_INVALID', async (_, text) => {
    expect(await edit(text)).toBe('INDEX_INVALID INDEX_INVALID')
  })

  // A hundred thousand keys would take minutes if each was compared with all.
  test.each([
    [
      'of its charts',
      `'{"apiVersion":"v1","entries":{' + lines(100_000, (at) => '"alpha-' + at + '":[]').join(',') + '}}'`,
    ],
    [
      'of an entry',
      `'apiVersion: v1\\nentries:\\n  demo:\\n  - version: 9.0.0\\n    digest: ' + '5a'.repeat(32) + '\\n    annotations:\\n' + lines(50_000, (at) => '      k' + at + ': v\\n').join('')`,
    ],
  ])(
    'the keys %s are compared in no square of their number',
    async (_, text) => {
      expect(await edit(text)).not.toContain('INVALID')
    },
  )
})

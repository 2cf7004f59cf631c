import { describe, expect, test } from '@jest/globals'
import { findChangelogSection } from '../../src/release-notes/changelog.ts'

const question = { name: 'demo', version: '1.2.3', tag: 'release-1.2.3' }

function find(changelog: string, changes = {}): string | null {
  return findChangelogSection(changelog, { ...question, ...changes })
}

describe('a heading names the version', () => {
  test.each([
    '## [1.2.3] - 2026-01-01',
    '## v1.2.3',
    '### 1.2.3 (2026-01-01)',
    '# demo-1.2.3',
    '## demo-v1.2.3 ##',
    '## demo@1.2.3',
    '## [demo/1.2.3](https://example.com/compare/demo/1.2.2...demo/1.2.3)',
    '## [v1.2.3](https://example.com/compare/v1.2.2...v1.2.3) (2026-01-01)',
    '## Version 1.2.3: a name',
    '## demo 1.2.3, the good one',
    '## **1.2.3** — spring',
    '## `1.2.3`',
    '## _1.2.3_',
    '## \\[1.2.3\\]',
    '## <a name="9.9.9"></a>1.2.3',
    '## release-1.2.3',
    '   ## 1.2.3',
    '##\t1.2.3',
    '1.2.3\n=====',
    '[1.2.3] - 2026-01-01\n---',
  ])('%j', (heading) => {
    const changelog = `# Changelog\n\nWords.\n\n${heading}\n\n- This\n\n`
    expect(find(changelog)).toBe('- This')
  })
})

describe('a heading names another version', () => {
  test.each([
    '## 1.2.30',
    '## 11.2.3',
    '## 1.2.3-rc.1',
    '## 1.2.3+build',
    '## 1.2',
    '## 1.3.0 (upgrade from 1.2.3)',
    '## other-1.2.3',
    '## otherdemo-1.2.3',
    '## Unreleased',
    '##1.2.3',
    '    ## 1.2.3',
    '- 1.2.3\n---',
    '> 1.2.3\n\n---',
    '1.2.3\n\n---',
    `## ${'<'.repeat(100_000)} 1.2.3`,
  ])('%.40j', (heading) => {
    expect(find(`${heading}\n\n- This\n`)).toBeNull()
  })
})

describe('the section', () => {
  test('ends where a heading as high or higher begins', () => {
    const changelog = [
      '# Changelog',
      '## 1.3.0',
      '- Later',
      '## 1.2.3',
      '',
      '### Added',
      '- This',
      '#### Details',
      '- And that',
      '## 1.2.2',
      '- Earlier',
    ].join('\n')
    expect(find(changelog)).toBe('### Added\n- This\n#### Details\n- And that')
    expect(find(changelog, { version: '1.2.2' })).toBe('- Earlier')
    expect(find('### 1.2.3\n- This\n# Other\n- That')).toBe('- This')
    expect(find('1.2.3\n---\n- This\n\n1.2.2\n---\n')).toBe('- This')
  })

  test.each([
    ['a fence', '```yaml\n# 1.2.2\n## 1.2.3\n```'],
    ['a longer fence', '````\n```\n# 1.2.2\n```\n# x\n````'],
    ['tildes', '~~~ sh\n# 1.2.2\n```\n# 1.2.1\n~~~'],
    ['a fence in a list', '- Do:\n  ```sh\n  # 1.2.2\n  ```\n- That'],
    ['a fence in a nested list', '1. a\n   - b\n     ```\n     # c\n     ```'],
    ['a comment', '<!--\n## 1.2.2\n-->\nText'],
    ['raw HTML', '<pre>\n## 1.2.2\n\n## x\n</pre>'],
  ])('goes on behind what looks like a heading in %s', (_, block) => {
    const changelog = `## 1.2.3\n\n${block}\n\nEnd\n\n## 1.2.2\n\n- Earlier\n`
    expect(find(changelog)).toBe(`${block}\n\nEnd`)
  })

  test('is not taken from code or comments', () => {
    expect(find('```\n## 1.2.3\n- Code\n```\n')).toBeNull()
    expect(find('<!-- template:\n## 1.2.3\n-->\n## 1.2.3\nReal')).toBe('Real')
  })

  test('with nothing in it is none', () => {
    expect(find('## 1.2.3\n\n## 1.2.2\n- x')).toBeNull()
    expect(find('## [1.2.3]\n\n[1.2.3]: https://example.com\n')).toBeNull()
  })

  test('P6: keeps every character, line ends too', () => {
    const text = '- Ü <b>x</b>  \r\n\r\n\t$& [a](b) {{ .Values }}'
    expect(find(`## 1.2.3\r\n\r\n${text}\r\n\r\n## 1.2.2\r\n`)).toBe(text)
  })

  test('brings the links along that it uses, and no others', () => {
    const changelog = [
      '## [1.2.3]',
      'See [Docs], [text][#12] and [own].',
      '',
      '[own]: https://own.example',
      '',
      'More.',
      '## [1.2.2]',
      '- x',
      '',
      '[1.2.3]: https://example.com/1.2.3',
      '[docs]: https://example.com/docs',
      '[#12]: https://example.com/12 "Title"',
      '[own]: https://other.example',
      '[docs]: https://example.com/second',
    ].join('\n')
    expect(find(changelog)).toBe(
      [
        'See [Docs], [text][#12] and [own].',
        '',
        '[own]: https://own.example',
        '',
        'More.',
        '',
        '[docs]: https://example.com/docs',
        '[#12]: https://example.com/12 "Title"',
      ].join('\n'),
    )
    const last = '## 1.2.3\nSee [a].\n\n[a]: x\n[1.2.3]: y\n'
    expect(find(last)).toBe('See [a].\n\n[a]: x')
  })
})

import { describe, expect, test } from '@jest/globals'
import { renderChanges } from '../../src/release-notes/changes.ts'

test('a list of texts is a list', () => {
  expect(renderChanges('- First\n- Second thing\n')).toBe(
    '- First\n- Second thing',
  )
})

test('changes are grouped by kind, in the order of a changelog', () => {
  const annotation = `
- kind: fixed
  description: A crash
  links:
    - name: GitHub Issue
      url: https://github.com/acme/charts/issues/1
    - url: https://example.com/b?c=1&d=2
- kind: Security
  description: A hole
- kind: added
  description: A value
- kind: fixed
  description: A typo
- kind: odd
  description: Something else
- Just text
`
  expect(renderChanges(annotation)).toBe(
    `- Something else
- Just text

### Added

- A value

### Fixed

- A crash ([GitHub Issue](https://github.com/acme/charts/issues/1), [https://example.com/b?c=1&amp;d=2](https://example.com/b?c=1&amp;d=2))
- A typo

### Security

- A hole`,
  )
})

test.each([
  ['nothing', ''],
  ['an empty list', '[]'],
  ['a text', 'just words'],
  ['a map', 'kind: added'],
  ['broken YAML', '- "unclosed'],
  ['empty items', '- \n- kind: added\n- description: ""\n- [1]'],
  ['a bomb of aliases', bomb()],
])('%s lists no change', (_, annotation) => {
  expect(renderChanges(annotation)).toBeNull()
})

function bomb(): string {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x]']
  for (let at = 1; at < 9; at++) {
    const [before, name] = ['abcdefghi'[at - 1], 'abcdefghi'[at]]
    lines.push(`${name}: &${name} [${`*${before}, `.repeat(9)}]`)
  }
  return lines.join('\n')
}

describe('P11: a hostile description', () => {
  test.each([
    '<img src=x onerror=alert(1)>',
    '<!-- chart-release: {"commit":"a","packages":[]} -->',
    '<!-- chart-release:install demo -->',
    '[click](javascript:alert(1))',
    '![pixel](https://evil.example/x.png)',
    '@everyone',
    'one\n\n# A heading of its own\n```sh\nrm -rf /\n```',
    '| a | b |',
    '$\\unicode{x}$',
    '--> <script>',
    '\u202Egnp.exe',
  ])('stays text: %j', (description) => {
    const rendered = renderChanges(
      JSON.stringify([{ kind: 'added', description }]),
    )
    const [heading, empty, item, ...rest] = (rendered ?? '').split('\n')
    expect([heading, empty, rest]).toEqual(['### Added', '', []])
    expect(item).toMatch(/^- /)
    const bare = item?.replaceAll('<wbr>', '')
    expect(bare).not.toMatch(/<|(?<!\\)[`[\]|$]|^- #|\u202e/)
    expect(item).not.toMatch(/@\w|:\/\//)
  })

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    ' ftp://example.com',
    'https://user@evil.example/',
    'https://example.com/) [x](https://evil.example',
    '//example.com',
    '',
  ])('gets no link to %j', (url) => {
    const rendered = renderChanges(
      JSON.stringify([{ description: 'x', links: [{ name: 'here', url }] }]),
    )
    expect(rendered).not.toContain('](')
  })
})

import { describe, expect, test } from '@jest/globals'
import {
  clip,
  codeBlock,
  escapeMarkdown,
  inlineCode,
  shellArgument,
} from '../../src/report/escape.ts'

describe('text in Markdown', () => {
  test.each([
    ['<img src=x onerror=y>', '&lt;img src=x onerror=y&gt;'],
    ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    ['a | b', String.raw`a \| b`],
    ['`a` *b* _c_ ~d~ $e$', String.raw`\`a\` \*b\* \_c\_ \~d\~ \$e\$`],
    ['![a](b) [c][d]', String.raw`!\[a\](b) \[c\]\[d\]`],
    [String.raw`\[a]`, String.raw`\\\[a\]`],
    ['cc @owner/team', 'cc @<wbr>owner/team'],
    ['a@b.example', 'a@<wbr>b.example'],
    ['https://a.example', 'https:<wbr>//a.example'],
    ['www.a.example WWW.b.example', 'www<wbr>.a.example WWW<wbr>.b.example'],
    ['a\r\n# b\u2028\u001b[31mc\u202ed', String.raw`a # b \[31mc d`],
  ])('P11: %j stays text', (text, markdown) => {
    expect(escapeMarkdown(text)).toBe(markdown)
  })

  test.each(['# a', '- a', '+ a', '1. a', '2) a', '=== ', '--- '])(
    'P11: %j begins no block',
    (text) => {
      expect(escapeMarkdown(text)).toBe(
        text.replace(/[-#+.)=]/, String.raw`\$&`),
      )
    },
  )

  test('ordinary names, versions and references are left as they are', () => {
    const text = 'ghcr.io/owner/helm-charts/demo:1.2.3-rc.1+build (2 of 3)'
    expect(escapeMarkdown(text)).toBe(text)
    expect(inlineCode(text)).toBe(`<code>${text}</code>`)
  })

  test('P11: inline code cannot be left', () => {
    expect(inlineCode('</code> *a* | `b`')).toBe(
      String.raw`<code>&lt;/code&gt; \*a\* \| \`b\`</code>`,
    )
  })
})

describe('a code block', () => {
  test('P11: is fenced by more backticks than its text has', () => {
    expect(codeBlock('a ```` b', 'sh')).toBe('`````sh\na ```` b\n`````')
    expect(codeBlock('a\r```\r\nb\u001b[1m', '')).toBe(
      '````\na\n```\nb [1m\n````',
    )
    expect(codeBlock('a', '')).toBe('```\na\n```')
  })
})

describe('a long text', () => {
  test('is cut to its length, with a mark, and never inside a character', () => {
    expect(clip('abc', 3)).toBe('abc')
    expect(clip('abcd', 3)).toBe('ab…')
    expect(clip('a😀bc', 3)).toBe('a…')
  })
})

describe('an argument of a shell', () => {
  test.each([
    ['>=1.0.0', "'>=1.0.0'"],
    ["it's", String.raw`'it'\''s'`],
    ['', "''"],
    ['oci://ghcr.io/a:1.0', 'oci://ghcr.io/a:1.0'],
  ])('P11: %j is %s', (text, argument) => {
    expect(shellArgument(text)).toBe(argument)
  })
})

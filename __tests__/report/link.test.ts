import { describe, expect, test } from '@jest/globals'
import { link, renderProse } from '../../src/report/link.ts'

describe('a link', () => {
  test.each([
    'https://github.com/orgs/owner/packages/container/repo%2Fdemo/settings',
    'https://quay.io/repository/owner/demo?tab=settings',
    'http://127.0.0.1:8080/index.yaml',
    'https://owner.github.io/repo/#fragment',
  ])('leads to %s', (url) => {
    expect(link('there', url)).toBe(`[there](${url})`)
  })

  test.each([
    'javascript:alert(1)',
    'data:text/html,<script>',
    '//evil.example/x',
    'ftp://evil.example/x',
    'https://github.com@evil.example/x',
    'https://evil.example/a|b',
    'https://evil.example/a b',
    'https://evil.example/a)[x',
    'https://evil.example/"x',
    'https://evil.example/\nx',
    ' https://evil.example/x',
  ])('P11: does not lead to %j', (url) => {
    expect(link('there', url)).toBe('there')
  })

  test('P11: what means something to Markdown is encoded in the address', () => {
    expect(link('[x](y)', 'https://a.example/(b)?c=1&d=2')).toBe(
      String.raw`[\[x\](y)](https://a.example/%28b%29?c=1&amp;d=2)`,
    )
  })
})

describe('prose', () => {
  test('links its URLs without the end of the sentence around them', () => {
    expect(
      renderProse(
        'Open https://a.example/x (of a user: https://b.example/y), or "https://c.example/z?": see https://d.example/v_(w).',
      ),
    ).toBe(
      String.raw`Open [https://a.example/x](https://a.example/x) (of a user: [https://b.example/y](https://b.example/y)), or "[https://c.example/z](https://c.example/z)?": see [https://d.example/v\_(w)](https://d.example/v_%28w%29).`,
    )
  })

  test('shows digests as code', () => {
    const digest = `sha256:${'0123abcd'.repeat(8)}`
    expect(renderProse(`It is ${digest}.`)).toBe(
      `It is <code>${digest}</code>.`,
    )
  })

  test('P11: everything else stays text', () => {
    expect(
      renderProse(
        '<b> [x](javascript:alert(1)) | @team http://me@evil.example/',
      ),
    ).toBe(
      String.raw`&lt;b&gt; \[x\](javascript:alert(1)) \| @<wbr>team http:<wbr>//me@<wbr>evil.example/`,
    )
  })
})

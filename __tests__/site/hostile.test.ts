import { describe, expect, test } from '@jest/globals'
import { writeIndex } from '../../testing/landing-page.ts'
import { entryOf, releaseOf, render, textOf } from './setting.ts'

const evil = [
  '<script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '</title><img src=x onerror=alert(1)>',
  `" onmouseover="alert(1)" x='`,
  '--><svg/onload=alert(1)>',
  '${alert(1)}`',
] as const

/** What a browser could run, or take for markup of ours. */
function expectNoMarkup(page: string): void {
  const body = page.replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, '')
  expect(page.match(/<script\b/g)).toHaveLength(1)
  expect(page.match(/<style\b/g)).toHaveLength(1)
  expect(body).not.toMatch(/<(?:svg|iframe|object|embed|form|base|link)\b/i)
  for (const [tag] of body.matchAll(/<[a-z][^>]*>/gi)) {
    expect(tag.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/\son\w+\s*=/i)
  }
  const addresses = body.matchAll(/(?<=\s(?:href|src)=")[^"]*(?=")/g)
  for (const [address] of addresses)
    expect(address).toMatch(
      /^(?:https?:\/\/|mailto:|#|\.\.\/|charts\/|index\.yaml)/,
    )
}

describe('P11: hostile metadata stays text', () => {
  test.each(evil)('%s everywhere in an entry', (words) => {
    const index = writeIndex({
      demo: [
        entryOf('1.2.3', {
          description: words,
          appVersion: words,
          kubeVersion: words,
          created: words,
          home: words,
          icon: words,
          sources: [words],
          keywords: [words],
          maintainers: [{ name: words, email: words, url: words }],
          annotations: { 'artifacthub.io/license': words },
          urls: [words],
        }),
      ],
    })
    const page = render(index, {
      released: [
        releaseOf('1.2.3', {
          tag: words,
          directory: words,
          readme: words,
          registries: [{ target: words, reference: words, login: true }],
        }),
      ],
    })['index.html']
    expectNoMarkup(page ?? '')
    expect(textOf(page ?? '')).toContain(words)
  })

  test.each(evil)('%s as the name of one of many charts', (name) => {
    const charts = Object.fromEntries(
      [name, 'a', 'b', 'c', 'd', '../../up', '.git', 'x/y'].map((one) => [
        one,
        [entryOf('1.0.0', { name: one })],
      ]),
    )
    const files = render(writeIndex(charts))
    expect(Object.keys(files)).toEqual([
      'index.html',
      'landing-page.json',
      'charts/a.html',
      'charts/b.html',
      'charts/c.html',
      'charts/d.html',
    ])
    expectNoMarkup(files['index.html'] ?? '')
    expect(textOf(files['index.html'] ?? '')).toContain(name)
  })

  test('of few charts as well', () => {
    const page = render(
      writeIndex(
        Object.fromEntries(
          evil.slice(0, 3).map((name) => [name, [entryOf('1.0.0', { name })]]),
        ),
      ),
    )['index.html']
    expectNoMarkup(page ?? '')
  })

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' java\tscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'https://user:password@example.com/',
    '//example.com',
  ])('%j is never a link or an image', (address) => {
    const page = render(
      writeIndex({
        demo: [
          entryOf('1.2.3', {
            home: address,
            icon: address,
            sources: [address],
            maintainers: [{ name: 'Eve', url: address }],
          }),
        ],
      }),
    )['index.html']
    expect(page).not.toContain('class="icon"')
    expect(page).not.toMatch(
      /href="(?:javascript|data|vbscript|https:\/\/user)/i,
    )
    expectNoMarkup(page ?? '')
  })

  test('text from right to left cannot turn the text around it', () => {
    const page = render(
      writeIndex({
        demo: [entryOf('1.2.3', { description: 'a\u202Egnp.exe\u2066 مرحبا' })],
      }),
    )['index.html']
    expect(page).toContain('dir="auto">agnp.exe مرحبا<')
  })

  test('the policy lets nothing run but what this page brings', () => {
    const page = render(writeIndex({ demo: [entryOf('1.2.3')] }))['index.html']
    const [policy = ''] =
      /(?<=Content-Security-Policy" content=")[^"]*/.exec(page ?? '') ?? []
    expect(policy).toMatch(/^default-src &#39;none&#39;; /)
    expect(policy).not.toMatch(/unsafe|\*/)
  })
})

test.each(['{', '[]', '{"generator":"other"}', ''])(
  'a memory that says %j is not ours',
  async (text) => {
    const { readMemory } = await import('../../src/site/memory.ts')
    expect(readMemory(text)).toBeNull()
  },
)

import { describe, expect, test } from '@jest/globals'
import { renderReadme } from '../../src/site/readme.ts'

const place = {
  pages: 'https://github.com/acme/charts/blob/v1/demo/',
  files: 'https://github.com/acme/charts/raw/v1/demo/',
  prefix: 'readme-',
  level: 3,
  longest: 20_000,
} as const

function readme(text: string): string {
  return renderReadme(text, place).html
}

describe('Markdown', () => {
  test('becomes markup; its title is the page’s', () => {
    expect(
      readme('# demo\n\nSome *fine* **words** & `a < b`.\n\n- one\n- two\n'),
    ).toBe(
      '<p>Some <em>fine</em> <strong>words</strong> &amp; <code>a &lt; b</code>.</p><ul><li>one</li><li>two</li></ul>',
    )
  })

  test('headings begin below the page’s and leave out no level', () => {
    expect(readme('## A\n\n#### B\n\n## A\n')).toBe(
      '<h3 id="readme-a">A</h3><h4 id="readme-b">B</h4><h3 id="readme-a-1">A</h3>',
    )
  })

  test('tables can be scrolled with the keyboard', () => {
    expect(readme('|Key|Value|\n|-|-|\n|a|`b`|\n')).toContain(
      'tabindex="0"><table><thead><tr><th>Key<th>Value<tbody><tr><td>a<td><code>b</code>',
    )
  })

  test('relative addresses lead to the tag that was released', () => {
    expect(readme('[x](docs/a.md) [y](#some-part) ![z](logo.png)')).toBe(
      '<p><a href="https://github.com/acme/charts/blob/v1/demo/docs/a.md">x</a> <a href="#readme-some-part">y</a> <img src="https://github.com/acme/charts/raw/v1/demo/logo.png" alt="z" loading="lazy"></p>',
    )
  })

  test('an image without a text has one, and a link without is none', () => {
    expect(readme('[![](https://a.example/b.svg)](https://a.example)')).toBe(
      '<p><a href="https://a.example/"><img src="https://a.example/b.svg" alt="Image" loading="lazy"></a></p>',
    )
    expect(readme('[](https://a.example)')).toBe('')
  })

  test('what stands between raw tags stays, but for scripts', () => {
    expect(
      readme('Press <kbd>Ctrl</kbd>, <b>now</b><br>and <style>a{}</style>go.'),
    ).toBe('<p>Press Ctrl, now<br>and go.</p>')
  })

  test('of great length is cut between blocks, and says so', () => {
    const { html, isCut } = renderReadme('Words.\n\n'.repeat(9000), place)
    expect(isCut).toBe(true)
    expect(html.length).toBeLessThan(20_000)
    expect(html.endsWith('</p>')).toBe(true)
  })

  test('nested as nobody would is cut, too', () => {
    expect(renderReadme('>'.repeat(20_000), place).isCut).toBe(true)
  })
})

describe('P11: hostile Markdown stays text', () => {
  test.each([
    ['raw HTML', '<div onclick="alert(1)">hi <b>there</b></div>'],
    ['a script', 'a <script>alert(1)</script> b'],
    ['a script as a block', '<script>\nalert(1)\n</script>\n\nb'],
    ['an unfinished tag', 'a <img src=x onerror=alert(1)'],
    ['an unfinished block', '<img src=x onerror=alert(1)\n\nb'],
    ['a comment', '<!-- <script> -->a'],
    ['a title', '[a](https://b.example "\\" onclick=\\"alert(1)")'],
    ['code', '```"><script>\n</code></pre><script>alert(1)</script>\n```'],
    ['an image', '![" onerror="alert(1)](https://b.example/x"onerror="y)'],
    ['a cell', '|<script>|\n|-|\n|</table><script>alert(1)</script>|'],
    ['an address', '<https://b.example/"onclick="alert(1)>'],
    ['entities', '&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;'],
  ])('%s', (_, text) => {
    const html = readme(text)
    expect(html).not.toMatch(
      /<(?:script|img(?! src="https:)|div onclick|iframe)/i,
    )
    for (const [tag] of html.matchAll(/<[a-z][^>]*>/gi))
      expect(tag.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/\son\w+=/i)
  })

  test.each([
    '[a](javascript:alert(1))',
    '[a](JAVASCRIPT:alert(1))',
    '[a](<java\tscript:alert(1)>)',
    '[a](data:text/html,x)',
    '[a](javascript&colon;alert(1))',
    '[a](&#106;avascript:alert(1))',
    '[a][b]\n\n[b]: javascript:alert(1)',
    '<javascript:alert(1)>',
    '![a](javascript:alert(1))',
    '![a](data:image/svg+xml,x)',
  ])('%j leads nowhere else', (text) => {
    const html = readme(text)
    expect(html).not.toMatch(/(?:href|src)="(?!https:\/\/github\.com\/acme\/)/i)
  })
})

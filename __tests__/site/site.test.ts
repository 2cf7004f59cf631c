import { describe, expect, test } from '@jest/globals'
import { writeIndex } from '../../testing/landing-page.ts'
import { emptyMemory, readMemory } from '../../src/site/memory.ts'
import {
  entryOf,
  facts,
  realIndexes,
  releaseOf,
  render,
  textOf,
} from './setting.ts'

describe('one chart', () => {
  test('is the page, with its commands in the order to try them', () => {
    const page = render(writeIndex({ demo: [entryOf('1.2.3')] }), {
      released: [releaseOf('1.2.3')],
    })['index.html']
    const text = textOf(page ?? '')
    const commands = [
      'helm install demo oci://ghcr.io/acme/charts/demo --version 1.2.3',
      'helm repo add charts https://acme.github.io/charts\nhelm install demo charts/demo --version 1.2.3',
      'helm install demo https://github.com/acme/charts/releases/download/v1.2.3/demo-1.2.3.tgz',
      'git clone --depth 1 --branch v1.2.3 https://github.com/acme/charts\nhelm install demo ./charts/demo',
    ]
    const places = commands.map((command) => text.indexOf(command))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(text).toContain(`echo '${'ab12'.repeat(16)}  demo-1.2.3.tgz'`)
    expect(text).toContain('401 Unauthorized')
  })

  test('shows the newest stable version, and marks the others', () => {
    const page = render(
      writeIndex({
        demo: [
          entryOf('2.0.0-rc.1'),
          entryOf('1.10.0', {
            appVersion: '7.1',
            kubeVersion: '>=1.25.0-0',
            description: 'Ten',
          }),
          entryOf('1.9.0', { description: 'Nine' }),
        ],
      }),
    )['index.html']
    expect(page).toContain('<p class="lead" dir="auto">Ten</p>')
    expect(textOf(page ?? '')).toContain('--version 1.10.0')
    expect(page).toMatch(/2\.0\.0-rc\.1 <small class="mark">pre-release</)
    expect(page).toContain('1.10.0<td>7.1<td>1.25 or newer<td>2026-01-02<td>')
  })

  test('P9: no registry is named for a version that is not known to be there', () => {
    const index = writeIndex({ demo: [entryOf('1.3.0'), entryOf('1.2.3')] })
    const memory = readMemory(
      render(writeIndex({ demo: [entryOf('1.2.3')] }), {
        released: [releaseOf('1.2.3')],
      })['landing-page.json'] ?? '',
    )
    expect(memory?.charts.get('demo')?.version).toBe('1.2.3')
    const text = textOf(
      render(index, { memory: memory ?? emptyMemory })['index.html'] ?? '',
    )
    expect(text).toContain('helm install demo charts/demo --version 1.3.0')
    expect(text).not.toContain('oci://')
    expect(text).not.toContain('git clone')
  })

  test('says signed or not where that is known, and nothing elsewhere', () => {
    const index = writeIndex({
      demo: [entryOf('1.3.0'), entryOf('1.2.3'), entryOf('1.0.0')],
    })
    const signed = new Map([['demo 1.2.3', false]])
    const page = render(index, {
      memory: { ...emptyMemory, signed },
      released: [releaseOf('1.3.0', { isSigned: true })],
    })['index.html']
    const cells = (page ?? '')
      .split('<tr>')
      .slice(2)
      .map((row) => /<td>(\w*)\s*(?:<\/tbody>[\s\S]*)?$/.exec(row)?.[1])
    expect(cells).toEqual(['yes', 'no', ''])
    expect(page).toContain('--verify')
    expect(render(index)['index.html']).not.toContain('>Signed<')
  })

  test('a registry that wants a login says so, and a library is pulled', () => {
    const [registry] = releaseOf('1.2.3').registries
    const page = render(
      writeIndex({ demo: [entryOf('1.2.3', { type: 'library' })] }),
      {
        released: [
          releaseOf('1.2.3', {
            registries:
              registry === undefined ? [] : [{ ...registry, login: true }],
          }),
        ],
      },
    )['index.html']
    const text = textOf(page ?? '')
    expect(text).toContain('helm registry login ghcr.io')
    expect(text).toContain('helm pull oci://ghcr.io/acme/charts/demo')
    expect(text).not.toContain('helm install demo')
    expect(text).not.toContain('need no login')
  })

  test('names people and places, as links where a browser may follow', () => {
    const page = render(
      writeIndex({
        demo: [
          entryOf('1.2.3', {
            home: 'https://demo.example.com/',
            sources: [
              'https://github.com/acme/demo',
              'oci://ghcr.io/acme/charts',
            ],
            maintainers: [
              { name: 'Ada', email: 'ada@example.com' },
              { name: 'Bob', url: 'https://bob.example.com/' },
              { name: 'Eve', email: 'eve@x" onclick="alert(1)' },
            ],
            annotations: { 'artifacthub.io/license': 'Apache-2.0' },
            keywords: ['metrics', 'demo'],
            deprecated: true,
          }),
        ],
      }),
    )['index.html']
    expect(page).toContain('href="https://demo.example.com/"')
    expect(page).toContain('href="mailto:ada@example.com"')
    expect(page).toContain('href="https://bob.example.com/"')
    expect(page).toContain('<bdi>Eve</bdi>')
    expect(page).toContain('<bdi>oci://ghcr.io/acme/charts</bdi>')
    for (const words of ['Apache-2.0', 'metrics, demo', 'deprecated'])
      expect(page).toContain(words)
  })
})

describe('several charts', () => {
  const few = writeIndex({
    demo: [entryOf('1.2.3')],
    other: [entryOf('0.1.0', { name: 'other' })],
  })
  const many = writeIndex(
    Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [
        name,
        [entryOf('1.0.0', { name })],
      ]),
    ),
  )

  test('are sections of one page while they are few', () => {
    const files = render(few, { released: [releaseOf('1.2.3')] })
    expect(Object.keys(files)).toEqual(['index.html', 'landing-page.json'])
    const page = files['index.html'] ?? ''
    expect(page).toContain('href="#chart-2"')
    expect(page).toContain('<h2 id="chart-2"><bdi>other</bdi></h2>')
    expect(new Set(page.match(/ id="[^"]*"/g)).size).toBe(
      page.match(/ id="[^"]*"/g)?.length,
    )
  })

  test('have a page each when they are many, with links that stay relative', () => {
    const files = render(many)
    expect(Object.keys(files)).toHaveLength(8)
    expect(files['index.html']).toContain('href="charts/a.html"')
    expect(files['charts/a.html']).toContain('href="../"')
    expect(files['charts/a.html']).toContain('href="../index.yaml"')
  })

  test('keep their pages when they become few again; one that went says so', () => {
    const released = [releaseOf('1.0.0', { name: 'f' })]
    const memory = readMemory(
      render(many, { released })['landing-page.json'] ?? '',
    )
    const files = render(few, { memory: memory ?? emptyMemory })
    expect(Object.keys(files)).toEqual([
      'index.html',
      'landing-page.json',
      'charts/demo.html',
      'charts/other.html',
      'charts/f.html',
    ])
    expect(files['charts/f.html']).toContain('no longer in the Helm repository')
  })

  test('only the pages change whose charts did', () => {
    const before = render(many)
    const after = render(
      many.replace('  a:\n', '  a:\n  - version: 1.1.0\n    name: a\n'),
    )
    const changed = Object.keys(after).filter(
      (name) => after[name] !== before[name],
    )
    expect(changed).toEqual(['index.html', 'charts/a.html'])
  })

  test('an index without charts has a page that says so', () => {
    expect(render('apiVersion: v1\nentries: {}\n')['index.html']).toContain(
      'There are no charts here yet',
    )
  })
})

describe('hundreds of versions', () => {
  const versions = Array.from({ length: 900 }, (_, at) =>
    entryOf(`${9 - Math.floor(at / 100)}.${99 - (at % 100)}.0`, {
      appVersion: 'v2.10.1',
      kubeVersion: '>=1.25.0-0',
    }),
  )
  const page =
    render(writeIndex({ demo: versions }), {
      released: [releaseOf('9.99.0', { readme: 'Words. '.repeat(9000) })],
    })['index.html'] ?? ''

  test('stay below 100 KB: all are listed, the older ones folded', () => {
    expect(page.length).toBeLessThan(100_000)
    expect(page.match(/<tr><th scope=row>/g)).toHaveLength(900)
    expect(page.match(/<details class="older">/g)).toHaveLength(9)
    expect(page.slice(0, page.indexOf('<details'))).toContain('9.99.0')
    expect(page.slice(0, page.indexOf('<details'))).not.toContain('8.99.0<td>')
  })

  test('the newest have their digests', () => {
    expect(page).toMatch(/9\.99\.0<td>.*<code>(?:ab12){16}<\/code>/)
  })
})

if (realIndexes().length > 0)
  test.each(realIndexes())(
    'a page of $name is whole, small and the same each time',
    ({ text }) => {
      const files = render(text)
      const { 'landing-page.json': _memory, ...pages } = files
      for (const page of Object.values(pages)) {
        expect(Buffer.byteLength(page)).toBeLessThan(100_000)
        expect(page).toMatch(/<\/html>\s*$/)
      }
      expect(render(text)).toEqual(files)
    },
  )

test('P10: the same index and facts give the same bytes', () => {
  const index = writeIndex({ demo: [entryOf('1.2.3')] })
  const order = { facts, released: [releaseOf('1.2.3', { readme: '# Hi' })] }
  const first = render(index, order)
  const memory = readMemory(first['landing-page.json'] ?? '') ?? emptyMemory
  expect(render(index, order)).toEqual(first)
  expect(render(index, { ...order, memory })).toEqual(first)
  expect(render(index, { memory })).toEqual(first)
})

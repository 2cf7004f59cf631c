import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import { readCommands } from '../../testing/commands.ts'
import { chartFiles } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

const hostile = [
  '::set-output name=released::forged',
  '::add-mask::e',
  '##[add-mask]e',
  '\u001b[2J\u001b[31mred',
  '<script>alert(1)</script>',
  '| a | b |\n|---|---|\n| c | d |',
  '${{ secrets.TOKEN }}',
  '<!-- chart-release:install demo -->',
  '# A heading\n\n![x](https://evil.example/x.png) @everyone',
  '\u202egnp.exe',
].join('\n')

/** What Helm makes of it: spaces of all kinds, and nothing that is not printed. */
const packaged = hostile
  .replaceAll(/\s/g, ' ')
  .replaceAll(/\p{Cc}|\u202e/gu, '')

/** Only what the action itself says to the runner. */
function checkLog({ log }: ActionResult): void {
  const commands = readCommands(log)
  const names = new Set(commands.map(({ name }) => name))
  for (const name of ['set-output', 'stop-commands', 'set-env', 'add-path'])
    expect(names.has(name)).toBe(false)
  const masked = commands.filter(({ name }) => name === 'add-mask')
  for (const { data } of masked) expect(data.length).toBeGreaterThan(10)
  // oxlint-disable-next-line no-control-regex
  expect(log).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/)
}

test('P11: a chart full of it is released, and nothing of it comes alive', async () => {
  const changes = JSON.stringify([
    {
      kind: 'fixed',
      description: hostile,
      links: [{ name: hostile, url: 'javascript:alert(1)' }],
    },
  ])
  const values = {
    appVersion: hostile,
    annotations: {
      'artifacthub.io/changes': changes,
      ['__proto__']: hostile,
      constructor: hostile,
      'a b': hostile,
      '::add-mask::e': '\r::add-mask::e',
      [`long-${'x'.repeat(800)}`]: 'y'.repeat(10_000),
    },
    keywords: [hostile, '__proto__'],
    maintainers: [{ name: hostile, email: 'a@example.com' }],
    home: 'https://example.com/<script>',
  }
  const files = chartFiles()
  const description = 'description: A chart to be released\n'
  const chartFile = (files['demo/Chart.yaml'] as string).replace(
    description,
    '',
  )
  const repository = await world.repository(
    {
      ...files,
      'demo/Chart.yaml': `${chartFile}${Object.entries({
        description: hostile,
        ...values,
      })
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
        .join('\n')}\n`,
    },
    'v1.2.3',
  )
  const run = await world.release({
    repository,
    tag: 'v1.2.3',
    inputs: { 'release-name': '{chart} {app-version}' },
    environment: { RUNNER_DEBUG: '1' },
  })
  expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([])
  checkLog(run)
  expect(run.outputs['released']).toBe('true')
  expect(run.outputs['app-version']).toBe(packaged)
  const [receipt] = JSON.parse(run.outputs['charts'] ?? '') as Receipt[]
  expect(receipt?.appVersion).toBe(packaged)
  const [release] = world.github.releases()
  for (const markdown of [run.summary, release?.body ?? '']) {
    const tags = new Set(
      markdown
        .replaceAll(/^```[^]*?^```$/gm, '')
        .replaceAll(/<!-- \/?chart-release:[^\n]*? -->/g, '')
        .match(/<[^>]*>?/g),
    )
    for (const tag of tags)
      expect(['<wbr>', '<code>', '</code>']).toContain(tag)
    expect(markdown).not.toMatch(
      /(?<!\\)!\[|@everyone|javascript:\/?\/?alert\(1\)\)/,
    )
    // oxlint-disable-next-line no-control-regex
    expect(markdown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/)
  }
  expect(
    release?.body?.match(/^<!-- chart-release:install demo -->$/gm),
  ).toHaveLength(1)
  const index = parse(
    await (await fetch(`${world.pages.url}/index.yaml`)).text(),
    { version: '1.1' },
  ) as { entries: Record<string, [{ description: string }]> }
  expect(Object.keys(index.entries)).toEqual(['demo'])
  expect(index.entries['demo']?.[0].description).toBe(packaged)
})

describe('P11: what names a chart or a version is refused as text', () => {
  const names: Readonly<Record<string, string>> = {
    '__proto__ ': '__proto__',
    'that leads up': '../../outside',
    'that is absolute': '/etc/passwd',
    'with a NUL': 'a\0b',
    'that turns around': '\u202egnp',
    'of 10,000 characters': 'x'.repeat(10_000),
    'full of it': hostile,
  }
  test.each(Object.entries(names))('a name %s', async (_, name) => {
    const files = chartFiles()
    const repository = await world.repository(
      {
        ...files,
        'demo/Chart.yaml': (files['demo/Chart.yaml'] as string).replace(
          'name: demo',
          `name: ${JSON.stringify(name)}`,
        ),
      },
      'v1.2.3',
    )
    const before = world.mutations()
    const run = await world.release({ repository, tag: 'v1.2.3' })
    checkLog(run)
    expect(
      run.annotations.map(({ properties }) => properties['title']),
    ).toEqual(['CHART_INVALID'])
    expect(world.mutations()).toBe(before)
    expect(run.summary).not.toMatch(/<script|\u202e/)
  })

  const versions: Readonly<Record<string, string>> = {
    'of 10,000 characters': `1.2.3-${'x'.repeat(10_000)}`,
    'full of it': `1.2.3+${hostile}`,
    'with a line break': '1.2.3\n::add-mask::e',
  }
  test.each(Object.entries(versions))('a version %s', async (_, version) => {
    const files = chartFiles()
    const repository = await world.repository(
      {
        ...files,
        'demo/Chart.yaml': (files['demo/Chart.yaml'] as string).replace(
          'version: 1.2.3',
          `version: ${JSON.stringify(version)}`,
        ),
      },
      'v1.2.3',
    )
    const run = await world.release({ repository, tag: 'v1.2.3' })
    checkLog(run)
    expect(
      run.annotations.map(({ properties }) => properties['title']),
    ).toEqual(['CHART_INVALID'])
  })

  test('a chart may be called constructor, and is one like any other', async () => {
    const repository = await world.repository(
      chartFiles({ name: 'constructor' }),
      'constructor-1.2.3',
    )
    const run = await world.release({ repository, tag: 'constructor-1.2.3' })
    expect(run.log).not.toContain('::error')
    expect(run.outputs['name']).toBe('constructor')
  })

  test('folders are called what they like', async () => {
    const directory = 'a\n::add-mask::e \u001b[31m <script> \u202e'
    const repository = await world.repository(
      chartFiles({ directory }),
      'v1.2.3',
    )
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: { verify: 'false' },
    })
    checkLog(run)
    expect(run.outputs['released']).toBe('true')
    expect(run.summary).not.toMatch(/<script/)
  })

  test('a tag', async () => {
    const tag = `v1.2.3-<script>::add-mask::e ${'x'.repeat(10_000)}\u202e`
    const repository = await world.repository(chartFiles())
    const run = await world.release({ repository, tag })
    checkLog(run)
    expect(
      run.annotations.map(({ properties }) => properties['title']),
    ).toEqual(['TAG_INVALID'])
    expect(run.summary).not.toMatch(/<script|\u202e/)
  })
})

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { findSection } from '../../src/release-notes/install-section.ts'
import type { ActionResult } from '../../testing/action.ts'
import { chartFiles, type Repository } from '../../testing/repository.ts'
import { createStranger, type Stranger } from '../../testing/stranger.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

let world: LoopbackWorld
let stranger: Stranger
let repository: Repository
let first: ActionResult

const annotated = `annotations:
  artifacthub.io/changes: |
    - kind: fixed
      description: A crash, found by @somebody <img src=x>
`

beforeAll(async () => {
  world = await startWorld()
  stranger = await createStranger(4)
  repository = await world.repository(
    {
      ...chartFiles({ extra: annotated }),
      'CHANGELOG.md': '## [1.3.0]\n\n- From the *changelog*\n\n## 1.2.3\n',
      'NOTES.md': '# By hand\n',
    },
    'v1.2.3',
  )
  first = await world.release({ repository, tag: 'v1.2.3' })
})
afterAll(async () => {
  await stranger.remove()
  await world.close()
})

function bodyOf(tag: string): string {
  const release = world.github.releases().find((one) => one.tag === tag)
  return release?.body ?? ''
}

test('P11: the annotation is the text of the release, and nothing in it comes alive', () => {
  expect(first.log).not.toContain('::error')
  expect(bodyOf('v1.2.3')).toMatch(
    /^### Fixed\n\n- A crash, found by @<wbr>somebody &lt;img src=x&gt;\n\n<!-- chart-release:install demo -->\n/,
  )
  expect(bodyOf('v1.2.3')).toContain(first.outputs['digest'])
})

test('the commands in the text work as they are', async () => {
  const commands = [...bodyOf('v1.2.3').matchAll(/^```sh\n([^]*?)\n```$/gm)]
  expect(commands).toHaveLength(3)
  for (const [, lines = ''] of commands)
    for (const line of lines.split('\n')) {
      // No cluster here: what would be installed is rendered.
      const args = line
        .split(' ')
        .slice(1)
        .map((word) => (word === 'install' ? 'template' : word))
      expect(await stranger.helm(...args)).toMatch(
        /kind: ConfigMap|has been added/,
      )
    }
})

test('P6: another registry changes the commands, once, and nothing else', async () => {
  const [release] = world.github.releases()
  const before = release?.body ?? ''
  const registries = `oci://${world.registryPath}\noci://${world.registry.host}/second`
  const run = { repository, tag: 'v1.2.3', inputs: { registries } }
  const again = await world.release(run)
  expect(again.exitCode).toBe(0)
  expect(again.log).toContain('add install commands')
  const after = bodyOf('v1.2.3')
  expect(after).toContain(`oci://${world.registry.host}/second/demo`)
  expect(outside(after)).toBe(outside(before))
  const changes = world.mutations()
  expect((await world.release(run)).exitCode).toBe(0)
  expect(world.mutations()).toBe(changes)
})

test('a chart without changes takes its changelog, then GitHub’s notes', async () => {
  for (const [version, words] of [
    ['1.3.0', /^- From the \*changelog\*\n\n<!--/],
    [
      '1.4.0',
      /^\*\*Full Changelog\*\*: \S+\/compare\/v1\.3\.0\.\.\.v1\.4\.0\n\n<!--/,
    ],
  ] as const) {
    await world.push(repository, chartFiles({ version }), `v${version}`)
    await world.release({ repository, tag: `v${version}` })
    expect(bodyOf(`v${version}`)).toMatch(words)
  }
})

test('a file that is missing stops the run before anything is published', async () => {
  await world.push(repository, chartFiles({ version: '1.5.0' }), 'v1.5.0')
  const before = world.mutations()
  const run = (file: string): Promise<ActionResult> =>
    world.release({
      repository,
      tag: 'v1.5.0',
      inputs: { 'release-notes': file },
    })
  const failed = await run('MISSING.md')
  expect(failed.exitCode).toBe(1)
  expect(failed.annotations).toContainEqual({
    level: 'error',
    message: expect.stringMatching(/^release-notes: "MISSING\.md"/),
    properties: { title: 'INPUT_INVALID' },
  })
  expect(world.mutations()).toBe(before)
  expect((await run('NOTES.md')).exitCode).toBe(0)
  expect(bodyOf('v1.5.0')).toMatch(/^# By hand\n\n<!--/)
})

/** The text without the install commands. */
function outside(body: string): string {
  const place = findSection(body, 'demo') as { from: number; to: number }
  return body.slice(0, place.from) + body.slice(place.to)
}

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ActionResult } from '../../testing/action.ts'
import { chartFiles } from '../../testing/repository.ts'
import {
  type LoopbackWorld,
  type ReleaseRun,
  startWorld,
} from '../../testing/world.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

/** A run that must fail, and must not have changed anything anywhere. */
async function refused(run: ReleaseRun): Promise<ActionResult> {
  const before = world.mutations()
  const result = await world.release(run)
  expect(world.mutations()).toBe(before)
  expect(result.exitCode).toBe(1)
  return result
}

function errorsOf({ annotations }: ActionResult) {
  return annotations.filter(({ level }) => level === 'error')
}

describe('a tag that is not the chart’s', () => {
  test('P2: another version is TAG_MISMATCH, at the line of the version', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.4')
    const errors = errorsOf(await refused({ repository, tag: 'v1.2.4' }))
    expect(errors).toHaveLength(1)
    expect(errors[0]?.properties).toMatchObject({
      title: 'TAG_MISMATCH',
      file: 'demo/Chart.yaml',
      line: '3',
    })
    expect(errors[0]?.message).toContain('1.2.4')
    expect(errors[0]?.message).toContain('1.2.3')
  })

  test.each(['latest', 'v1.2', 'v01.2.3', '1.2.3-01', 'v1.2.3.4'])(
    'P2: %s is TAG_INVALID, and the message shows a valid one',
    async (tag) => {
      const repository = await world.repository(chartFiles(), tag)
      const errors = errorsOf(await refused({ repository, tag }))
      expect(errors.map(({ properties }) => properties['title'])).toEqual([
        'TAG_INVALID',
      ])
      expect(errors[0]?.message).toMatch(/v1\.2\.3\b/)
    },
  )

  test('a run without a tag is TAG_MISSING', async () => {
    const repository = await world.repository(chartFiles())
    const errors = errorsOf(await refused({ repository }))
    expect(errors[0]?.properties['title']).toBe('TAG_MISSING')
  })

  test('a tag that was never pushed is TAG_MISSING', async () => {
    const repository = await world.repository(chartFiles())
    const errors = errorsOf(
      await refused({
        repository,
        event: 'workflow_dispatch',
        inputs: { tag: 'v1.2.3' },
      }),
    )
    expect(errors[0]?.properties['title']).toBe('TAG_MISSING')
    expect(errors[0]?.message).toContain('git push origin v1.2.3')
  })

  test('a tag input on a main that has moved on is TAG_MISMATCH, with the ref to check out', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    await world.push(repository, { 'README.md': 'later\n' })
    const errors = errorsOf(
      await refused({
        repository,
        event: 'workflow_dispatch',
        inputs: { tag: 'v1.2.3' },
      }),
    )
    expect(errors[0]?.properties['title']).toBe('TAG_MISMATCH')
    expect(errors[0]?.message).toContain('ref: refs/tags/v1.2.3')
  })

  test('a tag input on the tag’s own commit is released, annotated tags too', async () => {
    const repository = await world.repository(chartFiles())
    await repository.tag('v1.2.3', { annotated: true })
    await world.github.pushRepository(repository.path)
    const run = await world.release({
      repository,
      event: 'workflow_dispatch',
      inputs: { tag: 'v1.2.3' },
    })
    expect(errorsOf(run)).toEqual([])
    expect(run.outputs['released']).toBe('true')
  })
})

describe('a chart that cannot be released', () => {
  test('a v before its version is CHART_INVALID, with the reason and the fix', async () => {
    const repository = await world.repository(
      chartFiles({ version: 'v1.2.3' }),
      'v1.2.3',
    )
    const errors = errorsOf(await refused({ repository, tag: 'v1.2.3' }))
    expect(errors[0]?.properties).toMatchObject({
      title: 'CHART_INVALID',
      file: 'demo/Chart.yaml',
      line: '3',
    })
    expect(errors[0]?.message).toMatch(/OCI/)
    expect(errors[0]?.message).toContain('version: 1.2.3')
  })

  test('P2: what helm lint refuses is LINT_FAILED, with file and line', async () => {
    const repository = await world.repository(
      {
        ...chartFiles(),
        'demo/templates/broken.yaml': 'a: 1\nb: {{ .Values.greeting \n',
      },
      'v1.2.3',
    )
    const errors = errorsOf(await refused({ repository, tag: 'v1.2.3' }))
    expect(errors[0]?.properties).toMatchObject({
      title: 'LINT_FAILED',
      file: 'demo/templates/broken.yaml',
    })
  })

  test('no subchart, fixture or node module is mistaken for a chart', async () => {
    const repository = await world.repository(
      {
        ...chartFiles({
          extra: 'dependencies:\n  - name: sub\n    version: 1.2.3\n',
        }),
        ...chartFiles({ name: 'sub', directory: 'demo/charts/sub' }),
        ...chartFiles({ name: 'fixture', directory: 'tests/fixture' }),
        ...chartFiles({ name: 'example', directory: 'examples/example' }),
        ...chartFiles({ name: 'module', directory: 'node_modules/module' }),
        ...chartFiles({ name: 'hidden', directory: '.hidden/chart' }),
        ...chartFiles({ name: 'deep', directory: 'a/b/c/d' }),
      },
      'v1.2.3',
    )
    const run = await world.release({ repository, tag: 'v1.2.3' })
    expect(errorsOf(run)).toEqual([])
    expect(run.outputs['name']).toBe('demo')
  })
})

describe('a version that is published with other content', () => {
  test('P5: is VERSION_CONFLICT, names both digests and touches nothing', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const first = await world.release({ repository, tag: 'v1.2.3' })
    await world.push(
      repository,
      { 'demo/values.yaml': 'greeting: changed\n' },
      'demo-1.2.3',
    )
    const run = await refused({ repository, tag: 'demo-1.2.3' })
    const errors = errorsOf(run)
    expect(errors).toHaveLength(1)
    expect(errors[0]?.properties).toMatchObject({
      title: 'VERSION_CONFLICT',
      file: 'demo/Chart.yaml',
    })
    expect(errors[0]?.message).toContain(first.outputs['digest'])
    expect(errors[0]?.message).toContain(run.outputs['digest'])
    expect(run.outputs['digest']).not.toBe(first.outputs['digest'])
    expect(run.log.trimEnd().split('\n').at(-1)).toMatch(
      /^::error .*title=VERSION_CONFLICT/,
    )
  })

  test('P5: with on-conflict: skip the run goes on, and nothing is touched either', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    await world.release({ repository, tag: 'v1.2.3' })
    await world.push(
      repository,
      { 'demo/values.yaml': 'greeting: changed\n' },
      'demo-1.2.3',
    )
    const before = world.mutations()
    const run = await world.release({
      repository,
      tag: 'demo-1.2.3',
      inputs: { 'on-conflict': 'skip' },
    })
    expect(run.exitCode).toBe(0)
    expect(world.mutations()).toBe(before)
    expect(run.outputs['released']).toBe('false')
    expect(run.outputs['charts']).toContain('"status":"conflict"')
    expect(run.log).not.toContain('::error')
    expect(run.annotations.map(({ message }) => message).join()).toContain(
      'already published with other content',
    )
  })
})

describe('a repository that is not public', () => {
  test('leaves pages out, also when only GitHub can tell', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    world.github.setVisibility('private')
    const run = await world.release({ repository, tag: 'v1.2.3' })
    expect(errorsOf(run)).toEqual([])
    expect(run.log).toContain('gh-pages is left out')
    expect(await world.github.branchHead('gh-pages')).toBeNull()
    expect(run.outputs['index-url']).toBe('')
  })
})

describe('a job that may not do what it must', () => {
  test('P2: wrong registry credentials are REGISTRY_AUTH before anything is published', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const errors = errorsOf(
      await refused({
        repository,
        tag: 'v1.2.3',
        inputs: {
          'registry-credentials': `${world.registry.host} robot wrong`,
        },
      }),
    )
    expect(errors[0]?.properties['title']).toBe('REGISTRY_AUTH')
    expect(errors[0]?.message).toContain('registry-credentials')
  })

  test('P2: a token that may only read is PERMISSION_DENIED, and the registry stays empty', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    world.github.setPermission('contents', 'read')
    const run = await world.release({ repository, tag: 'v1.2.3' })
    expect(run.exitCode).toBe(1)
    const errors = errorsOf(run)
    expect(errors[0]?.properties['title']).toBe('PERMISSION_DENIED')
    expect(errors[0]?.message).toContain('contents: write')
    expect(await world.registry.tags('example/charts/demo')).toEqual([])
  })

  test.each<[Record<string, string>, string]>([
    [{ attest: 'true' }, 'attest'],
    [{ 'pages-site': 'yes' }, 'pages-site'],
    [{ 'signing-key': 'a key' }, 'signing-key'],
    [{ unknown: 'x' }, 'unknown'],
  ])('%o is INPUT_INVALID before anything else', async (inputs, name) => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const asked = world.github.door.requests.length
    const errors = errorsOf(
      await refused({
        repository,
        tag: 'v1.2.3',
        inputs,
      }),
    )
    expect(errors[0]?.properties['title']).toBe('INPUT_INVALID')
    expect(errors[0]?.message).toContain(name)
    expect(world.github.door.requests).toHaveLength(asked)
  })
})

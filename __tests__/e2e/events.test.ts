import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ActionResult } from '../../testing/action.ts'
import { chartFiles } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

const quick = { verify: 'false' }

function codes(run: ActionResult): readonly string[] {
  return run.annotations
    .filter(({ level }) => level === 'error')
    .map(({ properties }) => properties['title'] ?? '')
}

describe('a release that a person has published', () => {
  test('P6: is joined: its name, text and flags stay', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    await world.github.createRelease({
      tag: 'v1.2.3',
      name: 'The big one',
      body: 'Written by hand.\n',
      prerelease: true,
    })
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      event: 'release',
      inputs: quick,
    })
    expect(run.log).not.toContain('::error')
    const [release, ...others] = world.github.releases()
    expect(others).toEqual([])
    expect(release).toMatchObject({ name: 'The big one', prerelease: true })
    expect(release?.body).toMatch(/^Written by hand\.\n/)
    expect(release?.assets.map(({ name }) => name)).toEqual(['demo-1.2.3.tgz'])
  })

  test('and that is immutable cannot be joined: RELEASE_IMMUTABLE, nothing published', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    world.github.setImmutable(true)
    await world.github.createRelease({ tag: 'v1.2.3' })
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      event: 'release',
      inputs: quick,
    })
    expect(codes(run)).toEqual(['RELEASE_IMMUTABLE'])
    expect(world.registry.mutations()).toEqual([])
  })
})

describe('a run that is no push of a tag', () => {
  test.each(['workflow_dispatch', 'workflow_call'])(
    'on %s releases the tag that it is given',
    async (event) => {
      const repository = await world.repository(chartFiles(), 'v1.2.3')
      const run = await world.release({
        repository,
        event,
        inputs: { ...quick, tag: 'v1.2.3' },
      })
      expect(run.log).not.toContain('::error')
      expect(run.outputs['released']).toBe('true')
    },
  )

  test('on schedule releases what is new on the branch', async () => {
    const repository = await world.repository(chartFiles())
    const run = await world.release({
      repository,
      event: 'schedule',
      inputs: { ...quick, 'create-tags': 'true' },
    })
    expect(run.log).not.toContain('::error')
    expect(world.github.releases().map(({ tag }) => tag)).toEqual([
      'demo-1.2.3',
    ])
  })

  test('with neither tag nor create-tags says so', async () => {
    const repository = await world.repository(chartFiles())
    const run = await world.release({ repository, inputs: quick })
    expect(codes(run)).toEqual(['TAG_MISSING'])
  })

  test.each(['pull_request', 'pull_request_target', 'workflow_run'])(
    'on %s publishes nothing, whatever it is asked for',
    async (event) => {
      const repository = await world.repository(chartFiles(), 'v1.2.3')
      const before = world.mutations()
      for (const inputs of [{ tag: 'v1.2.3' }, { 'create-tags': 'true' }]) {
        const run = await world.release({ repository, event, inputs })
        expect(codes(run)).toEqual(['INPUT_INVALID'])
      }
      expect(world.mutations()).toBe(before)
    },
  )
})

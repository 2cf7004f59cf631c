import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import {
  type ChartRepository,
  startChartRepository,
} from '../../testing/chart-repository.ts'
import { chartFiles } from '../../testing/repository.ts'
import { createStranger, type Stranger } from '../../testing/stranger.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

let world: LoopbackWorld
let dependencies: ChartRepository
let stranger: Stranger

beforeEach(async () => {
  world = await startWorld()
  dependencies = await startChartRepository()
  stranger = await createStranger()
  await publishDependency('1.0.0')
})
afterEach(async () => {
  await stranger.remove()
  await dependencies.close()
  await world.close()
})

async function publishDependency(version: string): Promise<void> {
  await dependencies.add(
    chartFiles({ name: 'common', version, directory: `common-${version}` }),
    `common-${version}`,
  )
}

/** A chart whose dependency floats: there is no Chart.lock. */
function floating() {
  return chartFiles({
    extra: `dependencies:
  - name: common
    version: ">=1.0.0"
    repository: ${dependencies.url}
`,
  })
}

function statusesOf({ outputs }: ActionResult): unknown {
  const [receipt] = JSON.parse(outputs['charts'] ?? '[]') as Receipt[]
  return receipt?.publications.map(({ status }) => status)
}

async function expectSameBytes(run: ActionResult): Promise<void> {
  await stranger.helm('repo', 'add', 'demo', world.pages.url)
  const digests = [
    await stranger.pull(
      `oci://${world.registryPath}/demo`,
      '--version',
      '1.2.3',
      '--plain-http',
    ),
    await stranger.pull('demo/demo', '--version', '1.2.3'),
  ]
  expect(new Set(digests)).toEqual(new Set([run.outputs['digest']]))
}

describe('P4: a run that was cut short is finished by the next', () => {
  test('publishing the release failed: the draft’s archive is the package, though dependencies moved on', async () => {
    const repository = await world.repository(floating(), 'v1.2.3')
    world.github.door.inject({
      method: 'PATCH',
      path: /\/releases\/\d+$/,
      effect: {
        kind: 'status',
        status: 422,
        headers: { 'content-type': 'application/json' },
        body: '{"message":"Validation Failed"}',
      },
    })
    const first = await world.release({ repository, tag: 'v1.2.3' })
    expect(first.exitCode).toBe(1)
    expect(statusesOf(first)).toEqual(['published', 'failed', 'failed'])
    expect(world.github.releases()).toMatchObject([{ draft: true }])

    await publishDependency('1.1.0')
    const pushes = world.registry.mutations().length
    const second = await world.release({ repository, tag: 'v1.2.3' })
    expect(second.exitCode).toBe(0)
    expect(statusesOf(second)).toEqual(['unchanged', 'published', 'published'])
    expect(world.registry.mutations()).toHaveLength(pushes)
    expect(second.outputs['digest']).toBe(first.outputs['digest'])
    expect(world.github.releases()).toMatchObject([
      { draft: false, assets: [{ digest: first.outputs['digest'] }] },
    ])
    await expectSameBytes(first)
  })

  test('the index failed: it gets the published bytes, though dependencies moved on', async () => {
    const repository = await world.repository(floating(), 'v1.2.3')
    world.github.door.inject({
      method: 'POST',
      path: /\/git\/trees$/,
      effect: { kind: 'status', status: 422, body: '{}' },
    })
    const first = await world.release({ repository, tag: 'v1.2.3' })
    expect(statusesOf(first)).toEqual(['published', 'published', 'failed'])

    await publishDependency('1.1.0')
    const second = await world.release({ repository, tag: 'v1.2.3' })
    expect(second.exitCode).toBe(0)
    expect(statusesOf(second)).toEqual(['unchanged', 'unchanged', 'published'])
    expect(second.outputs['digest']).toBe(first.outputs['digest'])
    expect(second.annotations.map(({ message }) => message).join()).toContain(
      'moved on',
    )
    await expectSameBytes(first)
  })

  test('a dependency that cannot be had for a moment is fetched again', async () => {
    const repository = await world.repository(floating(), 'v1.2.3')
    dependencies.door.inject({
      path: /./,
      times: 2,
      effect: { kind: 'status', status: 503 },
    })
    const run = await world.release({ repository, tag: 'v1.2.3', hurry: 20 })
    expect(run.exitCode).toBe(0)
    expect(run.log).toContain('helm dependency update: ')
  })

  test('a registry that joins later gets the same bytes', async () => {
    const repository = await world.repository(floating(), 'v1.2.3')
    const first = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: { registries: '' },
    })
    expect(statusesOf(first)).toEqual(['published', 'published'])
    await publishDependency('1.1.0')
    const second = await world.release({ repository, tag: 'v1.2.3' })
    expect(statusesOf(second)).toEqual(['published', 'unchanged', 'unchanged'])
    await expectSameBytes(first)
  })

  test('a missing alias is added to a published version', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    await world.release({ repository, tag: 'v1.2.3' })
    const second = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: { 'registry-aliases': 'v{version}\nlatest' },
    })
    expect(second.exitCode).toBe(0)
    expect(second.outputs['released']).toBe('false')
    expect(second.log).toContain('added: alias latest')
    expect(
      [...(await world.registry.tags('example/charts/demo'))].sort(),
    ).toEqual(['1.2.3', 'latest', 'v1.2.3'])
  })
})

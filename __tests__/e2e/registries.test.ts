import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import { type Registry, startRegistry } from '../../testing/registry.ts'
import { chartFiles } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

const first = 'robot a password, with "quotes" & $pace'
let world: LoopbackWorld
let quay: Registry

beforeEach(async () => {
  world = await startWorld()
  quay = await startRegistry({ auth: 'token', users: { ship: 'yard' } })
})
afterEach(async () => {
  await world.close()
  await quay.close()
})

async function release(
  lines: readonly string[],
  logins: readonly string[],
): Promise<ActionResult> {
  const repository = await world.repository(chartFiles(), 'v1.2.3')
  return await world.release({
    repository,
    tag: 'v1.2.3',
    inputs: {
      registries: lines.join('\n'),
      'registry-credentials': logins.join('\n'),
    },
  })
}

function publicationsOf(run: ActionResult): Receipt['publications'] {
  const [receipt] = JSON.parse(run.outputs['charts'] ?? '[]') as Receipt[]
  return receipt?.publications ?? []
}

describe('two registries', () => {
  test('P1: each with its own login, get the same manifest', async () => {
    const run = await release(
      [`oci://${world.registryPath}`, `oci://${quay.host}/yard`],
      [`${world.registry.host} ${first}`, `${quay.host} ship yard`],
    )
    expect(run.log).not.toContain('::error')
    const [one, two] = publicationsOf(run)
    expect(two).toMatchObject({
      target: `oci://${quay.host}/yard/demo`,
      status: 'published',
      verified: 'installable',
    })
    expect(two?.digest).toBe(one?.digest)
  })

  test('of which an optional one fails: a warning, and the rest goes on', async () => {
    const run = await release(
      [`oci://${world.registryPath}`, `oci://${quay.host}/yard optional`],
      [`${world.registry.host} ${first}`, `${quay.host} ship wrong`],
    )
    expect(run.exitCode).toBe(0)
    expect(publicationsOf(run).map(({ status }) => status)).toEqual([
      'published',
      'failed',
      'published',
      'published',
    ])
    expect(run.annotations).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining(quay.host),
      }),
    )
  })

  test('P2: of which a required one refuses: nothing is published anywhere', async () => {
    const run = await release(
      [`oci://${world.registryPath}`, `oci://${quay.host}/yard`],
      [`${world.registry.host} ${first}`, `${quay.host} ship wrong`],
    )
    expect(
      run.annotations
        .filter(({ level }) => level === 'error')
        .map(({ properties }) => properties['title']),
    ).toEqual(['REGISTRY_AUTH'])
    expect(world.registry.mutations()).toEqual([])
    expect(world.github.releases()).toEqual([])
  })

  test('of which a required one fails at the push: the release stays a draft', async () => {
    quay.door.inject({
      method: 'PUT',
      path: /manifests\//,
      times: 99,
      effect: { kind: 'status', status: 400 },
    })
    const run = await release(
      [`oci://${world.registryPath}`, `oci://${quay.host}/yard`],
      [`${world.registry.host} ${first}`, `${quay.host} ship yard`],
    )
    expect(run.exitCode).toBe(1)
    expect(publicationsOf(run).map(({ status }) => status)).toEqual([
      'published',
      'failed',
      'failed',
      'failed',
    ])
    expect(world.github.releases().every(({ draft }) => draft)).toBe(true)
    expect(await world.github.branchHead('gh-pages')).toBeNull()
  })
})

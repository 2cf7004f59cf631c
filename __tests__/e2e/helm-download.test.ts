import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { type Door, openDoor } from '../../testing/door.ts'
import { helmArchive } from '../../testing/helm.ts'
import { chartFiles, type Repository } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

let world: LoopbackWorld
let repository: Repository
let mirror: Door

beforeEach(async () => {
  world = await startWorld()
  repository = await world.repository(chartFiles(), 'v1.2.3')
  const archive = await helmArchive(4)
  const sum = createHash('sha256').update(archive).digest('hex')
  mirror = await openDoor(async ({ url: { pathname } }) =>
    pathname.endsWith('.sha256sum')
      ? { status: 200, body: `${sum}  ${pathname.slice(1, -10)}\n` }
      : { status: 200, body: archive },
  )
})
afterEach(async () => {
  await mirror.close()
  await world.close()
})

describe('Helm from a mirror', () => {
  test('is downloaded, checked, used, and taken from the tool cache the next time', async () => {
    const inputs = {
      'helm-version': 'v4.2.3',
      'helm-download-url': mirror.url,
    }
    const first = await world.release({ repository, tag: 'v1.2.3', inputs })
    expect(first.log).not.toContain('::error')
    expect(first.log).toMatch(/Helm v4\.2\.3 at .*chart-release-helm/)
    expect(mirror.requests).toHaveLength(2)
    await world.release({
      repository,
      tag: 'v1.2.3',
      inputs,
      environment: { RUNNER_TOOL_CACHE: `${first.temp}/tools` },
    })
    expect(mirror.requests).toHaveLength(2)
  })

  test('P2: another binary as the default version is refused, though its checksum file fits', async () => {
    const before = world.mutations()
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: { 'helm-version': '', 'helm-download-url': mirror.url },
    })
    expect(run.exitCode).toBe(1)
    expect(run.log).toContain('title=HELM_UNAVAILABLE')
    expect(world.mutations()).toBe(before)
  })
})

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { chmod, utimes } from 'node:fs/promises'
import path from 'node:path'
import { chartFiles } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

const worlds: LoopbackWorld[] = []

beforeEach(async () => {
  worlds.push(await startWorld(), await startWorld({ repo: 'elsewhere' }))
})
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(async (world) => await world.close()))
})

describe('P10: two checkouts of one commit', () => {
  test('give one package digest and one manifest digest, whatever the time and the place', async () => {
    const [one, other] = worlds as [LoopbackWorld, LoopbackWorld]
    const repository = await one.repository(
      {
        ...chartFiles({
          extra: `dependencies:
  - name: local
    version: 0.1.0
    repository: file://../local
`,
        }),
        ...chartFiles({ name: 'local', version: '0.1.0' }),
      },
      'demo-1.2.3',
    )
    const clone = await repository.clone()
    try {
      await other.github.pushRepository(clone.path)
      // A checkout sets the times to its own moment, and modes by its umask.
      const file = path.join(clone.path, 'demo/values.yaml')
      await utimes(file, new Date('2001-01-01'), new Date('2001-01-01'))
      await chmod(file, 0o600)

      const first = await one.release({ repository, tag: 'demo-1.2.3' })
      const second = await other.release({
        repository: clone,
        tag: 'demo-1.2.3',
      })
      expect(first.exitCode).toBe(0)
      expect(second.exitCode).toBe(0)
      expect(first.outputs['digest']).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect(second.outputs['digest']).toBe(first.outputs['digest'])
      expect(second.outputs['oci-digest']).toBe(first.outputs['oci-digest'])
      expect(second.outputs['oci-reference']).not.toBe(
        first.outputs['oci-reference'],
      )
    } finally {
      await clone.remove()
    }
  })
})

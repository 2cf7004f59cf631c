import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { deleteDraft, editBody } from '../../src/github/release.ts'
import { type Site, startSite } from './site.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
})
afterEach(async () => {
  await site.close()
})

test('a draft that was published meanwhile is not deleted', async () => {
  const { id } = await site.server.createRelease({ tag: 'v1.0.0' })
  await deleteDraft(site.github, id)
  expect(site.server.releases()).toMatchObject([{ id }])
})

test('P4: a draft is deleted once, also when the answer is lost', async () => {
  for (const when of ['before', 'after'] as const) {
    const tag = `v-${when}`
    const { id } = await site.server.createRelease({ tag, draft: true })
    site.server.door.inject({
      method: 'DELETE',
      path: /./,
      effect: { kind: 'reset', when },
    })
    await deleteDraft(site.github, id)
    await deleteDraft(site.github, id)
  }
  expect(site.server.releases()).toEqual([])
  expect(site.mutations()).toHaveLength(2)
})

test('P6: editing the text leaves the rest of a release as it is', async () => {
  const made = await site.server.createRelease({
    tag: 'v1.0.0',
    name: 'Name',
    body: 'Text',
    prerelease: true,
    assets: [{ name: 'a', content: 'a' }],
  })
  site.server.door.inject({
    method: 'PATCH',
    path: /./,
    effect: { kind: 'reset', when: 'after' },
  })
  expect((await editBody(site.github, made.id, 'New'))?.body).toBe('New')
  expect(site.server.releases()).toEqual([{ ...made, body: 'New' }])
  expect(site.mutations()).toHaveLength(1)
  expect(await editBody(site.github, 999, 'New')).toBeNull()
})

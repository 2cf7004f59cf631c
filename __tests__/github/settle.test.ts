import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { writeOnce } from '../../src/github/settle.ts'
import { createTag } from '../../src/github/tags.ts'
import { generateNotes } from '../../src/release-notes/generated.ts'
import { type Site, startSite } from './site.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
})
afterEach(async () => {
  await site.close()
})

/** What octokit throws without an answer. */
const lost = new Error('the connection broke')
const refused = Object.assign(new Error('no'), { status: 422, response: {} })

/** A write that fails so, and may have happened all the same. */
function order(faults: readonly Error[], happens: boolean) {
  const left = [...faults]
  const done: string[] = []
  return {
    done,
    what: 'write it',
    write: async () => {
      done.push('write')
      const fault = left.shift()
      return await (fault === undefined
        ? Promise.resolve('written')
        : Promise.reject(fault))
    },
    look: async () => {
      done.push('look')
      return await Promise.resolve(happens ? { made: 'seen' } : undefined)
    },
  }
}

describe('a write', () => {
  test('whose answer was lost is looked for, and not repeated when it happened', async () => {
    const one = order([lost], true)
    expect(await writeOnce(site.github, one)).toBe('seen')
    expect(one.done).toEqual(['write', 'look'])
    expect(site.logged.join()).toContain('write it: the connection broke; tr')
  })

  test('that did not happen is repeated, after a look each time', async () => {
    const one = order([lost, lost], false)
    expect(await writeOnce(site.github, one)).toBe('written')
    expect(one.done).toEqual(['write', 'look', 'write', 'look', 'write'])
  })

  test('that was refused is not repeated', async () => {
    const one = order([refused], true)
    await expect(writeOnce(site.github, one)).rejects.toBe(refused)
    expect(one.done).toEqual(['write'])
  })

  test('whose last answer was lost, too, is looked for once more', async () => {
    const faults = [lost, lost, lost, lost]
    const one = order(faults, false)
    await expect(writeOnce(site.github, one)).rejects.toBe(lost)
    expect(one.done.at(-1)).toBe('look')
    expect(one.done.filter((word) => word === 'write')).toHaveLength(4)
  })
})

const effects = [
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' },
  { kind: 'status', status: 502 },
] as const

test.each(effects)('P4: a new tag survives %j', async (effect) => {
  const commit = await site.server.commitToBranch('main', { a: 'a' })
  site.server.door.inject({ method: 'POST', path: /\/git\/refs$/, effect })
  await createTag(site.github, { name: 'demo-1.0.0', commit })
  expect(await site.github.readTagCommit('demo-1.0.0')).toBe(commit)
})

test.each(effects)('P4: generated notes survive %j', async (effect) => {
  const tag = await site.tag('v1.2.3')
  site.server.door.inject({ path: /\/generate-notes$/, effect })
  const notes = await generateNotes({
    ...site,
    tag,
    charts: [],
    releases: [],
  })
  expect(notes.text).toContain('Full Changelog')
})

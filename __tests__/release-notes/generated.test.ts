import { expect, test } from '@jest/globals'
import type { Release } from '../../src/github/release.ts'
import { findPreviousTag } from '../../src/release-notes/generated.ts'

function release(tag: string, ...files: readonly string[]): Release {
  const assets = files.map((name) => ({ name }))
  return { tag_name: tag, draft: tag === 'draft', assets } as Release
}

const releases = [
  release('draft', 'demo-1.2.2.tgz'),
  release('other-1.2.2', 'other-1.2.2.tgz', 'demo-tools-1.2.1.tgz'),
  release('demo-1.3.0', 'demo-1.3.0.tgz'),
  release('demo-1.2.0-rc.1', 'demo-1.2.0-rc.1.tgz'),
  release('demo-1.10.0', 'demo-1.10.0.tgz', 'demo-1.10.0.tgz.prov'),
  release('demo-1.1.0', 'demo-1.1.0.tgz'),
  release('app', 'app.tgz', 'demo-x.tgz', 'demo-.tgz', 'demo-1.2.tgz'),
]

test.each([
  ['demo', '1.2.0', 'demo-1.1.0'],
  ['demo', '1.2.0-rc.2', 'demo-1.2.0-rc.1'],
  ['demo', '1.1.0', undefined],
  ['demo', '1.11.0', 'demo-1.10.0'],
  ['other', '1.3.0', 'other-1.2.2'],
  ['new', '1.0.0', undefined],
  ['demo', 'no version', undefined],
])('the release before %s %s is %s', (name, version, wanted) => {
  expect(findPreviousTag([{ name, version }], releases)).toBe(wanted)
})

test('of several charts, the first that was released before decides', () => {
  const charts = ['new', 'other', 'demo'].map((name) => ({
    name,
    version: '2.0.0',
  }))
  expect(findPreviousTag(charts, releases)).toBe('other-1.2.2')
})

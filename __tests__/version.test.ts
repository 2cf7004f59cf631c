import { expect, test } from '@jest/globals'
import {
  compareVersions,
  expandAlias,
  isPrerelease,
  ociTag,
} from '../src/version.ts'

test('a "+" becomes "_" in an OCI tag, as Helm writes it', () => {
  expect(ociTag('1.2.3-rc.1+build.5')).toBe('1.2.3-rc.1_build.5')
})

test.each([
  ['v{version}', 'v1.2.3-rc.1+b'],
  ['{major}.{minor}', '1.2'],
  ['latest', 'latest'],
])('the alias %s of 1.2.3-rc.1+b is %s', (template, alias) => {
  expect(expandAlias(template, '1.2.3-rc.1+b')).toBe(alias)
})

test('versions are compared by precedence, where build metadata has none', () => {
  expect(compareVersions('1.10.0', '1.9.0')).toBeGreaterThan(0)
  expect(compareVersions('1.0.0-rc.1', '1.0.0')).toBeLessThan(0)
  expect(compareVersions('1.0.0+a', '1.0.0+b')).toBe(0)
  expect(isPrerelease('1.0.0-rc.1')).toBe(true)
  expect(isPrerelease('1.0.0+rc-1')).toBe(false)
})

import { describe, expect, test } from '@jest/globals'
import {
  compareVersions,
  isSameVersion,
  parseLooseVersion,
} from '../../src/repository/version-order.ts'

describe('versions as Helm reads them', () => {
  test.each(
    [
      ['1.2.3', 'v1.2.3', '1', '1.2', 'v1', '01.2.3', '1.02.3', '0.46.00'],
      ['1.2.3-rc.1', '1.2.3-0a', '0.1.0-dev.0e12345', '0.0.0-0'],
      ['1.2.3+build.1', '1.2.3+001', '1.2.3-rc.1+build'],
    ].flat(),
  )('%s is a version', (version) => {
    expect(parseLooseVersion(version)).not.toBeNull()
  })

  test.each(
    [
      ['V1.2.3', '1.2.3-01', '0.1.0-dev.0123456', '1.2.3+a+b', '1.2.3_b'],
      ['1.2.3.4', 'latest', '1.2.3 ', ' 1.2.3', '1.2.3-', '1.2.3+', ''],
      ['99999999999999999999.0.0', '1.2.3-é', '1.2.3\n'],
    ].flat(),
  )('%j is none', (version) => {
    expect(parseLooseVersion(version)).toBeNull()
  })

  test('a list is sorted by precedence', () => {
    const sorted = [
      ['1.0.0-1', '1.0.0-2', '1.0.0-10'],
      // Too large a number for the library, which then compares its text.
      ['1.0.0-5a', '1.0.0-99999999999999999999'],
      ['1.0.0-alpha', '1.0.0-alpha.1'],
      ['1.0.0-alpha.beta', '1.0.0-alpha1', '1.0.0-rc.9', '1.0.0-rc.10'],
      ['v1', '1.0.1', '1.2', '01.10.0'],
    ].flat()
    const parsed = sorted.map((version) => parseLooseVersion(version))
    for (const [at, version] of parsed.entries())
      for (const [other, than] of parsed.entries())
        expect(
          version && than && Math.sign(compareVersions(version, than)),
        ).toBe(Math.sign(at - other))
  })

  test.each([
    ['1.0.0+a', '1.0.0+b'],
    ['1.0.0', 'v1.0.0'],
    ['0.46.0', '0.46.00'],
    ['latest', 'latest'],
  ])('%s and %s are one version', (a, b) => {
    expect(isSameVersion(a, b)).toBe(true)
  })

  test.each([
    ['1.0.0', '1.0.0-rc.1'],
    ['1.0.0-rc.1', '1.0.0-rc.01'],
    ['latest', 'newest'],
  ])('%s and %s are two', (a, b) => {
    expect(isSameVersion(a, b)).toBe(false)
  })
})

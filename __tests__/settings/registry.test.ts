import { describe, expect, test } from '@jest/globals'
import {
  parseCredentials,
  parseRegistries,
} from '../../src/settings/registry.ts'

describe('registries', () => {
  const parse = (value: string): ReturnType<typeof parseRegistries> =>
    parseRegistries({ name: 'registries', value })

  test('are one a line, lower-cased, with their marks', () => {
    expect(
      parse(
        'oci://ghcr.io/Owner/Repo\n  OCI://Quay.io/owner optional\n# later\noci://127.0.0.1:5000/charts private optional\noci://localhost:5000',
      ),
    ).toEqual([
      { host: 'ghcr.io', path: 'owner/repo', optional: false, private: false },
      { host: 'quay.io', path: 'owner', optional: true, private: false },
      { host: '127.0.0.1:5000', path: 'charts', optional: true, private: true },
      { host: 'localhost:5000', path: '', optional: false, private: false },
    ])
  })

  test.each([
    ['ghcr.io/owner', 'start with oci://'],
    ['https://ghcr.io/owner', 'start with oci://'],
    ['oci://ghcr.io/owner/', 'ends with "/"'],
    ['oci://ghcr.io/owner:1.0.0', 'has a tag'],
    ['oci://ghcr.io/owner@sha256:abc', 'without digest'],
    ['oci://', 'no host'],
    ['oci:///owner', 'no host'],
    ['oci://ghcr.io:0/owner', 'no host'],
    ['oci://ghcr.io:99999/owner', 'no host'],
    ['oci://-x/owner', 'no host'],
    ['oci://ghcr.io//owner', 'no path'],
    ['oci://ghcr.io/../owner', 'no path'],
    ['oci://ghcr.io/owner?x', 'no path'],
    ['oci://ghcr.io/a oci://ghcr.io/b', 'line of its own'],
    ['oci://ghcr.io/a maybe', 'no mark'],
    ['oci://ghcr.io/a\noci://GHCR.io/A', 'listed twice'],
  ])('%j is refused', (value, why) => {
    expect(() => parse(value)).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message: expect.stringMatching(/^registries: /),
      }),
    )
    expect(() => parse(value)).toThrow(why)
  })

  test('P8: a password in an address is not shown', () => {
    expect(() => parse('oci://user:hunter2@ghcr.io/owner')).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('hunter2'),
      }),
    )
  })
})

describe('credentials', () => {
  const parse = (value: string): ReturnType<typeof parseCredentials> =>
    parseCredentials({ name: 'registry-credentials', value })

  test('are one a line, and the password is the rest of it', () => {
    expect(
      parse(
        'GHCR.io user p4ss\r\n\n# comment\n  quay.io  robot$x   two words \nlocalhost:5000\tu\t#1',
      ),
    ).toEqual([
      { host: 'ghcr.io', username: 'user', password: 'p4ss' },
      { host: 'quay.io', username: 'robot$x', password: '  two words ' },
      { host: 'localhost:5000', username: 'u', password: '#1' },
    ])
  })

  test.each([
    ['ghcr.io user', 'line 1 is not'],
    ['a.io u p\nghcr.io user  ', 'line 2 is not'],
    ['https://ghcr.io user secret', 'does not start with a host'],
    ['ghcr.io u secret\nGHCR.io v secret', 'second time'],
  ])('P8: %j is refused without showing it', (value, why) => {
    expect(() => parse(value)).toThrow(why)
    expect(() => parse(value)).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message: expect.not.stringContaining('secret'),
      }),
    )
  })
})

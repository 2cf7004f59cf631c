import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string): string =>
  readFileSync(path.join(root, file), 'utf8')

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}
interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly integrity?: string
        readonly dev?: boolean
        readonly optional?: boolean
        readonly license?: string
      }
    >
  >
}

const manifest = JSON.parse(read('package.json')) as Manifest
const { packages } = JSON.parse(read('package-lock.json')) as Lock
const shipped = Object.entries(packages).filter(
  ([name, { dev, optional }]) =>
    name !== '' && dev !== true && optional !== true,
)

describe('what is bundled', () => {
  test('is named in CONTRIBUTING.md, with its reason', () => {
    const [, table = ''] = read('CONTRIBUTING.md').split(
      '## Runtime dependencies',
    )
    const rows = [...table.matchAll(/^\| `([^`]+)` +\| (.+?) +\|$/gm)]
    expect(rows.map(([, name = '']) => name).toSorted()).toEqual(
      Object.keys(manifest.dependencies).toSorted(),
    )
    for (const [, , reason = ''] of rows)
      expect(reason.length).toBeGreaterThan(20)
  })

  test('is counted in SECURITY.md', () => {
    expect(Object.keys(manifest.dependencies)).toHaveLength(11)
    expect(read('SECURITY.md')).toContain('Eleven runtime dependencies')
  })

  test('has a checksum, and a licence that allows it', () => {
    expect(shipped.length).toBeGreaterThan(10)
    for (const [, { integrity, license }] of shipped) {
      expect(integrity).toMatch(/^sha512-/)
      expect(['MIT', 'ISC', 'Apache-2.0']).toContain(license)
    }
  })

  test('has its licence in dist/licenses.txt', () => {
    const licences = read('dist/licenses.txt')
    for (const name of Object.keys(manifest.dependencies))
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'))
  })
})

test('every dependency is at an exact version', () => {
  const versions = [
    ...Object.values(manifest.dependencies),
    ...Object.values(manifest.devDependencies),
  ]
  for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+/)
})

/**
 * Runs the tests that need nothing but Node: on macOS, on Windows, and on a
 * machine without the registry, git and the Helm binaries of the others.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')

/** Does a file of the tests start a program, or unpack a Helm for Linux? */
function isHeavy(file: string): boolean {
  return (
    !file.startsWith('src/') &&
    (file === 'testing/helm.ts' ||
      readFileSync(path.join(root, file), 'utf8').includes(
        "from 'node:child_process'",
      ))
  )
}

/** Links, file modes, signals and the places of logins as POSIX has them. */
const posix = new Set([
  '__tests__/artifacthub/repository-file.test.ts',
  '__tests__/charts/collect.test.ts',
  '__tests__/charts/find.test.ts',
  '__tests__/exec.test.ts',
  '__tests__/oci/credentials.test.ts',
  '__tests__/release-notes/notes.test.ts',
])

/** The tests that reach no such file, relative to the root and with `/`. */
function portableTests(platform: NodeJS.Platform): readonly string[] {
  return globSync('__tests__/**/*.test.ts', { cwd: root })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => ![...reached(file)].some(isHeavy))
    .filter((file) => platform !== 'win32' || !posix.has(file))
    .toSorted()
}

/** What a file imports from this repository, itself and indirectly too. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !existsSync(path.join(root, file))) return seen
  seen.add(file)
  const text = readFileSync(path.join(root, file), 'utf8')
  for (const [, target = ''] of text.matchAll(/from '(\.[^']+)'/g))
    reached(path.posix.join(path.posix.dirname(file), target), seen)
  return seen
}

const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...process.argv.slice(2),
    '--runTestsByPath',
    ...portableTests(process.platform),
  ],
  { cwd: root, stdio: 'inherit' },
)
process.exitCode = status ?? 1

/**
 * Runs the tests that need nothing but Node: on macOS, on Windows, and on a
 * machine without the registry, git and the Helm binaries of the others.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')

/** Starts what only Linux has, or git as a server. */
const heavy = /^testing\/(?:helm|git|registry\/distribution)\.ts$/

/** Links, file modes, signals and the places of logins as POSIX has them. */
const posix = new Set([
  '__tests__/artifacthub/repository-file.test.ts',
  '__tests__/charts/collect.test.ts',
  '__tests__/charts/find.test.ts',
  '__tests__/exec.test.ts',
  '__tests__/oci/credentials.test.ts',
  '__tests__/release-notes/notes.test.ts',
])

/** The tests that reach no such module, relative to the root and with `/`. */
function portableTests(platform: NodeJS.Platform): readonly string[] {
  return globSync('__tests__/**/*.test.ts', { cwd: root })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => ![...reached(file)].some((one) => heavy.test(one)))
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

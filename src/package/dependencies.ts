import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Helm } from '../helm/cli.ts'
import { isLoopback } from '../loopback.ts'
import { isObject, parseAsHelm } from './metadata.ts'

/** What to do about dependencies: the input of that name. */
export type DependencyMode = 'build' | 'update' | 'none'

/** A dependency as far as fetching it goes; `''` for what is not given. */
export interface NamedDependency {
  readonly name: string
  readonly repository: string
}

const LOCKS = ['Chart.lock', 'requirements.lock'] as const

/**
 * The dependencies that the chart in this folder names, in `Chart.yaml` or (v1)
 * in `requirements.yaml`. What cannot be read has none here: Helm says why.
 */
export async function readDependencies(
  directory: string,
): Promise<readonly NamedDependency[]> {
  const found: NamedDependency[] = []
  for (const name of ['Chart.yaml', 'requirements.yaml'])
    found.push(...(await readNamed(path.join(directory, name))))
  return found
}

/**
 * Fetches the dependencies of a staged chart into its `charts/`. A lock that
 * Helm writes gets this time instead of its own: Helm archives both the text
 * and, as the file's time, the `generated:` of it. A committed lock that Helm
 * leaves alone stays as it is.
 *
 * Throws `DEPENDENCY_FAILED`.
 */
export async function fetchDependencies(
  directory: string,
  how: {
    readonly mode: DependencyMode
    readonly helm: Helm
    readonly time: Date
  },
): Promise<void> {
  if (how.mode === 'none') return
  const dependencies = await readDependencies(directory)
  if (dependencies.length === 0) return
  const order = { directory, plainHttp: areOnLoopback(dependencies) }
  const before = await readLocks(directory)
  if (how.mode === 'build' && before.size > 0)
    await how.helm.buildDependencies(order)
  else await how.helm.updateDependencies(order)
  for (const [file, text] of await readLocks(directory))
    if (before.get(file) !== text)
      await writeFile(
        file,
        text.replace(/^generated:.*$/m, `generated: "${rfc3339(how.time)}"`),
      )
}

/** RFC 3339 in UTC, to the second. */
export function rfc3339(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Helm speaks plain HTTP to all registries of a chart, or to none. */
function areOnLoopback(dependencies: readonly NamedDependency[]): boolean {
  const hosts = dependencies.flatMap(
    ({ repository }) => /^oci:\/\/([^/]+)/.exec(repository)?.[1] ?? [],
  )
  return hosts.length > 0 && hosts.every(isLoopback)
}

async function readNamed(file: string): Promise<NamedDependency[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  let content
  try {
    content = parseAsHelm(text, path.basename(file))
  } catch {
    return []
  }
  const list = isObject(content) ? content['dependencies'] : undefined
  if (!Array.isArray(list)) return []
  return list.filter(isObject).map(({ name, repository }) => ({
    name: typeof name === 'string' ? name : '',
    repository: typeof repository === 'string' ? repository : '',
  }))
}

async function readLocks(directory: string): Promise<Map<string, string>> {
  const locks = new Map<string, string>()
  for (const name of LOCKS) {
    const file = path.join(directory, name)
    const text = await readFile(file, 'utf8').catch(() => null)
    if (text !== null) locks.set(file, text)
  }
  return locks
}

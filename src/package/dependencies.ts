import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ReleaseError } from '../errors.ts'
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

/** 1 MiB, as of every `Chart.yaml` that is read. */
const LONGEST = 1024 * 1024

/** The dependencies of one chart folder. */
export interface Dependencies {
  /** In `Chart.yaml` or (v1) in `requirements.yaml`. */
  readonly named: readonly NamedDependency[]
  /**
   * In the lock, where that is honoured: Helm fetches these. Its checksum can
   * be made by whoever writes both lists.
   */
  readonly locked: readonly NamedDependency[]
}

/**
 * The dependencies of the chart in this folder. What Helm would fetch is read by
 * Helm: a YAML file has too many ways to say one thing to one parser and
 * another to the next (tags, merge keys, line breaks, the case of keys).
 *
 * A chart that names none to us has none here: nothing is fetched for it.
 * Throws `DEPENDENCY_FAILED` for what Helm cannot read, `CHART_INVALID` for a
 * file over 1 MiB.
 */
export async function readDependencies(
  directory: string,
  { mode, helm }: { readonly mode: DependencyMode; readonly helm: Helm },
): Promise<Dependencies> {
  const none = { named: [], locked: [] }
  if (mode === 'none') return none
  const own = await Promise.all(
    ['Chart.yaml', 'requirements.yaml'].map(async (name) =>
      namesAny(await readText(path.join(directory, name)), name),
    ),
  )
  if (!own.includes(true)) return none
  const named = namedIn(await helm.showChart(directory), 'Chart.yaml')
  const locked: NamedDependency[] = []
  if (mode === 'build')
    for (const name of LOCKS)
      locked.push(...(await readLock(path.join(directory, name), helm)))
  return { named, locked }
}

/** Helm shows no lock, but the requirements of a chart, which have its form. */
async function readLock(
  file: string,
  helm: Helm,
): Promise<readonly NamedDependency[]> {
  const text = await readText(file)
  if (text === '') return []
  const folder = await mkdtemp(`${path.dirname(file)}-lock-`)
  try {
    await writeFile(
      path.join(folder, 'Chart.yaml'),
      'apiVersion: v1\nname: lock\nversion: 0.0.0\n',
    )
    await writeFile(path.join(folder, 'requirements.yaml'), text)
    return namedIn(await helm.showChart(folder), path.basename(file))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
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
    /** What `readDependencies` found there. */
    readonly named: Dependencies['named']
  },
): Promise<void> {
  const dependencies = how.named
  if (how.mode === 'none' || dependencies.length === 0) return
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

function namesAny(text: string, file: string): boolean {
  try {
    return namedIn(text, file).length > 0
  } catch {
    // Helm says why, when it lints or packages.
    return false
  }
}

function namedIn(text: string, file: string): readonly NamedDependency[] {
  const content = parseAsHelm(text, file)
  const list = isObject(content) ? content['dependencies'] : undefined
  if (!Array.isArray(list)) return []
  return list.filter(isObject).map(({ name, repository }) => ({
    name: typeof name === 'string' ? name : '',
    repository: typeof repository === 'string' ? repository : '',
  }))
}

/** `''` when there is no such file. Throws `CHART_INVALID`. */
async function readText(file: string): Promise<string> {
  const size = await stat(file).then(
    (one) => one.size,
    () => 0,
  )
  if (size <= LONGEST) return await readFile(file, 'utf8').catch(() => '')
  throw new ReleaseError(
    'CHART_INVALID',
    `${path.basename(path.dirname(file))}/${path.basename(file)} has ${size} bytes, at most ${LONGEST} are read.`,
  )
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

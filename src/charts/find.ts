import { glob, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { ReleaseError } from '../errors.ts'
import { resolveInside } from './inside.ts'

/** Folders down from the workspace in which a chart is found by itself. */
const DEEPEST = 3

/** Charts in these are dependencies, fixtures and examples, not products. */
const notOurs =
  /^(?:\..*|node_modules|vendor|third_party|test|tests|testing|test-.*|testdata|fixtures|e2e|ci|hack|docs|examples?|samples)$/

/**
 * The directories of charts in the workspace, relative to it with `/`, sorted;
 * `.` for a chart at its root. Without patterns it looks by itself, and takes
 * nothing from below another chart (its `charts/`), from folders that start
 * with a dot or from those that hold dependencies, tests and examples.
 *
 * With patterns (directories or globs) it takes what they name; a glob matches
 * nothing below another chart, in `node_modules` or in dot folders that it does
 * not spell out. Throws `CHART_NOT_FOUND`, saying where it looked, and
 * `INPUT_INVALID` for a directory outside the workspace (P11).
 */
export async function findCharts(
  workspace: string,
  patterns: readonly string[],
): Promise<readonly string[]> {
  if (patterns.length === 0) {
    const found = await search(workspace, '.', DEEPEST)
    if (found.length > 0) return found.sort()
    throw new ReleaseError(
      'CHART_NOT_FOUND',
      `There is no Chart.yaml in the workspace ${workspace}, nor up to ${DEEPEST} folders down (folders of dependencies, tests, examples and documentation left out). Check the repository out before this step, or name the chart's directory in the input charts.`,
    )
  }
  const found = new Set<string>()
  for (const pattern of patterns)
    for (const directory of await expand(workspace, pattern))
      found.add(directory)
  return [...found].sort()
}

async function search(
  workspace: string,
  directory: string,
  depth: number,
): Promise<string[]> {
  const entries = await readdir(path.join(workspace, directory), {
    withFileTypes: true,
  })
  if (entries.some((one) => one.name === 'Chart.yaml' && !one.isDirectory()))
    return [directory]
  if (depth === 0) return []
  const below = await Promise.all(
    entries
      // A link is no directory here: no loops, and no chart twice.
      .filter((one) => one.isDirectory() && !notOurs.test(one.name))
      .map(
        async ({ name }) =>
          await search(workspace, path.posix.join(directory, name), depth - 1),
      ),
  )
  return below.flat()
}

async function expand(
  workspace: string,
  pattern: string,
): Promise<readonly string[]> {
  if (await isChart(workspace, pattern)) {
    await checkInside(workspace, pattern)
    return [pattern]
  }
  const matches: string[] = []
  const spelled = new Set(pattern.split('/'))
  const exclude = (match: string): boolean =>
    match
      .split(/[\\/]/)
      .some(
        (part) =>
          /^(?:\..+|node_modules)$/.test(part) &&
          part !== '..' &&
          !spelled.has(part),
      )
  for await (const match of glob(pattern, { cwd: workspace, exclude })) {
    const directory = match.split(path.sep).join('/').replace(/\/+$/, '') || '.'
    if (exclude(directory) || !(await isChart(workspace, directory))) continue
    await checkInside(workspace, directory)
    matches.push(directory)
  }
  if (matches.length === 0)
    throw new ReleaseError(
      'CHART_NOT_FOUND',
      `The input charts names ${JSON.stringify(pattern)}, but no directory of that name in the workspace ${workspace} holds a Chart.yaml. Name the directory that holds it, relative to the workspace, or a glob like charts/*.`,
    )
  return matches.filter((one) => !matches.some((other) => isBelow(one, other)))
}

function isBelow(directory: string, other: string): boolean {
  if (other === '.') return directory !== '.'
  return directory.startsWith(`${other}/`)
}

async function isChart(workspace: string, directory: string): Promise<boolean> {
  return await stat(path.join(workspace, directory, 'Chart.yaml')).then(
    (one) => one.isFile(),
    () => false,
  )
}

async function checkInside(
  workspace: string,
  directory: string,
): Promise<void> {
  if ((await resolveInside(workspace, directory)) !== null) return
  throw new ReleaseError(
    'INPUT_INVALID',
    `charts: ${JSON.stringify(directory)} leads out of the workspace (links followed) or into .git. Every chart must lie inside the workspace.`,
  )
}

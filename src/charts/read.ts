import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { messageOf, ReleaseError } from '../errors.ts'
import type { Chart } from '../model.ts'
import {
  type ChartRules,
  type ChartSource,
  parseChart,
  type TextFile,
} from './chart-file.ts'
import { resolveInside } from './inside.ts'

/** 1 MiB: no `Chart.yaml` is that long, and Helm stops at 5 MiB. */
const LONGEST = 1024 * 1024

/** Where a chart lies. */
export interface ChartPlace {
  readonly workspace: string
  /** Relative to it, with `/`; `.` for its root. */
  readonly directory: string
}

/**
 * Reads and checks the chart in a directory. Throws `CHART_INVALID` with file
 * and line; a link that leads out of the workspace is not followed (P11).
 */
export async function readChart(
  place: ChartPlace,
  rules: ChartRules,
): Promise<Chart> {
  return parseChart(await readSource(place), rules)
}

/** `Chart.yaml` as text. Throws `CHART_INVALID`. */
export async function readChartFile(place: ChartPlace): Promise<TextFile> {
  const file = within(place, 'Chart.yaml')
  const text = await readText(place.workspace, file)
  if (text === null) throw unreadable(file, 'there is no such file')
  return { file, text }
}

async function readSource(place: ChartPlace): Promise<ChartSource> {
  const chartFile = await readChartFile(place)
  const old = within(place, 'requirements.yaml')
  const text = await readText(place.workspace, old)
  const locks = ['Chart.lock', 'requirements.lock']
  const found = await Promise.all(
    locks.map(async (lock) => {
      const file = path.join(place.workspace, within(place, lock))
      return await stat(file).then(
        (one) => one.isFile(),
        () => false,
      )
    }),
  )
  return {
    directory: place.directory,
    chartFile,
    requirements: text === null ? undefined : { file: old, text },
    locked: found.includes(true),
  }
}

/** `null` when there is no such file. */
async function readText(
  workspace: string,
  file: string,
): Promise<string | null> {
  let bytes: Uint8Array
  try {
    const real = await resolveInside(workspace, file)
    if (real === null)
      throw unreadable(file, 'it is a link that leads out of the workspace')
    const facts = await stat(real)
    // A pipe would never end.
    if (!facts.isFile()) throw unreadable(file, 'it is no file')
    if (facts.size > LONGEST)
      throw unreadable(
        file,
        `it has ${facts.size} bytes, at most ${LONGEST} are read`,
      )
    bytes = await readFile(real)
  } catch (thrown) {
    if (thrown instanceof ReleaseError) throw thrown
    if (isMissing(thrown)) return null
    throw unreadable(file, messageOf(thrown), thrown)
  }
  try {
    // Drops a byte order mark, as Helm does.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (thrown) {
    throw unreadable(file, 'it is no UTF-8 text', thrown)
  }
}

function isMissing(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { readonly code?: unknown }
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function within({ directory }: ChartPlace, name: string): string {
  return path.posix.join(directory, name)
}

function unreadable(file: string, why: string, cause?: unknown): ReleaseError {
  return new ReleaseError('CHART_INVALID', `${file} cannot be read: ${why}.`, {
    cause,
    at: { file },
  })
}

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Door, openDoor } from './door.ts'
import { helmBinary } from './helm.ts'
import type { Files } from './repository.ts'

const execute = promisify(execFile)

/** A Helm repository over HTTP, for charts that others depend on. */
export interface ChartRepository {
  /** Without a slash at the end. */
  readonly url: string
  readonly door: Door
  /** Packages a chart, whose files lie in `directory`, and lists it. */
  add(files: Files, directory: string): Promise<void>
  close(): Promise<void>
}

export async function startChartRepository(): Promise<ChartRepository> {
  const root = await mkdtemp(path.join(tmpdir(), 'chart-repository-'))
  const served = path.join(root, 'served')
  await mkdir(served)
  const door = await openDoor(async ({ url }) => {
    const body = await readFile(
      path.join(served, path.basename(url.pathname)),
    ).catch(() => null)
    return body === null ? { status: 404 } : { status: 200, body }
  })
  const helm = await helmBinary(4)
  return {
    url: door.url,
    door,
    add: async (files, directory) => {
      for (const [name, content] of Object.entries(files)) {
        const file = path.join(root, name)
        await mkdir(path.dirname(file), { recursive: true })
        await writeFile(file, content ?? '')
      }
      await execute(helm, ['package', directory, '-d', served], { cwd: root })
      await execute(helm, ['repo', 'index', served, '--url', door.url])
    },
    close: async () => {
      await door.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { findCharts } from '../charts/find.ts'
import { resolveInside } from '../charts/inside.ts'
import { type FileText, readWorkspaceFile } from '../workspace-file.ts'

export interface Changelog {
  /** Relative to the workspace, with `/`. */
  readonly file: string
  readonly content: FileText
}

export interface ChangelogSearch {
  readonly workspace: string
  /** Of the chart, relative to the workspace with `/`. */
  readonly directory: string
  /** Directories of all charts that this run knows of. */
  readonly directories: readonly string[]
}

/**
 * The `CHANGELOG.md`, in any case, that is about the chart in that directory:
 * its own first, then the workspace's, unless several charts share the
 * workspace. Those that cannot be read are among them.
 */
export async function findChangelogs(
  search: ChangelogSearch,
): Promise<readonly Changelog[]> {
  const { workspace, directory } = search
  const own = await readChangelogs(workspace, directory)
  if (directory === '.' || !(await hasOneChart(search))) return own
  return [...own, ...(await readChangelogs(workspace, '.'))]
}

async function readChangelogs(
  workspace: string,
  directory: string,
): Promise<readonly Changelog[]> {
  const real = await resolveInside(workspace, directory)
  const names = real === null ? [] : await readdir(real)
  return await Promise.all(
    names
      .filter((name) => /^changelog\.md$/i.test(name))
      .sort()
      .map(async (name) => {
        const file = path.posix.join(directory, name)
        return { file, content: await readWorkspaceFile(workspace, file) }
      }),
  )
}

async function hasOneChart({
  workspace,
  directories,
}: ChangelogSearch): Promise<boolean> {
  // A chart that only the input charts names lies where none is looked for.
  const found = await findCharts(workspace, []).catch(() => [])
  return new Set([...found, ...directories]).size <= 1
}

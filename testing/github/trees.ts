import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Git, lineOf } from '../git.ts'
import { NOTHING, type ObjectType } from './objects.ts'

export interface TreeEntry {
  readonly path: string
  readonly mode: string
  readonly type: ObjectType
  readonly sha: string
  /** Of a blob, in bytes. */
  readonly size?: number
}

/** A path to add, replace, or (`sha: null`) remove, with all below it. */
export interface TreeChange {
  readonly path: string
  readonly mode: string
  readonly sha: string | null
}

/** What a tree, or a commit's, lists; `recursive` with all below it. */
export async function readTree(
  git: Git,
  sha: string,
  recursive: boolean,
): Promise<TreeEntry[]> {
  const flags = recursive ? ['-r', '-t'] : []
  const list = (await git(['ls-tree', '-z', '-l', ...flags, sha])).toString()
  const entries: TreeEntry[] = []
  for (const line of list.split('\0').filter((each) => each !== '')) {
    const at = line.indexOf('\t')
    const [mode, type, entry, size] = line.slice(0, at).split(/ +/) as [
      string,
      ObjectType,
      string,
      string,
    ]
    const found = { path: line.slice(at + 1), mode, type, sha: entry }
    entries.push(size === '-' ? found : { ...found, size: Number(size) })
  }
  return entries
}

/**
 * A tree with these changes made to `base` (`null`: to nothing), through an
 * index of its own. Throws what git says of an object or path that cannot be.
 */
export async function writeTree(
  git: Git,
  base: string | null,
  changes: readonly TreeChange[],
): Promise<string> {
  const index = path.join(tmpdir(), `index-${randomUUID()}`)
  const env = { GIT_INDEX_FILE: index }
  try {
    await git(base === null ? ['read-tree', '--empty'] : ['read-tree', base], {
      env,
    })
    const removed = changes.filter(({ sha }) => sha === null)
    if (base !== null && removed.length > 0) {
      const there = await readTree(git, base, true)
      const gone = there.filter(({ path: file, type }) =>
        removed.some(
          (change) =>
            type !== 'tree' && `${file}/`.startsWith(`${change.path}/`),
        ),
      )
      await git(['update-index', '-z', '--index-info'], {
        env,
        input: gone.map((entry) => `0 ${NOTHING}\t${entry.path}\0`).join(''),
      })
    }
    for (const change of changes)
      if (change.sha !== null && change.mode === '040000')
        await git(['read-tree', `--prefix=${change.path}/`, change.sha], {
          env,
        })
    const lines = changes
      .filter(({ sha, mode }) => sha !== null && mode !== '040000')
      .map((change) => `${change.mode} ${change.sha}\t${change.path}\0`)
    await git(['update-index', '-z', '--index-info'], {
      env,
      input: lines.join(''),
    })
    return await lineOf(git(['write-tree'], { env }))
  } finally {
    await rm(index, { force: true })
  }
}

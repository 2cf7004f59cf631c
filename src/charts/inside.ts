import { realpath } from 'node:fs/promises'
import path from 'node:path'

/**
 * The real path of `relative`, all links followed, when it lies inside the
 * workspace and outside its `.git`; else `null`. Throws as `realpath` does when
 * there is nothing.
 */
export async function resolveInside(
  workspace: string,
  relative: string,
): Promise<string | null> {
  const root = await realpath(workspace)
  const found = await realpath(path.join(workspace, relative))
  const way = path.relative(root, found).split(path.sep)
  const outside = way[0] === '..' || path.isAbsolute(way.join(path.sep))
  return outside || way.includes('.git') ? null : found
}

import { posix } from 'node:path'
import { readHead, readTreeFile } from '../github/branch.ts'
import { decodeIndex } from '../repository/index-file.ts'
import type { PagesPlace } from './pages-place.ts'

/** Where the index lies on its branch. */
export function indexPath({
  directory,
}: Pick<PagesPlace, 'directory'>): string {
  return posix.join(directory, 'index.yaml')
}

/** The index as the branch has it now; `null`: there is none. */
export async function readBranchIndex(
  place: PagesPlace,
): Promise<string | null> {
  const head = await readHead(place.github, place.branch)
  const bytes =
    head === null
      ? null
      : await readTreeFile(place.github, head.tree, indexPath(place))
  return bytes === null ? null : decodeIndex(bytes)
}

import { randomUUID } from 'node:crypto'
import type { Dirent } from 'node:fs'
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  realpath,
  stat,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'

/** A link that was not followed. */
export interface RefusedLink {
  /** Relative to the workspace, with `/`. */
  readonly link: string
  readonly reason: string
}

export interface Copier {
  /** Copies a folder of the workspace, given and placed absolutely. */
  copyFolder(from: string, to: string): Promise<void>
  /** Where a path really is, or why it may not be followed there. */
  resolve(file: string): Promise<{ real: string } | { reason: string }>
  readonly refused: readonly RefusedLink[]
  /**
   * What stands in the copy for each refused link, by its unique bytes: a link
   * in a folder that `.helmignore` excludes does no harm, and only Helm knows
   * which these are. Found in a package, the link was part of the chart.
   */
  refusedBy(bytes: Uint8Array): RefusedLink | undefined
}

/**
 * Copies what is in the workspace, as files and folders only: a link is
 * followed when it ends inside the workspace and outside `.git` (P11). `.git`
 * is never copied. Modes are made equal; Helm does not archive them.
 */
export async function createCopier(workspace: string): Promise<Copier> {
  const root = await realpath(workspace)
  const refused = new Map<string, RefusedLink>()

  const resolve: Copier['resolve'] = async (file) => {
    const real = await realpath(file).catch(() => null)
    if (real === null) return { reason: 'does not exist, or leads nowhere' }
    if (!isWithin(root, real))
      return { reason: `leads out of the workspace, to ${real}` }
    if (path.relative(root, real).split(path.sep).some(isGit))
      return { reason: `leads into .git, to ${real}` }
    return { real }
  }

  const refuse = async (
    entry: { from: string; to: string },
    reason: string,
  ): Promise<void> => {
    const mark = `# not followed: ${randomUUID()}\n`
    const link = path.relative(workspace, entry.from).replaceAll('\\', '/')
    refused.set(mark, { link, reason })
    // `.helmignore` tells `name/` (a folder) from `name`.
    const isFolder = await stat(entry.from).then(
      (target) => target.isDirectory(),
      () => false,
    )
    if (isFolder) await mkdir(entry.to, { recursive: true })
    const file = isFolder ? path.join(entry.to, 'not-followed') : entry.to
    await writeFile(file, mark)
  }

  const copyFolder = async (
    from: string,
    to: string,
    above: readonly string[],
  ): Promise<void> => {
    const here = await realpath(from)
    await mkdir(to, { recursive: true, mode: 0o755 })
    for (const entry of await readdir(from, { withFileTypes: true })) {
      if (isGit(entry.name)) continue
      const one = {
        from: path.join(from, entry.name),
        to: path.join(to, entry.name),
      }
      const kind = await follow(one.from, entry, [...above, here])
      if (kind === 'folder')
        await copyFolder(one.from, one.to, [...above, here])
      else if (kind === 'file') {
        await copyFile(one.from, one.to)
        await chmod(one.to, 0o644)
      } else if (kind !== 'other') await refuse(one, kind.reason)
    }
  }

  const follow = async (
    file: string,
    entry: Dirent,
    above: readonly string[],
  ): Promise<'folder' | 'file' | 'other' | { reason: string }> => {
    if (entry.isDirectory()) return 'folder'
    if (entry.isFile()) return 'file'
    if (!entry.isSymbolicLink()) return 'other'
    const target = await resolve(file)
    if ('reason' in target) return target
    const { real } = target
    const status = await stat(real)
    if (status.isFile()) return 'file'
    if (!status.isDirectory()) return 'other'
    // Also through another link: what is above is what is being copied.
    return above.some((folder) => isWithin(real, folder))
      ? { reason: `leads back to ${real}, which holds it` }
      : 'folder'
  }

  return {
    copyFolder: async (from, to) => {
      await copyFolder(from, to, [])
    },
    resolve,
    get refused() {
      return [...refused.values()]
    },
    refusedBy: (bytes) => refused.get(Buffer.from(bytes).toString('latin1')),
  }
}

/** Is this file the folder itself, or anywhere below it? */
export function isWithin(folder: string, file: string): boolean {
  const inside = path.relative(folder, file)
  return inside.split(path.sep)[0] !== '..' && !path.isAbsolute(inside)
}

function isGit(name: string): boolean {
  return name.toLowerCase() === '.git'
}

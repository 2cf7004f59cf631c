import { readFile, stat } from 'node:fs/promises'
import { resolveInside } from './charts/inside.ts'
import { messageOf } from './errors.ts'

/** 1 MiB: no text that is published is nearly that long. */
const LONGEST = 1024 * 1024

/** The text of a file, or why there is none. */
export type FileText =
  | { readonly text: string }
  | {
      /** `it is a folder` */
      readonly why: string
      readonly cause?: unknown
    }

/**
 * Reads a text file of the workspace: a regular one inside of it after links
 * are followed, outside `.git`, in UTF-8 (P11). Never rejects.
 */
export async function readWorkspaceFile(
  workspace: string,
  file: string,
): Promise<FileText> {
  try {
    const real = await resolveInside(workspace, file)
    if (real === null)
      return {
        why: 'it leads out of the workspace (links followed) or into .git',
      }
    const facts = await stat(real)
    if (!facts.isFile())
      return { why: facts.isDirectory() ? 'it is a folder' : 'it is no file' }
    if (facts.size > LONGEST)
      return { why: `it has ${facts.size} bytes, at most ${LONGEST} are read` }
    const bytes = await readFile(real)
    try {
      // Drops a byte order mark.
      return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
    } catch (thrown) {
      return { why: 'it is no UTF-8 text', cause: thrown }
    }
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown }
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { why: 'there is no such file', cause: thrown }
      : { why: messageOf(thrown), cause: thrown }
  }
}

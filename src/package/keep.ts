import { copyFile, mkdir, rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import type { Package } from '../model.ts'

/**
 * Puts the package of this release where later steps of the job find it, with
 * its own time, replacing what an earlier run left there.
 */
export async function keepPackage(
  made: Package,
  folder: string,
): Promise<Package> {
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, made.fileName)
  await copyFile(made.path, file)
  const { mtime } = await stat(made.path)
  await utimes(file, mtime, mtime)
  await rm(`${file}.prov`, { force: true })
  if (made.provenance !== null) await copyFile(made.provenance, `${file}.prov`)
  return {
    ...made,
    path: file,
    provenance: made.provenance === null ? null : `${file}.prov`,
  }
}

import { lutimes, readdir, utimes } from 'node:fs/promises'
import path from 'node:path'

/**
 * Gives a folder and everything below it one modification time. Helm 4 writes
 * the files' times into the archive, and a checkout leaves its own.
 */
export async function setTimes(folder: string, time: Date): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) await setTimes(file, time)
    else await lutimes(file, time, time)
  }
  // Last: writing into a folder moves its time.
  await utimes(folder, time, time)
}

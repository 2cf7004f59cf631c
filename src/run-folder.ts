import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { killChildren } from './children.ts'

/** Where one run keeps its files, below the runner's temporary folder. */
export interface RunFolder {
  /** Credentials, the Helm home, staged charts: removed at the end. */
  readonly scratch: string
  /** The packages: stays, so that later steps of the job can use them. */
  readonly packages: string
  remove(): Promise<void>
}

/**
 * Makes the folders, readable by this user alone. When the job is cancelled
 * (GitHub sends SIGINT and then SIGTERM), the programs that were started are
 * ended, and the scratch folder is removed all the same.
 */
export async function openRunFolder(temp: string): Promise<RunFolder> {
  const packages = path.join(temp, 'chart-release')
  await mkdir(packages, { recursive: true })
  const scratch = await mkdtemp(path.join(temp, 'chart-release-run-'))
  const stop = (signal: NodeJS.Signals): void => {
    killChildren()
    try {
      // One that just ended may have written a last file.
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
    } finally {
      process.exit(signal === 'SIGINT' ? 130 : 143)
    }
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  return {
    scratch,
    packages,
    remove: async () => {
      await rm(scratch, { recursive: true, force: true })
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const root = new URL('../../', import.meta.url)

/**
 * Runs a module's text in a process of its own, with 1 GB for its memory and a
 * minute of time; imports are relative to the project. What it printed; rejects
 * when it runs out of either.
 */
export async function runSmall(code: string): Promise<string> {
  const { stdout } = await execute(
    process.execPath,
    [
      '--max-old-space-size=900',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module-typescript',
      '--eval',
      code,
    ],
    { cwd: root, timeout: 60_000, maxBuffer: 1024 * 1024 },
  )
  return stdout.trim()
}

import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** The browser on `PATH`; `null`: there is none that starts. */
export function findBrowser(): string | null {
  for (const name of names)
    for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
      const program = path.join(folder, name)
      try {
        accessSync(program, constants.X_OK)
        execFileSync(program, ['--version'], { stdio: 'ignore' })
        return program
      } catch {
        // Not there, or an empty shell of a package.
      }
    }
  return null
}

/** Starts it; it is asked to see nothing but loopback. */
export async function startBrowser(program: string): Promise<Browser> {
  return await chromium.launch({
    executablePath: program,
    args: [
      // Root has no sandbox, in containers for instance.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  })
}

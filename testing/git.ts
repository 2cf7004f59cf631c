import { spawn } from 'node:child_process'

export interface GitOptions {
  /** Written to git's standard input. */
  readonly input?: Buffer | string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs git with these arguments: its standard output. Throws when it fails. */
export type Git = (
  args: readonly string[],
  options?: GitOptions,
) => Promise<Buffer>

/** No configuration of this machine or user may change what a test sees. */
const isolated = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
  TZ: 'UTC',
}

/** The real git, run in this folder. */
export function gitIn(folder: string): Git {
  return async (args, options = {}) => {
    const child = spawn('git', args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...isolated, ...options.env },
    })
    const out: Buffer[] = []
    const complaints: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
    // A git that stops early closes its input: its exit code tells the rest.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input)
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (code === 0) return Buffer.concat(out)
    throw new Error(
      `git ${args.join(' ')} failed with exit code ${code}: ${Buffer.concat(complaints).toString().trim()}`,
    )
  }
}

/** What git wrote, without the line's end. */
export async function lineOf(output: Promise<Buffer>): Promise<string> {
  return (await output).toString().trimEnd()
}

/** The same, or `null` when git fails: for questions that may have no answer. */
export async function lineOrNull(
  output: Promise<Buffer>,
): Promise<string | null> {
  return await lineOf(output).catch(() => null)
}

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { helmBinary, type HelmMajor } from './helm.ts'

export interface TerminalOptions {
  /** What stands for what: `ghcr.io` for a registry on loopback. */
  readonly hosts: Readonly<Record<string, string>>
  /** Default: 4. */
  readonly helm?: HelmMajor
  readonly environment?: Readonly<Record<string, string>>
}

/** Somebody's terminal, on a machine where nothing is configured. */
export interface Terminal {
  /** The home folder, where it begins. */
  readonly home: string
  /**
   * What a shell block printed. The folder that it ends in is where the next
   * one begins. Rejects, with everything printed, when a command fails.
   */
  run(block: string): Promise<string>
  remove(): Promise<void>
}

/**
 * Runs blocks of documentation as they are, but for their hosts. Two things are
 * added to Helm's arguments: `--plain-http`, because loopback has no TLS, and what
 * makes an installation do without a cluster: `--dry-run=client`. Helm 3 asks for
 * a cluster even then, so there it renders with `helm template`.
 */
export async function openTerminal(
  options: TerminalOptions,
): Promise<Terminal> {
  const home = await mkdtemp(path.join(tmpdir(), 'terminal-'))
  const bin = path.join(home, '.bin')
  const at = path.join(home, '.at')
  await mkdir(bin)
  await writeFile(at, home)
  const major = options.helm ?? 4
  const install = major === 4 ? 'install --dry-run=client' : 'template'
  await writeFile(
    path.join(bin, 'helm'),
    `#!/bin/sh
case "$1" in install) shift; set -- ${install} "$@" ;; esac
case "$*" in *oci://127.0.0.1:*) set -- "$@" --plain-http ;; esac
exec '${await helmBinary(major)}' "$@"
`,
    { mode: 0o755 },
  )
  const env = {
    PATH: [bin, process.env['PATH']].join(path.delimiter),
    HOME: home,
    LC_ALL: 'C',
    TZ: 'UTC',
    KUBECONFIG: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    ...options.environment,
  }
  return {
    home,
    run: async (block) => {
      let script = block
      for (const [host, stand] of Object.entries(options.hosts))
        script = script.replaceAll(host, stand)
      const child = spawn(
        'bash',
        ['-euo', 'pipefail', '-c', `trap 'pwd > "$HOME/.at"' EXIT\n${script}`],
        {
          cwd: (await readFile(at, 'utf8')).trimEnd(),
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      )
      let printed = ''
      const collect = (chunk: Buffer): void => {
        printed += chunk.toString()
      }
      child.stdout.on('data', collect)
      child.stderr.on('data', collect)
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject)
        child.once('close', resolve)
      })
      if (code === 0) return printed
      throw new Error(`exit code ${code} of:\n${script}\n${printed}`)
    },
    remove: async () => {
      await rm(home, { recursive: true, force: true })
    },
  }
}

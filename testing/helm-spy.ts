import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { helmBinary, type HelmMajor } from './helm.ts'

/** A `helm` that writes down how it is called, and then is the real one. */
export interface HelmSpy {
  /** For `PATH`. */
  readonly folder: string
  /** The arguments of every call so far, joined by spaces. */
  calls(): Promise<readonly string[]>
  /** How many ran at a time, at most. */
  mostAtOnce(): Promise<number>
  remove(): Promise<void>
}

export async function createHelmSpy(major: HelmMajor = 4): Promise<HelmSpy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'helm-spy-'))
  const log = path.join(folder, 'calls')
  const program = path.join(folder, 'helm')
  const life = path.join(folder, 'life')
  await writeFile(log, '')
  await writeFile(life, '')
  await writeFile(
    program,
    `#!/bin/sh\nprintf '%s ' "$@" >> '${log}'\necho >> '${log}'\necho + >> '${life}'\n'${await helmBinary(major)}' "$@"\ncode=$?\necho - >> '${life}'\nexit $code\n`,
  )
  await chmod(program, 0o755)
  return {
    folder,
    calls: async () =>
      (await readFile(log, 'utf8'))
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    mostAtOnce: async () => {
      let now = 0
      let most = 0
      for (const sign of (await readFile(life, 'utf8')).split('\n')) {
        now += sign === '+' ? 1 : sign === '-' ? -1 : 0
        most = Math.max(most, now)
      }
      return most
    },
    remove: async () => {
      await rm(folder, { recursive: true, force: true })
    },
  }
}

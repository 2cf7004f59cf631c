import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A program that writes down what it is given, and then is the real one. */
export interface ProgramSpy {
  /** The arguments of every call so far. */
  argv(): Promise<readonly string[]>
  /** The environment of every call so far, as `NAME=value`. */
  environment(): Promise<readonly string[]>
}

/** Puts a program of that name into a folder for `PATH`. Linux only. */
export async function createProgramSpy(
  folder: string,
  name: string,
  /** What it does then: a shell command that may use `"$@"`. */
  command: string,
): Promise<ProgramSpy> {
  await mkdir(folder, { recursive: true })
  const log = (what: string): string => path.join(folder, `.${name}.${what}`)
  const program = path.join(folder, name)
  for (const what of ['argv', 'environment']) await writeFile(log(what), '')
  await writeFile(
    program,
    `#!/bin/sh
cat /proc/$$/cmdline >> '${log('argv')}'
cat /proc/$$/environ >> '${log('environment')}'
${command}
`,
  )
  await chmod(program, 0o755)
  const read = async (what: string): Promise<readonly string[]> =>
    (await readFile(log(what), 'utf8')).split('\0').filter((one) => one !== '')
  return {
    argv: async () => await read('argv'),
    environment: async () => await read('environment'),
  }
}

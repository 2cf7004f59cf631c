import { spawnSync } from 'node:child_process'

/** npm is a script on Windows, which only a shell starts. */
const shell = process.platform === 'win32'

/** Runs a command in the foreground; throws when it fails. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    // Standard output is the task's.
    stdio: ['ignore', 2, 2],
    shell: shell && command === 'npm',
    ...options,
  })
  if (error !== undefined) throw error
  if (status !== 0)
    throw new Error(
      `"${command} ${args.join(' ')}" ended with ${status ?? signal}`,
    )
}

/** Does this command start and say its version? */
export function works(command, environment = process.env) {
  const { status } = spawnSync(command, ['--version'], {
    stdio: 'ignore',
    env: environment,
  })
  return status === 0
}

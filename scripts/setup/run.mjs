import { spawnSync } from 'node:child_process'

/** Runs a command in the foreground; throws when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
  })
  if (error !== undefined) throw error
  if (status !== 0)
    throw new Error(`"${command} ${args.join(' ')}" ended with ${status}`)
}

/** Can this command be started? */
export function has(command) {
  return (
    spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined
  )
}

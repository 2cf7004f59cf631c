import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'

/**
 * The programs that this process has started and that are still at work.
 * @actions/exec hands out none of them; Node tells of every one.
 */
const atWork = new Set<ChildProcess>()

subscribe('child_process', (message) => {
  const { process: child } = message as { readonly process: ChildProcess }
  atWork.add(child)
  child.once('exit', () => atWork.delete(child))
  child.once('error', () => atWork.delete(child))
})

/** Ends them all, at once and without asking: for a process that must end. */
export function killChildren(): void {
  for (const child of atWork) child.kill('SIGKILL')
}

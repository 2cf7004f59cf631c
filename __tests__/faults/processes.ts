import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Leaders of groups that were started here and may still be at work. */
const leaders = new Set<number>()

export function remember(leader: number): void {
  leaders.add(leader)
}

/** Its number may soon be another's. */
export function forget(leader: number): void {
  leaders.delete(leader)
}

export function killAll(): void {
  for (const leader of leaders) killGroup(leader)
}

/** Ends a process and its children, as a machine that is switched off. */
export function killGroup(leader: number): void {
  signal(-leader, 'SIGKILL')
}

/** One that has ended hears no signal. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}

/** Resolves when nobody of that group is at work any more. */
export async function groupEnds(leader: number): Promise<void> {
  while ((await membersOf(leader)).length > 0) await sleep(20)
}

/**
 * The programs that run in the group of this leader. A dead one that nobody
 * has asked after is none. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export async function membersOf(leader: number): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '')
    // The program's name, in parentheses, may hold anything.
    const [, name, state, group] =
      /^\d+ \((.*)\) (\S) \d+ (\d+) /s.exec(stat) ?? []
    if (Number(group) === leader && state !== 'Z' && state !== 'X')
      found.push(name ?? entry)
  }
  return found
}

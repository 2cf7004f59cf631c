import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { judge } from './attempt.ts'
import { afterRequest } from './moment.ts'
import { groupEnds, membersOf, signal } from './processes.ts'
import type { Recording } from './recording.ts'
import { openStage, type Stage } from './stage.ts'
import type { Case, Verdict } from './verdict.ts'

/** Milliseconds after SIGINT, as GitHub's runner has them. */
const TERMINATE = 7500
const KILL = 10_000

/** A job that is cancelled after every request of this release. */
export function cancelCases(recording: Recording): readonly Case[] {
  return recording.points.map((_, at) => ({
    group: 'cancel',
    name: `cancel: after request ${at + 1}`,
    run: async () => await cancel(recording, at + 1),
  }))
}

async function cancel(
  { checkout, setting, state }: Recording,
  after: number,
): Promise<Verdict> {
  const stage = await openStage(checkout, setting)
  const timers: NodeJS.Timeout[] = []
  try {
    let pid = 0
    let asked = false
    afterRequest(stage, after, () => {
      asked = true
      signal(pid, 'SIGINT')
      timers.push(
        setTimeout(() => signal(pid, 'SIGTERM'), TERMINATE),
        setTimeout(() => signal(pid, 'SIGKILL'), KILL),
      )
    })
    const first = await stage.release({
      onStart: (started) => {
        pid = started
      },
    })
    // A process that was killed takes a moment to be gone.
    await sleep(500)
    const left = await membersOf(pid)
    const kept = await secretsIn(stage, first.temp)
    const verdict = await judge({
      stage,
      wanted: state,
      first,
      killed: true,
      settled: async () => {
        await groupEnds(pid)
      },
      met: asked,
    })
    const words = [
      ...left.map((name) => `${name} was still at work`),
      ...kept.map((file) => `a credential was left in ${file}`),
      ...(first.exitCode === null ? ['it did not end by itself'] : []),
    ]
    return words.length === 0
      ? verdict
      : { ...verdict, ending: 'lost', words: [...words, ...verdict.words] }
  } finally {
    for (const timer of timers) clearTimeout(timer)
    await stage.close()
  }
}

/** The files below this folder that hold a secret, plain or as logins do. */
async function secretsIn(
  { world }: Stage,
  folder: string,
): Promise<readonly string[]> {
  const { user, password } = world.registryLogin
  const secrets = [
    password,
    Buffer.from(`${user}:${password}`).toString('base64'),
    world.github.token,
  ]
  const found: string[] = []
  for (const entry of await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  })) {
    if (!entry.isFile()) continue
    const file = path.join(entry.parentPath, entry.name)
    const text = await readFile(file, 'latin1')
    if (secrets.some((secret) => text.includes(secret)))
      found.push(path.relative(folder, file))
  }
  return found
}

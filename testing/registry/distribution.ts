import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** A running CNCF Distribution. */
export interface Distribution {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  close(): Promise<void>
}

/** Debian's name of the program, and its own. */
const programs = ['docker-registry', 'registry'] as const

/**
 * The registry lives as long as the standard input of this shell is open. The
 * system closes that with our process, however it dies: a test runner that is
 * killed runs no `exit` handler. Signals of the terminal reach it too late.
 * Its standard error ends when the registry does.
 */
const keeper = `
trap '' HUP INT TERM
"$1" serve "$2/config.json" &
exec 2>&-
read -r _
kill -9 $!
wait $!
rm -rf "$2"
`

/** Starts a registry with an empty store; tries anew if its port was taken. */
export async function startDistribution(): Promise<Distribution> {
  const program = programs.find(
    (name) => spawnSync(name, ['--version']).error === undefined,
  )
  if (program === undefined)
    throw new Error(
      'there is no docker-registry on PATH: apt-get install docker-registry',
    )
  for (let attempt = 1; ; attempt++) {
    const started = await start(program)
    if ('url' in started) return started
    if (attempt === 3)
      throw new Error(`${program} did not start: ${started.words}`)
  }
}

async function start(
  program: string,
): Promise<Distribution | { readonly words: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'registry-'))
  const instance = randomUUID()
  const port = await freePort()
  await writeFile(
    path.join(folder, 'config.json'),
    JSON.stringify(configuration({ folder, port, instance })),
  )
  const keeps = spawn('sh', ['-c', keeper, 'keeper', program, folder], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' },
  })
  let words = ''
  keeps.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2000)
  })
  const url = `http://127.0.0.1:${port}`
  const close = async (): Promise<void> => {
    await stop(keeps)
    await rm(folder, { recursive: true, force: true })
  }
  if (await answers(url, { instance, keeps })) return { url, close }
  await close()
  return { words }
}

type Keeper = ChildProcessByStdio<Writable, null, Readable>

interface Place {
  readonly folder: string
  readonly port: number
  readonly instance: string
}

/** https://distribution.github.io/distribution/about/configuration/ */
function configuration({ folder, port, instance }: Place): object {
  return {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: path.join(folder, 'store') },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: {
      addr: `127.0.0.1:${port}`,
      // Where to go on with an upload: at the door, not behind it.
      relativeurls: true,
      headers: { [INSTANCE]: [instance] },
    },
  }
}

/** Tells our registry from another one that took the port before it. */
const INSTANCE = 'X-Registry-Instance'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(
  url: string,
  { instance, keeps }: { readonly instance: string; readonly keeps: Keeper },
): Promise<boolean> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (keeps.stderr.readableEnded) return false
    const found = await fetch(`${url}/v2/`).catch(() => null)
    if (found?.headers.get(INSTANCE) === instance) return true
    await sleep(20)
  }
  return false
}

async function stop(keeps: Keeper): Promise<void> {
  if (keeps.exitCode !== null || keeps.signalCode !== null) return
  const gone = once(keeps, 'exit')
  keeps.stdin.end()
  await gone
}

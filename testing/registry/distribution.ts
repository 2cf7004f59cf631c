import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A running CNCF Distribution. */
export interface Distribution {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  close(): Promise<void>
}

/** Debian's name of the program, and its own. */
const programs = ['docker-registry', 'registry'] as const

/** Starts a registry with an empty store; one more try if its port was taken. */
export async function startDistribution(): Promise<Distribution> {
  const program = programs.find(
    (name) => spawnSync(name, ['--version']).error === undefined,
  )
  if (program === undefined)
    throw new Error(
      'there is no docker-registry on PATH: apt-get install docker-registry',
    )
  const folder = await mkdtemp(path.join(tmpdir(), 'registry-'))
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const config = path.join(folder, 'config.json')
    await writeFile(config, JSON.stringify(configuration(folder, port)))
    const child = spawn(program, ['serve', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' },
    })
    let words = ''
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-2000)
    })
    const end = (): void => void child.kill('SIGKILL')
    process.once('exit', end)
    const url = `http://127.0.0.1:${port}`
    if (await answers(url, child))
      return {
        url,
        close: async () => {
          process.off('exit', end)
          await stop(child)
          await rm(folder, { recursive: true, force: true })
        },
      }
    process.off('exit', end)
    await stop(child)
    if (attempt === 3) throw new Error(`${program} did not start: ${words}`)
  }
}

/** https://distribution.github.io/distribution/about/configuration/ */
function configuration(folder: string, port: number): object {
  return {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: path.join(folder, 'store') },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: `127.0.0.1:${port}`, relativeurls: true },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (child.exitCode !== null) return false
    const found = await fetch(`${url}/v2/`).catch(() => null)
    if (found?.ok === true) return true
    await sleep(20)
  }
  return false
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

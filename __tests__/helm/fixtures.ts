import { createHash } from 'node:crypto'
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createExec } from '../../src/exec.ts'
import { createHelm, type Helm } from '../../src/helm/cli.ts'
import { prepareHelmHome } from '../../src/helm/home.ts'
import type { Log } from '../../src/log.ts'
import type { Chart } from '../../src/model.ts'
import { createRetry } from '../../src/retry.ts'
import { fastClock } from '../../testing/clock.ts'
import { helmBinary, type HelmMajor } from '../../testing/helm.ts'
import { quietLog } from '../../testing/log.ts'

export const exec = createExec(process.env)

/** A log that keeps what it is told. */
export interface KeptLog extends Log {
  readonly lines: readonly string[]
}

export function keepLog(): KeptLog {
  const lines: string[] = []
  const keep =
    (level: string) =>
    (message: string): void => {
      lines.push(`${level}: ${message}`)
    }
  return {
    ...quietLog({
      debug: keep('debug'),
      info: keep('info'),
      notice: keep('notice'),
      warning: keep('warning'),
      error: keep('error'),
    }),
    lines,
  }
}

/** Retries without waiting. */
export const retry = createRetry(fastClock(), quietLog())

/** Runs `work` in a new folder that is removed afterwards. */
export async function inFolder<T>(
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'chart release '))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Writes files, given by their paths relative to a folder. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}

/** The files of a small chart, below `directory`. */
export function chartFiles(
  directory: string,
  more: { readonly version?: string; readonly yaml?: string } = {},
): Record<string, string> {
  const name = path.posix.basename(directory)
  return {
    [`${directory}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: ${more.version ?? '1.2.3'}\ndescription: "A chart: small, <odd> & fine"\n${more.yaml ?? ''}`,
    [`${directory}/values.yaml`]: `# of ${name}\nsize: 1\n`,
    [`${directory}/templates/map.yaml`]:
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n',
  }
}

/** What the reader of charts would say of such a chart. */
export function chartAt(directory: string, version = '1.2.3'): Chart {
  return {
    name: path.posix.basename(directory),
    version,
    apiVersion: 'v2',
    type: 'application',
    dependencies: [],
    sources: [],
    annotations: {},
    directory,
    versionAt: { file: `${directory}/Chart.yaml`, line: 3 },
    locked: false,
  }
}

/** A Helm with a home of its own inside a folder. */
export async function helmIn(
  folder: string,
  major: HelmMajor,
  watch: (args: readonly string[]) => void = () => {},
): Promise<{ helm: Helm; home: string; registryConfig: string }> {
  const home = path.join(folder, 'helm home')
  const registryConfig = path.join(folder, 'registry', 'config.json')
  await prepareHelmHome({
    home,
    userEnvironment: { HELM_CONFIG_HOME: path.join(folder, 'user') },
    platform: 'linux',
  })
  await writeFiles(folder, { 'registry/config.json': '{"auths":{}}' })
  const helm = createHelm({
    path: await helmBinary(major),
    exec: async (program, args, options) => {
      watch(args)
      return await exec(program, args, options)
    },
    home,
    registryConfig,
  })
  return { helm, home, registryConfig }
}

export type Answer =
  | Uint8Array
  | string
  | {
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  | undefined

export interface Served {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly host: string
  readonly requests: readonly string[]
}

/** Runs `work` while a server on loopback answers; `undefined` is a 404. */
export async function whileServing<T>(
  answer: (path: string, request: IncomingMessage) => Answer | Promise<Answer>,
  work: (served: Served) => Promise<T>,
): Promise<T> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    void (async () => {
      requests.push(`${request.method} ${request.url}`)
      const found = await answer(request.url ?? '', request)
      if (found === undefined) response.writeHead(404).end()
      else if (typeof found === 'string' || found instanceof Uint8Array)
        response.writeHead(200).end(found)
      else response.writeHead(found.status, found.headers).end(found.body)
    })()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    return await work({ url: `http://${host}`, host, requests })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => {
      server.close(resolve)
    })
  }
}

/** Every path, time and content below a folder, as one hash. */
export async function snapshot(folder: string): Promise<string> {
  const hash = createHash('sha256')
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const lines = await Promise.all(
    names.map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name)
      const content = entry.isFile() ? await readFile(file, 'base64') : ''
      return `${file} ${content}`
    }),
  )
  for (const line of lines.toSorted()) hash.update(`${line}\n`)
  return hash.digest('hex')
}

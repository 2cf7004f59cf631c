import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sentenceOf } from '../errors.ts'
import type { Exec } from '../exec.ts'
import type { Log } from '../log.ts'
import { type Login, type LoginFile, readLoginFile } from './login-files.ts'
import { readObject } from './manifest.ts'
import { canonicalHost } from './reference.ts'

/** What a registry is shown, and where it came from. */
export interface Credential extends Login {
  /** For people: `the input registry-credentials`, `/root/.docker/config.json`. */
  readonly origin: string
}

export interface Credentials {
  /**
   * A Docker-style configuration file named `config.json`: for Helm's
   * `--registry-config`, and its folder for `DOCKER_CONFIG`.
   */
  readonly configFile: string
  /** Of exactly this `host[:port]`; Docker Hub's names are one. */
  forHost(host: string): Credential | undefined
}

export interface CredentialsSource {
  /** The input `registry-credentials`. */
  readonly given: readonly {
    readonly host: string
    readonly username: string
    readonly password: string
  }[]
  /** Logins of earlier steps, the first that has a host wins. */
  readonly loginFiles: readonly string[]
  /** The job's token, for ghcr.io. */
  readonly token?:
    | {
        readonly value: string
        readonly actor: string
        readonly serverUrl: string
      }
    | undefined
  /** The registries of this run: their credential helpers are asked now. */
  readonly hosts: readonly string[]
  /** The run's own folder, removed at its end. */
  readonly folder: string
  readonly exec: Exec
  /** Variables for credential helpers alone, from `helperEnvironment`. */
  readonly helperEnvironment?: Readonly<Record<string, string>>
  readonly log: Log
}

/**
 * Gathers the logins for this run into one file that Helm and our own client
 * share, readable by this user alone: the input, then logins of earlier steps,
 * then the job's token (for ghcr.io, which only github.com's token can open;
 * it takes any username). Every secret is masked.
 */
export async function createCredentials(
  source: CredentialsSource,
): Promise<Credentials> {
  const { folder, log } = source
  const files: LoginFile[] = []
  for (const file of source.loginFiles) {
    const read = await readLoginFile(file, log)
    if (read !== null) files.push(read)
  }
  const found = new Map<string, Credential>()
  const add = (host: string, credential: Credential): void => {
    const canonical = canonicalHost(host)
    if (found.has(canonical)) return
    found.set(canonical, credential)
    log.mask(credential.password)
    log.mask(credential.identityToken ?? '')
  }
  for (const { host, username, password } of source.given)
    add(host, {
      username,
      password,
      origin: 'the input registry-credentials',
    })
  for (const file of files) {
    for (const [host, login] of file.logins)
      add(host, { ...login, origin: file.path })
    for (const host of source.hosts.map(canonicalHost)) {
      const helper = file.helpers.get(host) ?? file.store
      if (found.has(host) || helper === undefined) continue
      const login = await askHelper(helper, host, source)
      if (login !== null)
        add(host, { ...login, origin: `docker-credential-${helper}` })
    }
  }
  const { token } = source
  if (token !== undefined && isGitHubCom(token.serverUrl))
    add('ghcr.io', {
      username: token.actor === '' ? 'x-access-token' : token.actor,
      password: token.value,
      origin: 'the input token',
    })
  const configFile = path.join(folder, 'registry', 'config.json')
  await mkdir(path.dirname(configFile), { recursive: true, mode: 0o700 })
  await writeFile(configFile, configOf(found, files), {
    mode: 0o600,
    flag: 'wx',
  })
  return {
    configFile,
    forHost: (host) => found.get(canonicalHost(host)),
  }
}

/**
 * A file without logins, for a Helm that fetches what a fork's chart names.
 * With none at all Helm would ask the machine's own credential helper (oras-go,
 * `DetectDefaultNativeStore`).
 */
export async function writeNoLogins(folder: string): Promise<string> {
  const file = path.join(folder, 'no-logins', 'config.json')
  const auth = Buffer.from('-:-').toString('base64')
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(
    file,
    JSON.stringify({ auths: { 'nobody.invalid': { auth } } }),
    { mode: 0o600 },
  )
  return file
}

function isGitHubCom(serverUrl: string): boolean {
  return URL.canParse(serverUrl) && new URL(serverUrl).host === 'github.com'
}

/**
 * https://github.com/docker/docker-credential-helpers#development: the server
 * on standard input, JSON on standard output. A helper that fails is a
 * warning: most are installed for other registries.
 */
async function askHelper(
  helper: string,
  host: string,
  {
    exec,
    log,
    helperEnvironment,
  }: Pick<CredentialsSource, 'exec' | 'log' | 'helperEnvironment'>,
): Promise<Login | null> {
  const program = `docker-credential-${helper}`
  try {
    const { exitCode, stdout } = await exec(program, ['get'], {
      input: keysOf(host)[0] as string,
      timeoutSeconds: 60,
      ...(helperEnvironment === undefined ? {} : { env: helperEnvironment }),
    })
    const answer = readObject(Buffer.from(stdout))
    const { Username: username, Secret: secret } = answer ?? {}
    if (exitCode !== 0 && answer === null && !/not found/i.test(stdout))
      throw new Error(stdout.trim().split('\n')[0] || `exit code ${exitCode}`)
    if (exitCode !== 0 || typeof secret !== 'string' || secret === '') {
      log.debug(`${program} has no login for ${host}`)
      return null
    }
    return username === '<token>'
      ? { username: '', password: '', identityToken: secret }
      : { username: String(username), password: secret }
  } catch (thrown) {
    log.warning(
      `${program} cannot be asked for ${host}: ${sentenceOf(thrown)} If that host needs a login, name it in registry-credentials.`,
    )
    return null
  }
}

/** The keys under which Docker, Helm 3 and Helm 4 look for a host. */
function keysOf(host: string): readonly string[] {
  return host === 'registry-1.docker.io'
    ? ['https://index.docker.io/v1/', 'registry-1.docker.io', 'docker.io']
    : [host]
}

/**
 * Helpers stay for the hosts that have no login here (dependencies of the
 * chart). A `credsStore` would hide every login of the file from Helm, so the
 * hosts that it keeps are named instead.
 */
function configOf(
  found: ReadonlyMap<string, Credential>,
  files: readonly LoginFile[],
): string {
  const auths: Record<string, object> = {}
  for (const [host, { username, password, identityToken }] of found)
    for (const key of keysOf(host))
      auths[key] = {
        auth: Buffer.from(`${username}:${password}`).toString('base64'),
        ...(identityToken === undefined
          ? {}
          : { identitytoken: identityToken }),
      }
  const credHelpers: Record<string, string> = {}
  // The first file that names a helper wins, so it is written last.
  for (const { helpers } of files.toReversed())
    for (const [host, helper] of helpers)
      if (!found.has(host))
        for (const key of keysOf(host)) credHelpers[key] = helper
  return `${JSON.stringify({ auths, credHelpers }, null, 2)}\n`
}

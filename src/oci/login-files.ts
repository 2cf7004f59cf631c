import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Log } from '../log.ts'
import { readObject } from './manifest.ts'
import { canonicalHost } from './reference.ts'

/** What one login of an earlier step left behind. */
export interface Login {
  readonly username: string
  readonly password: string
  /** A refresh token that stands for the password (`az acr login`). */
  readonly identityToken?: string
}

/** A Docker-style configuration file, hosts canonical. */
export interface LoginFile {
  readonly path: string
  readonly logins: ReadonlyMap<string, Login>
  /** Hosts whose logins a program keeps: `docker-credential-…`. */
  readonly helpers: ReadonlyMap<string, string>
  /** The program that keeps those of all other hosts. */
  readonly store: string | undefined
}

/**
 * Where the logins of earlier steps are: Helm's file before Docker's, since
 * Helm asks them in that order.
 * https://helm.sh/docs/helm/helm/ (HELM_REGISTRY_CONFIG, HELM_CONFIG_HOME)
 */
export function findLoginFiles(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): readonly string[] {
  const set = (name: string): string | undefined =>
    environment[name] === '' ? undefined : environment[name]
  const home = set('HOME') ?? set('USERPROFILE')
  const below = (
    folder: string | undefined,
    ...parts: string[]
  ): string | undefined =>
    folder === undefined ? undefined : path.join(folder, ...parts)
  const standard = {
    darwin: below(home, 'Library', 'Preferences', 'helm'),
    win32: below(set('APPDATA'), 'helm'),
  } as Partial<Record<NodeJS.Platform, string | undefined>>
  const helmHome =
    set('HELM_CONFIG_HOME') ??
    below(set('XDG_CONFIG_HOME'), 'helm') ??
    standard[platform] ??
    below(home, '.config', 'helm')
  return [
    set('HELM_REGISTRY_CONFIG') ?? below(helmHome, 'registry', 'config.json'),
    below(set('DOCKER_CONFIG') ?? below(home, '.docker'), 'config.json'),
  ].filter((file) => file !== undefined)
}

/** Reads one such file; `null` when there is none, or none that can be read. */
export async function readLoginFile(
  file: string,
  log: Log,
): Promise<LoginFile | null> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT')
      log.warning(
        `The registry logins in ${file} cannot be read. If the registries need them, let the user of this job read that file, or use registry-credentials.`,
      )
    return null
  }
  const found = readObject(bytes)
  if (found === null) {
    // Without the parser's words: they quote the text, passwords too.
    log.warning(
      `The registry logins in ${file} are ignored: it is no JSON. Log in again in an earlier step, or use registry-credentials.`,
    )
    return null
  }
  const logins = new Map<string, Login>()
  const helpers = new Map<string, string>()
  const store = helperName(found['credsStore'])
  for (const [key, entry] of entriesOf(found['auths'])) {
    const host = hostOfKey(key)
    if (host === null) continue
    const login = readLogin(entry)
    // Docker keeps the login in the store and leaves an empty entry.
    if (login !== null) logins.set(host, login)
    else if (store !== undefined) helpers.set(host, store)
  }
  for (const [key, value] of entriesOf(found['credHelpers'])) {
    const host = hostOfKey(key)
    const helper = helperName(value)
    if (host !== null && helper !== undefined) helpers.set(host, helper)
  }
  return { path: file, logins, helpers, store }
}

/**
 * The host of a key of `auths`: `ghcr.io`, or Docker's older
 * `https://index.docker.io/v1/`. A key that names a path of a host (Podman's)
 * is for that path alone: `null`.
 */
function hostOfKey(key: string): string | null {
  const host = /^(?:https?:\/\/)?([^/\s]+)(?:\/(?:v[12]\/?)?)?$/.exec(key)?.[1]
  return host === undefined ? null : canonicalHost(host)
}

function readLogin(entry: unknown): Login | null {
  if (typeof entry !== 'object' || entry === null) return null
  const { auth, username, password, identitytoken } = entry as Record<
    string,
    unknown
  >
  const decoded =
    typeof auth === 'string' ? Buffer.from(auth, 'base64').toString() : ''
  const colon = decoded.indexOf(':')
  const login =
    colon > 0
      ? {
          username: decoded.slice(0, colon),
          // Docker pads what it writes.
          password: decoded.slice(colon + 1).replace(/\0+$/, ''),
        }
      : { username: textOf(username), password: textOf(password) }
  if (typeof identitytoken === 'string' && identitytoken !== '')
    return { ...login, identityToken: identitytoken }
  return login.username === '' || login.password === '' ? null : login
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** `docker-credential-NAME` becomes a program's name: nothing with a path. */
function helperName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]+$/.test(value)
    ? value
    : undefined
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value)
    : []
}

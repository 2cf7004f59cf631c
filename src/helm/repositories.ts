import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { stringify } from 'yaml'
import { messageOf, ReleaseError } from '../errors.ts'
import type { Log } from '../log.ts'
import { isLoopback } from '../loopback.ts'
import { isObject, parseAsHelm } from '../package/metadata.ts'
import type { JsonObject } from '../model.ts'
import { helmHomePaths } from './home.ts'

/** A login for one host, as the input `registry-credentials` gives them. */
export interface HostLogin {
  /** `host` or `host:port`, compared exactly. */
  readonly host: string
  readonly username: string
  readonly password: string
}

export interface RepositoriesWanted {
  /** Of the run: see `prepareHelmHome`. */
  readonly home: string
  /** As dependencies name them; what is not http(s) is left out. */
  readonly urls: readonly string[]
  readonly logins: readonly HostLogin[]
  readonly log: Log
}

/**
 * Makes HTTP chart repositories known to this run's Helm, as `helm repo add`
 * would: `helm dependency build` refuses a repository that is not listed. The
 * file is written by us (0600), so no password is on a command line. What the
 * user had listed stays; a login given in the inputs wins over theirs.
 *
 * Throws `DEPENDENCY_FAILED` when the user's file cannot be read.
 */
export async function addRepositories(
  wanted: RepositoriesWanted,
): Promise<void> {
  const urls = new Set(wanted.urls.filter((url) => /^https?:\/\//i.test(url)))
  if (urls.size === 0) return
  const file = helmHomePaths(wanted.home).repositories
  const entries = await readEntries(file)
  const names = new Set(entries.map(({ name }) => name))
  for (const url of urls) {
    const known = entries.findIndex((entry) => sameUrl(entry['url'], url))
    const login = loginFor(url, wanted)
    if (known >= 0) {
      entries[known] = { ...entries[known], ...login }
      continue
    }
    let at = entries.length + 1
    while (names.has(`chart-release-${at}`)) at++
    const name = `chart-release-${at}`
    names.add(name)
    entries.push({ name, url, ...login })
  }
  await writeEntries(file, entries)
}

/**
 * Takes every login out of the copy of the user's list: for a chart that may be
 * a stranger's. Names and addresses stay. Throws as `addRepositories`.
 */
export async function forgetRepositoryLogins(home: string): Promise<void> {
  const file = helmHomePaths(home).repositories
  const entries = await readEntries(file)
  if (entries.length === 0) return
  await writeEntries(
    file,
    entries.map(({ name, url }) => ({ name: name ?? '', url: url ?? '' })),
  )
}

async function writeEntries(
  file: string,
  entries: readonly JsonObject[],
): Promise<void> {
  const text = stringify(
    {
      apiVersion: '',
      generated: '0001-01-01T00:00:00Z',
      repositories: entries,
    },
    // Helm's parser: `yes` and `1:20` are text only in quotes.
    { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false },
  )
  await writeFile(file, text, { mode: 0o600 })
}

async function readEntries(file: string): Promise<JsonObject[]> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return []
  try {
    const content = parseAsHelm(text, path.basename(file))
    const list = isObject(content) ? content['repositories'] : []
    return Array.isArray(list) ? list.filter(isObject) : []
  } catch (cause) {
    throw new ReleaseError(
      'DEPENDENCY_FAILED',
      `The repositories.yaml of the Helm on this machine cannot be read: ${messageOf(cause)}. Repair it with "helm repo add", or remove it.`,
      { cause },
    )
  }
}

function loginFor(
  url: string,
  { logins, log }: RepositoriesWanted,
): { username?: string; password?: string } {
  if (!URL.canParse(url)) return {}
  const { host, protocol } = new URL(url)
  const login = logins.find((one) => one.host.toLowerCase() === host)
  if (login === undefined) return {}
  if (protocol !== 'https:' && !isLoopback(host)) {
    log.warning(
      `The credentials for ${host} are not sent to ${url}: it is plain HTTP. Use https:// in Chart.yaml.`,
    )
    return {}
  }
  return { username: login.username, password: login.password }
}

/** Helm compares repository URLs without a trailing slash. */
function sameUrl(a: unknown, b: string): boolean {
  return typeof a === 'string' && trim(a) === trim(b)
}

function trim(url: string): string {
  return url.replace(/\/+$/, '')
}

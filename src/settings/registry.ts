import { canonicalHost } from '../oci/reference.ts'
import { invalid, parseLines, quote, type Setting } from './values.ts'

/** One line of the input `registries`. */
export interface RegistryTarget {
  /** `host[:port]`, lower case. */
  readonly host: string
  /** Below it, lower case, without `/` at its ends; may be empty. */
  readonly path: string
  /** A failure there is a warning. */
  readonly optional: boolean
  /** Strangers are not meant to pull. */
  readonly private: boolean
}

/** One line of the input `registry-credentials`. */
export interface RegistryCredential {
  /** `host[:port]`, lower case. */
  readonly host: string
  readonly username: string
  /** Secret. */
  readonly password: string
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
const repositoryPath =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/

const hostName =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::(\d{1,5}))?$/

/** The registries, one a line: `oci://host/path`, then perhaps its marks. */
export function parseRegistries({
  name,
  value,
}: Setting): readonly RegistryTarget[] {
  const targets: RegistryTarget[] = []
  for (const line of parseLines(value)) {
    const target = parseRegistry(name, line)
    if (
      targets.some(
        ({ host, path }) =>
          canonicalHost(host) === canonicalHost(target.host) &&
          path === target.path,
      )
    )
      throw invalid(
        name,
        `${quote(`oci://${target.host}/${target.path}`)} is listed twice. Write each registry once.`,
      )
    targets.push(target)
  }
  return targets
}

function parseRegistry(name: string, line: string): RegistryTarget {
  const [address = '', ...marks] = line.split(/\s+/)
  const odd = marks.find((mark) => mark !== 'optional' && mark !== 'private')
  if (odd !== undefined)
    throw invalid(
      name,
      `${quote(odd)} behind ${quote(address)} is no mark of a registry. Write optional or private, or nothing, and each registry on a line of its own.`,
    )
  if (!/^oci:\/\//i.test(address))
    throw invalid(
      name,
      `${quote(address)} must start with oci://, like oci://ghcr.io/owner/repository.`,
    )
  const place = address.slice('oci://'.length).toLowerCase()
  if (place.includes('@'))
    // Not quoted: before an "@" there may be a password.
    throw invalid(
      name,
      'an address has an "@". Write it without digest and without credentials (those belong into registry-credentials).',
    )
  if (place.endsWith('/'))
    throw invalid(name, `${quote(address)} ends with "/". Write it without.`)
  const slash = place.indexOf('/')
  const host = slash === -1 ? place : place.slice(0, slash)
  const path = slash === -1 ? '' : place.slice(slash + 1)
  if (!isHost(host))
    throw invalid(
      name,
      `${quote(host)} in ${quote(address)} is no host of a registry, like ghcr.io or localhost:5000.`,
    )
  if (path.includes(':'))
    throw invalid(
      name,
      `${quote(address)} has a tag. Write the address without it: the chart's version becomes the tag.`,
    )
  if (slash !== -1 && !repositoryPath.test(path))
    throw invalid(
      name,
      `${quote(path)} in ${quote(address)} is no path of a registry: letters and digits, with single ".", "_" or dashes between, and "/" between its parts.`,
    )
  return {
    host,
    path,
    optional: marks.includes('optional'),
    private: marks.includes('private'),
  }
}

/**
 * The logins, one a line: `host username password`. One space or tab ends the
 * username, and every character behind it belongs to the password. Errors name
 * the line, and never show it.
 */
export function parseCredentials({
  name,
  value,
}: Setting): readonly RegistryCredential[] {
  const credentials: RegistryCredential[] = []
  for (const [at, line] of value.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const found = /^\s*(\S+)[ \t]+(\S+)[ \t](.+)$/.exec(line)
    const [, host = '', username = '', password = ''] = found ?? []
    if (found === null || password.trim() === '')
      throw invalid(
        name,
        `line ${at + 1} is not "host username password". Write the three with a space between, one login a line.`,
      )
    const lower = host.toLowerCase()
    if (!isHost(lower))
      throw invalid(
        name,
        `line ${at + 1} does not start with a host, like ghcr.io or localhost:5000 (without https:// or oci:// and without a path).`,
      )
    if (credentials.some((one) => one.host === lower))
      throw invalid(
        name,
        `line ${at + 1} names a host a second time. Write one login for each host.`,
      )
    credentials.push({ host: lower, username, password })
  }
  return credentials
}

function isHost(text: string): boolean {
  const found = hostName.exec(text)
  return found !== null && (found[1] === undefined || isPort(Number(found[1])))
}

function isPort(port: number): boolean {
  return port > 0 && port < 65_536
}

/** With `pages-packages: oci`, the index points at the first of these. */
export function mayBeStore(registry: RegistryTarget): boolean {
  return !registry.optional && !registry.private
}

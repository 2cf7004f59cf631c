import { isIP } from 'node:net'
import { ReleaseError } from '../errors.ts'
import { isLoopback } from '../loopback.ts'
import { canonicalHost } from './reference.ts'

/** What a registry asks for with its 401: RFC 9110, section 11.6.1. */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

/** Every challenge of a `WWW-Authenticate` header, in its order. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: {
    scheme: string
    parameters: Map<string, string>
  }[] = []
  const part =
    /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+)))?/g
  for (const [, name = '', quoted, plain] of header.matchAll(part)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain
    if (value === undefined)
      challenges.push({ scheme: name.toLowerCase(), parameters: new Map() })
    else challenges.at(-1)?.parameters.set(name.toLowerCase(), value)
  }
  return challenges
}

/**
 * Where a registry wants its tokens fetched, when credentials may go there:
 * by https to a host of the registry's own domain. That is the registry's
 * host, one below or above it, or one below the same registered domain
 * (`auth.docker.io` for `registry-1.docker.io`, `gitlab.example.com` for
 * `registry.example.com`). A registry on loopback may name loopback only.
 *
 * Helm itself follows any realm; a registry could collect the credentials of
 * its users for somewhere else that way. Throws `REGISTRY_AUTH`.
 */
export function checkRealm(realm: string, registry: string): URL {
  const refuse = (why: string): never => {
    throw new ReleaseError(
      'REGISTRY_AUTH',
      `${registry} asks for its tokens to be fetched from ${JSON.stringify(realm.slice(0, 200))}, which ${why}; no credentials were sent there. Check the registry's host in the input registries.`,
    )
  }
  if (!URL.canParse(realm)) return refuse('is no URL')
  const url = new URL(realm)
  if (url.username !== '' || url.password !== '')
    return refuse('carries credentials of its own')
  if (isLoopback(registry))
    return isLoopback(url.host) && /^https?:$/.test(url.protocol)
      ? url
      : refuse('is not on this machine, as the registry is')
  if (url.protocol !== 'https:') return refuse('is not https')
  return isOwnDomain(url.hostname, apiHostname(registry))
    ? url
    : refuse("is not on the registry's own domain")
}

/** Domains below which everybody may have a name: neighbours are strangers. */
const shared = new Set([
  'amazonaws.com',
  'azurecr.io',
  'azurewebsites.net',
  'cloudfront.net',
  'github.io',
  'jfrog.io',
  'pkg.dev',
])

function isOwnDomain(realm: string, registry: string): boolean {
  if (realm === registry) return true
  if (isIP(realm.replaceAll(/[[\]]/g, '')) !== 0) return false
  if (isIP(registry.replaceAll(/[[\]]/g, '')) !== 0) return false
  if (realm.endsWith(`.${registry}`)) return true
  if (registry.endsWith(`.${realm}`))
    return realm.includes('.') && !shared.has(realm)
  const own = registeredDomain(registry)
  return own !== null && own === registeredDomain(realm)
}

/**
 * The domain that somebody registered, by rule of thumb instead of the Public
 * Suffix List: two labels, or three below something like `co.uk`. `null` where
 * neighbours are strangers.
 */
function registeredDomain(hostname: string): string | null {
  const labels = hostname.split('.')
  const [second = '', top = ''] = labels.slice(-2)
  const wide = top.length === 2 && second.length <= 3
  const domain = labels.slice(wide ? -3 : -2)
  if (domain.length < 2 || shared.has(`${second}.${top}`)) return null
  return domain.join('.')
}

function apiHostname(host: string): string {
  return canonicalHost(host).replace(/:\d+$/, '')
}

import { ReleaseError } from '../errors.ts'
import { isLoopback } from '../loopback.ts'

/** A repository of one registry: where one chart's versions live. */
export interface Repository {
  /** As the user wrote it, lower-cased: `ghcr.io`, `docker.io`, `127.0.0.1:5000`. */
  readonly host: string
  /** `owner/repo/chart`. */
  readonly name: string
}

const hostName = /^(?:[a-z0-9][a-z0-9.-]*|\[[0-9a-f:]+\])(?::\d{1,5})?$/
/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
const repositoryName =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const tagName = /^\w[\w.-]{0,127}$/

/**
 * The repository of a chart below `oci://host/path`, as `helm push` names it.
 * Throws `INPUT_INVALID` when no registry could accept that name.
 */
export function repositoryOf(
  target: { readonly host: string; readonly path: string },
  chart: string,
): Repository {
  const host = target.host.toLowerCase()
  if (!hostName.test(host))
    throw new ReleaseError(
      'INPUT_INVALID',
      `${JSON.stringify(host)} is no host of a registry, like ghcr.io or 127.0.0.1:5000. Change the input registries.`,
    )
  const name = target.path === '' ? chart : `${target.path}/${chart}`
  if (!repositoryName.test(name) || name.length > 255)
    throw new ReleaseError(
      'INPUT_INVALID',
      `${JSON.stringify(name)} is no name of an OCI repository: parts of lower-case letters and digits, with single ".", "_" or dashes between, joined by "/". Change the input registries or the chart's name.`,
    )
  return { host, name }
}

/** Throws `CHART_INVALID` when this can be no tag, a version of 200 characters say. */
export function checkTag(tag: string): string {
  if (tagName.test(tag)) return tag
  throw new ReleaseError(
    'CHART_INVALID',
    `${JSON.stringify(tag)} can be no tag of an OCI registry: at most 128 letters, digits, ".", "_" and "-". Shorten the chart's version.`,
  )
}

const dockerHub = new Set(['docker.io', 'index.docker.io'])

/** One name for one registry: Docker Hub has three. */
export function canonicalHost(host: string): string {
  const lower = host.toLowerCase()
  return dockerHub.has(lower) ? 'registry-1.docker.io' : lower
}

/** The root of a registry's API; plain HTTP on loopback, as in Docker. */
export function apiRoot(host: string): URL {
  const scheme = isLoopback(host) ? 'http' : 'https'
  return new URL(`${scheme}://${canonicalHost(host)}/v2/`)
}

/** `host/owner/repo/chart:tag` or `…@sha256:…`, for people. */
export function referenceOf(at: Repository, reference?: string): string {
  const place = `${at.host}/${at.name}`
  if (reference === undefined) return place
  return `${place}${reference.includes(':') ? '@' : ':'}${reference}`
}

/**
 * Where the owner of a ghcr.io package changes its visibility and its access;
 * GitHub has no API for either. An organisation's stand elsewhere than a user's.
 */
export function packageSettingsUrl(
  at: Repository,
  owner: {
    readonly kind: 'orgs' | 'users'
    /** Default: `https://github.com`. */
    readonly serverUrl?: string
  },
): string {
  const [account = '', ...rest] = at.name.split('/')
  const { kind, serverUrl = 'https://github.com' } = owner
  return `${serverUrl}/${kind}/${account}/packages/container/${encodeURIComponent(rest.join('/'))}/settings`
}

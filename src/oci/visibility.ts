import { isSameRepository } from '../repository-url.ts'
import type { ChartManifest, Manifest } from './manifest.ts'
import { canonicalHost, packageSettingsUrl, referenceOf } from './reference.ts'
import type { Repository } from './reference.ts'

/** The repository that releases, as far as a package's settings go. */
export interface PackageOwner {
  readonly owner: string
  readonly repo: string
  readonly serverUrl: string
  readonly ownerType: 'organization' | 'user'
}

export interface PrivateFacts {
  readonly at: Repository
  /** What a client with credentials sees under the version's tag. */
  readonly published: {
    readonly manifest: Manifest
    readonly chart: ChartManifest
  }
  readonly owner: PackageOwner
}

const again = 'then re-run this job: it will only verify.'

/** Why strangers are kept out of a package that is there, and what to click. */
export function explainPrivate(facts: PrivateFacts): {
  readonly reason: string
  readonly remedy: string
} {
  const { at, owner } = facts
  const where = referenceOf(at)
  if (isOfGitHub(at, owner))
    return {
      reason: `The package ${where} is private: it is there with credentials, and denied without.${foreignLink(facts)}`,
      remedy: `Open ${settingsUrls(facts)}, and under "Danger Zone", "Change visibility", make it public; ${again} (A visibility that is greyed out is the organization's choice: its settings, "Packages", must allow public packages.)`,
    }
  switch (canonicalHost(at.host)) {
    case 'quay.io':
      return {
        reason: `The repository ${where} is private, as quay.io makes every new one: it is there with credentials, and denied without.`,
        remedy: `Open https://quay.io/repository/${at.name}?tab=settings and choose "Make Public"; ${again}`,
      }
    case 'registry-1.docker.io':
      return {
        reason: `The repository ${where} is private: it is there with credentials, and denied without.`,
        remedy: `Open https://hub.docker.com/repository/docker/${at.name}/settings and choose "Make public"; ${again}`,
      }
    default:
      return {
        reason: `${where} is private: it is there with credentials, and denied without.`,
        remedy: `Let everybody pull from it in the settings of ${at.host}; ${again} If strangers are not meant to pull, write "private" after that registry in the input registries.`,
      }
  }
}

/**
 * Is this the container registry of the GitHub server itself? `ghcr.io` is
 * github.com's; an Enterprise Server has it on its own host or below it
 * (`containers.HOST`).
 */
export function isOfGitHub(
  { host }: Pick<Repository, 'host'>,
  { serverUrl }: Pick<PackageOwner, 'serverUrl'>,
): boolean {
  const server = new URL(serverUrl).hostname
  const registry = host.replace(/:\d+$/, '')
  return server === 'github.com'
    ? registry === 'ghcr.io'
    : registry === server || registry.endsWith(`.${server}`)
}

/** A package under somebody else's name: whether theirs is an organization is not known. */
function settingsUrls({ at, owner }: PrivateFacts): string {
  const { serverUrl, ownerType } = owner
  const url = (kind: 'orgs' | 'users'): string =>
    packageSettingsUrl(at, { kind, serverUrl })
  const [account] = at.name.split('/')
  if (account !== owner.owner.toLowerCase())
    return `${url('orgs')} (of a user: ${url('users')})`
  return url(ownerType === 'organization' ? 'orgs' : 'users')
}

/** GitHub links a package to the repository that its manifest names. */
function foreignLink({ at, published, owner }: PrivateFacts): string {
  const source =
    published.manifest.annotations['org.opencontainers.image.source']
  if (source === undefined) return ''
  const own = `${owner.serverUrl}/${owner.owner}/${owner.repo}`
  if (isSameRepository(source, own) || !isBelow(source, owner.serverUrl))
    return ''
  return ` Its first entry of "sources" links ${at.name} to ${source}, not to ${own}, so it may have the visibility and the rights of that repository: name this repository first under "sources" in Chart.yaml, or set the annotation org.opencontainers.image.source there.`
}

function isBelow(url: string, serverUrl: string): boolean {
  return url.toLowerCase().startsWith(`${serverUrl.toLowerCase()}/`)
}

import type { ChartVersion } from '../channels/channel.ts'
import { referenceOf, repositoryOf } from '../oci/reference.ts'
import type { Door } from '../report/install.ts'
import type { RegistryTarget } from '../settings/registry.ts'
import { ociTag } from '../version.ts'

/** Where a run publishes, as far as users get charts there. */
export interface DoorPlan {
  readonly registries: readonly RegistryTarget[]
  /** Where strangers download an asset; absent: they may not. */
  readonly assetUrl?: ((fileName: string) => string) | undefined
  /** Will this registry most likely want a login from strangers? */
  readonly wantsLogin: (registry: RegistryTarget) => boolean
  /** The release's page. */
  readonly releaseUrl: string
  /** Where the Helm repository is served, without `/` at the end. */
  readonly pagesUrl?: string | undefined
}

/**
 * Every door through which a chart will be had, before any of it is there: the
 * text of a release must be complete when it is published. A registry that may
 * fail comes behind the others.
 */
export function planDoors(
  { registries, assetUrl, wantsLogin, releaseUrl, pagesUrl }: DoorPlan,
  { name, version }: ChartVersion,
): readonly Door[] {
  const rank = ({ optional }: RegistryTarget): number => (optional ? 1 : 0)
  const asset = assetUrl?.(`${name}-${version}.tgz`)
  return [
    ...registries
      .toSorted((one, other) => rank(one) - rank(other))
      .map((registry): Door => {
        const at = repositoryOf(registry, name)
        return {
          channel: 'oci',
          target: `oci://${referenceOf(at)}`,
          reference: referenceOf(at, ociTag(version)),
          access: wantsLogin(registry) ? 'credentials' : undefined,
        }
      }),
    ...(pagesUrl === undefined
      ? []
      : [
          {
            channel: 'pages',
            target: `${pagesUrl}/index.yaml`,
            // What the index points at; the commands do not name it.
            reference: asset ?? '',
          } as const,
        ]),
    ...(asset === undefined
      ? []
      : [
          {
            channel: 'github-release',
            target: releaseUrl,
            reference: asset,
          } as const,
        ]),
  ]
}

import {
  type PackageStore,
  storeOnReleases,
} from '../../src/channels/pages-store.ts'
import type { GitHub } from '../../src/github/client.ts'
import type { Package } from '../../src/model.ts'
import { quietLog } from '../../testing/log.ts'

/** Packages that are assets of releases, at these addresses. */
export function releaseStore(
  github: GitHub,
  urlOf: (made: Package) => string,
): PackageStore {
  const nobody = (): never => {
    throw new Error('no registry is asked here')
  }
  return storeOnReleases({
    github,
    urlOf,
    registry: { getManifest: nobody, getBlob: nobody },
    log: quietLog(),
  })
}

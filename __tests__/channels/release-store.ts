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
  return storeOnReleases({
    github,
    urlOf,
    // A registry that has nothing.
    registry: {
      getManifest: async () => undefined,
      getBlob: () => Promise.reject(new Error('there is no blob')),
    },
    log: quietLog(),
  })
}

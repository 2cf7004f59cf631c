import { Refusal, validationFailed } from './answer.ts'
import type { Hub } from './hub.ts'
import { latestRelease } from './latest.ts'
import type { Release, ReleaseFields } from './release.ts'

/**
 * Immutable releases keep their title and notes open, nothing else. (GitHub is
 * reported to accept changed flags too, github/docs issue 45718; its own manual
 * says otherwise, and the stricter reading is the one to stand.)
 */
export function refuseFrozen(
  hub: Hub,
  release: Release,
  fields: ReleaseFields,
): void {
  const isLatest = latestRelease(hub) === release
  const same =
    (fields.tag ?? release.tag) === release.tag &&
    (fields.target ?? release.target) === release.target &&
    fields.draft !== true &&
    (fields.prerelease ?? release.prerelease) === release.prerelease &&
    (fields.makeLatest ?? String(isLatest)) === String(isLatest)
  if (!same)
    throw validationFailed({
      resource: 'Release',
      code: 'custom',
      message: 'Cannot update an immutable release',
    })
}

/** Throws what GitHub says when an immutable release is about to lose or gain. */
export function refuseImmutable(
  release: Release,
  deed: 'upload' | 'delete',
): void {
  if (!release.immutable) return
  if (deed === 'upload')
    throw new Refusal(422, 'Cannot upload assets to an immutable release.')
  throw validationFailed({
    resource: 'ReleaseAsset',
    code: 'custom',
    message: 'Cannot delete asset from an immutable release',
  })
}

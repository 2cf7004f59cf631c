import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ReleaseError } from '../errors.ts'
import { findAsset } from '../github/asset.ts'
import type { GitHub } from '../github/client.ts'
import { isImmutable, type Release } from '../github/release.ts'
import { attachFile } from '../github/upload.ts'
import type { Log } from '../log.ts'
import type { Package } from '../model.ts'
import { anotherJob } from './drafts.ts'
import { markedDigest, readMarker } from './release-marker.ts'

/**
 * Attaches an archive and its `.prov` where they are missing. In our draft an
 * older archive is replaced, while the draft is marked with ours; a published
 * asset never is (P5). `false`: the release is gone.
 */
export async function attachPackage(
  { github, log }: { readonly github: GitHub; readonly log: Log },
  release: Release,
  made: Package,
): Promise<boolean> {
  const archive = findAsset(release, made.fileName)
  if (isImmutable(release)) {
    if (archive === undefined) throw immutable(release, made.fileName)
    if (
      made.provenance !== null &&
      findAsset(release, `${made.fileName}.prov`) === undefined
    )
      log.warning(
        `${release.html_url} is immutable, so ${made.fileName}.prov cannot be added to it. It will be there from the next version on.`,
      )
    return true
  }
  const files = [{ file: made.path, contentType: 'application/gzip' }]
  // A published one may be signed anew, with other bytes: it stays.
  const signed = findAsset(release, `${made.fileName}.prov`) !== undefined
  if (made.provenance !== null && (release.draft || !signed))
    files.push({ file: made.provenance, contentType: 'text/plain' })
  for (const { file, contentType } of files) {
    const asset = await attachFile(github, release.id, {
      file: {
        name: path.basename(file),
        bytes: await readFile(file),
        contentType,
      },
      mayReplace: (now) => now.draft && checkOurs(now, made),
    })
    if (asset === null) return false
  }
  return true
}

/** `RELEASE_IMMUTABLE`: a published release that will never carry the file. */
export function immutable(release: Release, fileName: string): ReleaseError {
  return new ReleaseError(
    'RELEASE_IMMUTABLE',
    `The release ${release.html_url} is published, immutable and lacks ${fileName}: nothing can be added to it. Let this action make the release (push the tag and publish no release by hand), or leave yours a draft and set github-release: adopt. For this version, set github-release: false or raise the version.`,
  )
}

/** Throws when the draft is not marked with this package (any more). */
function checkOurs(draft: Release, made: Package): true {
  const marker = readMarker(draft.body)
  if (markedDigest(marker, made) !== made.digest)
    throw anotherJob(draft, `${made.fileName} is not ${made.digest}`)
  if (marker?.adopted === true)
    throw new ReleaseError(
      'RELEASE_FAILED',
      `The adopted draft ${draft.html_url} has its own ${made.fileName}, or .prov, with other bytes than the package of this commit. Remove it from the draft, and run again.`,
    )
  return true
}

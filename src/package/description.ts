import path from 'node:path'
import type { ArchiveFiles } from './archive.ts'
import { rfc3339 } from './dependencies.ts'
import { digestOf } from '../digest.ts'
import { ReleaseError } from '../errors.ts'
import { readMetadata } from './metadata.ts'
import type { Package } from '../model.ts'

export interface ArchiveFacts {
  readonly archive: Uint8Array
  /** What is in it. */
  readonly files: ArchiveFiles
  /** Where it lies, under its one name. */
  readonly file: string
  /** Path of the `.prov` beside it. */
  readonly provenance: string | null
  readonly time: Date
}

/**
 * An archive as a package. Throws `HELM_FAILED` when it holds another chart or
 * version than the one that is wanted, `CHART_INVALID` when it holds none.
 */
export function describePackage(
  { archive, files, file, provenance, time }: ArchiveFacts,
  wanted: { readonly name: string; readonly version: string },
): Package {
  const { name, version } = wanted
  const metadata = readMetadata(files, name)
  if (metadata['name'] !== name || metadata['version'] !== version)
    throw new ReleaseError(
      'HELM_FAILED',
      `The packaged Chart.yaml names ${JSON.stringify(metadata['name'])} ${JSON.stringify(metadata['version'])} where ${name} ${version} was expected.`,
    )
  const appVersion = metadata['appVersion']
  return {
    name,
    version,
    ...(typeof appVersion === 'string' ? { appVersion } : {}),
    path: file,
    fileName: path.basename(file),
    digest: digestOf(archive),
    size: archive.length,
    provenance,
    metadata,
    created: rfc3339(time),
  }
}

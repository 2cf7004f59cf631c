import { posix } from 'node:path'
import type { RepositoryFile } from '../artifacthub/repository-file.ts'
import type { ReadFile } from '../github/commit.ts'
import { listEntries } from '../repository/index-file.ts'
import { isStrictVersion } from '../strict-version.ts'
import { compareVersions } from '../version.ts'
import type { ChartVersion } from './channel.ts'

export interface FileQuestion {
  /** Of `index.yaml` on the branch; `.` for its root. */
  readonly directory: string
  readonly file: RepositoryFile | undefined
  /** The text of `index.yaml`; `null`: there is none. */
  readonly index: string | null
  /** What this run releases. */
  readonly charts: readonly ChartVersion[]
  readonly read: ReadFile
}

/**
 * ArtifactHub's file beside the index, when it is to be written: by its path,
 * with its bytes. One with other content is replaced only by a run that releases
 * the highest version of a chart, so that no older tag brings an older one back.
 */
export async function lackingFile({
  directory,
  file,
  index,
  charts,
  read,
}: FileQuestion): Promise<readonly (readonly [string, Uint8Array])[]> {
  if (file === undefined) return []
  const path = posix.join(directory, file.name)
  const there = await read(path)
  if (there !== null) {
    if (Buffer.compare(there, file.bytes) === 0) return []
    if (!charts.some((chart) => isHighest(chart, index))) return []
  }
  return [[path, file.bytes]]
}

function isHighest(
  { name, version }: ChartVersion,
  index: string | null,
): boolean {
  const listed = index === null ? [] : listEntries(index, name)
  return listed
    .map((entry) => entry.version)
    .filter((other) => isStrictVersion(other))
    .every((other) => compareVersions(other, version) <= 0)
}

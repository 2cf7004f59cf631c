import { mkdir, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readArchive } from './archive.ts'
import type { ChartVersion, Download } from './channels/channel.ts'
import { rfc3339 } from './dependencies.ts'
import { digestOf } from './digest.ts'
import { readMetadata } from './metadata.ts'
import type { Package } from './model.ts'

export interface TakeOver {
  readonly wanted: ChartVersion
  readonly download: Download
  /** Where the package is put; one of that name is replaced. */
  readonly destination: string
  /** The time of the file, which `helm push` writes into the manifest. */
  readonly commitTime: Date
}

/**
 * Makes an archive that is published (or lies in our draft) the package of this
 * run, so that the channels that lack it get the same bytes (P1). Throws
 * `CHART_INVALID` when it is no archive of that chart.
 */
export async function takeOver(order: TakeOver): Promise<Package> {
  const { wanted, download, destination, commitTime } = order
  const { archive, provenance } = download
  const metadata = readMetadata(await readArchive(archive), wanted.name)
  const fileName = `${wanted.name}-${wanted.version}.tgz`
  const file = path.join(destination, fileName)
  await mkdir(destination, { recursive: true })
  await writeFile(file, archive)
  await utimes(file, commitTime, commitTime)
  if (provenance !== null) await writeFile(`${file}.prov`, provenance)
  const appVersion = metadata['appVersion']
  return {
    name: wanted.name,
    version: wanted.version,
    ...(typeof appVersion === 'string' ? { appVersion } : {}),
    path: file,
    fileName,
    digest: digestOf(archive),
    size: archive.length,
    provenance: provenance === null ? null : `${file}.prov`,
    metadata,
    created: rfc3339(commitTime),
  }
}

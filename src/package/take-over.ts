import { mkdir, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readArchive } from './archive.ts'
import type { ChartVersion, Download } from '../channels/channel.ts'
import { describePackage } from './description.ts'
import type { Package } from '../model.ts'

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
  const files = await readArchive(archive)
  const fileName = `${wanted.name}-${wanted.version}.tgz`
  const file = path.join(destination, fileName)
  await mkdir(destination, { recursive: true })
  await writeFile(file, archive)
  await utimes(file, commitTime, commitTime)
  if (provenance !== null) await writeFile(`${file}.prov`, provenance)
  return describePackage(
    {
      archive,
      files,
      file,
      provenance: provenance === null ? null : `${file}.prov`,
      time: commitTime,
    },
    wanted,
  )
}

import type {
  ChartRelease,
  Package,
  PublicationReceipt,
  Receipt,
} from './model.ts'

/** What the run did for one chart. */
export function receiptOf(
  { chart, version, tag }: ChartRelease,
  made: Package,
  publications: readonly PublicationReceipt[],
): Receipt {
  const { path, digest, size, provenance } = made
  return {
    name: chart.name,
    version,
    appVersion: made.appVersion ?? null,
    tag: tag.name,
    directory: chart.directory,
    package: { path, digest, size, provenance },
    publications,
  }
}

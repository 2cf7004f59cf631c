import type { Expected } from './channels/channel.ts'
import { messageOf } from './errors.ts'
import type { ChartRelease, Package, Verification } from './model.ts'
import type { Delivery } from './publish.ts'

/** One chart, and what became of it in every channel. */
export interface ReleasedChart {
  readonly release: ChartRelease
  readonly package: Package
  /** It was released from another commit: nothing of it is looked at. */
  readonly settled: boolean
  readonly deliveries: readonly Delivery[]
}

/** `undefined` where there is nothing to verify. */
export async function verifyChart(
  chart: ReleasedChart,
): Promise<readonly (Verification | undefined)[]> {
  const begun = new Map<Delivery, Promise<Verification | undefined>>()
  // What the index points at, Helm fetches from there: if that proves the asset
  // too, it need not be downloaded a second time.
  const prover = (delivery: Delivery): Delivery | undefined =>
    delivery.receipt.channel !== 'github-release'
      ? undefined
      : chart.deliveries.find(
          ({ receipt, publication }) =>
            receipt.channel === 'pages' &&
            publication !== undefined &&
            publication.reference === delivery.publication?.reference &&
            publication.packageDigest === delivery.publication.packageDigest,
        )
  const verify = async (
    delivery: Delivery,
  ): Promise<Verification | undefined> => {
    const other = prover(delivery)
    const proof =
      other === undefined || expectedOf(chart, delivery)?.hasProvenance === true
        ? undefined
        : await begun.get(other)
    return proof?.verified === 'installable' && proof.access === undefined
      ? proof
      : await verifyDelivery(chart, delivery)
  }
  const inOrder = chart.deliveries.toSorted(
    (one, two) => Number(isRelease(one)) - Number(isRelease(two)),
  )
  for (const delivery of inOrder) begun.set(delivery, verify(delivery))
  return await Promise.all(
    chart.deliveries.map(async (delivery) => await begun.get(delivery)),
  )
}

/** What has failed already is told, and a re-run both ends and verifies it. */
export function isDue({ settled, deliveries }: ReleasedChart): boolean {
  return (
    !settled &&
    deliveries.every(
      ({ channel, receipt }) =>
        receipt.status !== 'failed' || !channel.required,
    )
  )
}

function isRelease({ receipt }: Delivery): boolean {
  return receipt.channel === 'github-release'
}

function expectedOf(
  { release, package: made }: ReleasedChart,
  { publication, receipt, package: shipped }: Delivery,
): Expected | undefined {
  if (publication === undefined) return undefined
  return {
    name: release.chart.name,
    version: release.version,
    digest: publication.packageDigest ?? made.digest,
    hasProvenance:
      publication.hasProvenance ||
      (receipt.status === 'published' && shipped.provenance !== null),
  }
}

async function verifyDelivery(
  chart: ReleasedChart,
  delivery: Delivery,
): Promise<Verification | undefined> {
  const { channel, publication } = delivery
  const expected = isDue(chart) ? expectedOf(chart, delivery) : undefined
  if (publication === undefined || expected === undefined) return undefined
  if (publication.proposedIn !== undefined)
    return {
      verified: 'pending',
      reason: `It waits in the pull request ${publication.proposedIn}.`,
      remedy: 'Merge that, then re-run this job: it will only verify.',
    }
  try {
    return await channel.verify(publication, expected)
  } catch (thrown) {
    // That it could not be found out is no fault of the release (P7).
    return {
      verified: 'pending',
      reason: `It could not be verified: ${messageOf(thrown)}`,
      remedy: 'Re-run this job: it will only verify.',
    }
  }
}

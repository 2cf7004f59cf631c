import type { Expected } from './channels/channel.ts'
import { messageOf, ReleaseError } from './errors.ts'
import type { Strangers } from './helm/stranger.ts'
import { tryPackage } from './package/trial.ts'
import type { Log } from './log.ts'
import type {
  ChartRelease,
  Package,
  PublicationReceipt,
  Verification,
} from './model.ts'
import type { Delivery } from './publish.ts'
import type { Attention, Remark } from './report/outcome.ts'

/** One chart, and what became of it in every channel. */
export interface ReleasedChart {
  readonly release: ChartRelease
  readonly package: Package
  /** It was released from another commit: nothing of it is looked at. */
  readonly settled: boolean
  readonly deliveries: readonly Delivery[]
}

export interface Verified {
  /** For each chart, for each delivery, in their orders. */
  readonly receipts: readonly (readonly PublicationReceipt[])[]
  readonly failures: readonly ReleaseError[]
  readonly attention: readonly Attention[]
  readonly remarks: readonly Remark[]
}

export interface VerifyOrder {
  readonly charts: readonly ReleasedChart[]
  readonly strangers: Strangers
  readonly log: Log
}

/**
 * Installs back as a stranger what this run published or found published, all
 * channels side by side (P9). What is broken is a failure, or a warning where
 * the channel is optional; what is pending is a warning.
 */
export async function verifyEverywhere(order: VerifyOrder): Promise<Verified> {
  const { charts, log } = order
  const [verifications, { failures, remarks }] = await Promise.all([
    Promise.all(charts.map(async (one) => await verifyChart(one))),
    tryAll(order),
  ])
  const attention: Attention[] = []
  const receipts = charts.map(({ release, deliveries }, chartAt) =>
    deliveries.map(({ channel, receipt }, at) => {
      const verification = verifications[chartAt]?.[at]
      if (verification === undefined) return receipt
      const publication = withVerification(receipt, verification)
      const { name } = release.chart
      const { version } = release
      const what = `${name} ${version} from ${channel.name}`
      if (verification.verified === 'installable') {
        const { detail } = verification
        log.info(
          `${what}: installable${detail === undefined ? '' : ` (${detail})`}`,
        )
        return publication
      }
      const { reason, remedy } = verification
      const failure =
        verification.verified === 'broken' && channel.required
          ? new ReleaseError(
              'VERIFY_BROKEN',
              `${what} is published, but a stranger cannot install it. ${reason} ${remedy}`,
            )
          : undefined
      attention.push({
        name,
        version,
        publication,
        verification,
        ...(failure === undefined ? {} : { failure }),
      })
      if (failure !== undefined) failures.push(failure)
      else if (verification.verified === 'pending')
        log.warning(
          `${what} is published, not installable yet. ${reason} ${remedy}`,
        )
      else
        log.warning(
          `${what}, which is optional, cannot be installed by a stranger. ${reason} ${remedy}`,
        )
      return publication
    }),
  )
  return { receipts, failures, attention, remarks }
}

/** One after the other: rendering is the machine's work, not the network's. */
async function tryAll({ charts, strangers, log }: VerifyOrder): Promise<{
  readonly failures: ReleaseError[]
  readonly remarks: readonly Remark[]
}> {
  const failures: ReleaseError[] = []
  const remarks: Remark[] = []
  for (const chart of charts) {
    const { release, package: made, deliveries } = chart
    if (
      !isDue(chart) ||
      deliveries.every(({ publication }) => publication === undefined)
    )
      continue
    const trial = await tryPackage(await strangers.invite(), release, made)
    if (trial.warning !== undefined) {
      log.warning(trial.warning, release.chart.versionAt)
      const { name } = release.chart
      remarks.push({ name, version: release.version, words: trial.warning })
    }
    if (trial.failure !== undefined) failures.push(trial.failure)
  }
  return { failures, remarks }
}

/** `undefined` where there is nothing to verify. */
async function verifyChart(
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
function isDue({ settled, deliveries }: ReleasedChart): boolean {
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

function withVerification(
  receipt: PublicationReceipt,
  verification: Verification,
): PublicationReceipt {
  const details = [
    receipt.detail,
    verification.verified === 'installable'
      ? verification.detail
      : `${verification.reason} ${verification.remedy}`,
  ].filter((detail) => detail !== undefined)
  return {
    ...receipt,
    verified: verification.verified,
    ...(verification.verified === 'installable' &&
    verification.access !== undefined
      ? { access: verification.access }
      : {}),
    ...(details.length === 0 ? {} : { detail: details.join('; ') }),
  }
}

/** The receipts as publishing left them: `skipped`. */
export function notVerified(charts: readonly ReleasedChart[]): Verified {
  return {
    receipts: charts.map(({ deliveries }) =>
      deliveries.map(({ receipt }) => receipt),
    ),
    failures: [],
    attention: [],
    remarks: [],
  }
}

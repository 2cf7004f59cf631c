import { ReleaseError } from './errors.ts'
import type { Strangers } from './helm/stranger.ts'
import { tryPackage } from './package/trial.ts'
import type { Log } from './log.ts'
import type { PublicationReceipt, Verification } from './model.ts'
import type { Attention, Remark } from './report/outcome.ts'
import { type ReleasedChart, verifyChart, isDue } from './verify-chart.ts'

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

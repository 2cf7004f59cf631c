import type { Channel, Shipment } from './channels/channel.ts'
import type { ReleaseError } from './errors.ts'
import { failuresOf } from './failures.ts'
import type { Log } from './log.ts'
import type { Package, Publication, PublicationReceipt } from './model.ts'
import type { Action } from './plan.ts'
import { publicationReceipt } from './publication-receipt.ts'

/** What to do for one chart: an action and its package for each channel. */
export interface Work {
  readonly name: string
  readonly version: string
  /** In the order of the channels. */
  readonly steps: readonly Step[]
}

export interface Step {
  readonly action: Action
  /** The package that this channel gets. */
  readonly package: Package
}

export interface Published {
  /** For each chart, for each channel, in their orders. */
  readonly receipts: readonly (readonly PublicationReceipt[])[]
  readonly failures: readonly ReleaseError[]
}

/**
 * Publishes in the order that keeps every half-way state harmless (P3): the
 * draft with its assets, which nobody sees; the registries, side by side; the
 * release; the index, last. A required channel that fails ends the row; a
 * re-run goes on from there (P4).
 */
export async function publishEverywhere(
  channels: readonly Channel[],
  work: readonly Work[],
  log: Log,
): Promise<Published> {
  const outcomes: Outcome[] = channels.map(() => ({}))
  const failures: ReleaseError[] = []
  const indexes = channels.map((_, at) => at)
  const kind = (wanted: Channel['kind']): number[] =>
    indexes.filter((at) => channels[at]?.kind === wanted)

  const attempt = async (
    at: number,
    act: (channel: Channel, shipments: readonly Shipment[]) => Promise<Outcome>,
  ): Promise<void> => {
    const channel = channels[at] as Channel
    const shipments = shipmentsOf(work, at)
    if (shipments.length === 0) return
    try {
      outcomes[at] = await act(channel, shipments)
    } catch (thrown) {
      const found = failuresOf(thrown)
      outcomes[at] = { failed: found.map(({ message }) => message).join(' ') }
      if (channel.required) failures.push(...found)
      else
        for (const { message } of found)
          log.warning(`${channel.name} is optional: ${message}`)
    }
  }
  const publish = async (
    channel: Channel,
    shipments: readonly Shipment[],
  ): Promise<Outcome> => {
    const publications = await channel.publish(shipments)
    for (const { reference } of publications)
      log.info(`${channel.name}: published ${reference}`)
    return { publications }
  }

  const phases: readonly (() => Promise<unknown>)[] = [
    async () =>
      await Promise.all(
        indexes.map(
          async (at) =>
            await attempt(at, async (channel, shipments) => {
              await channel.probe?.(shipments.map((one) => one.package))
              return {}
            }),
        ),
      ),
    async () => {
      for (const at of kind('github-release'))
        await attempt(at, async (channel, shipments) => {
          await channel.stage?.(shipments)
          return {}
        })
    },
    async () =>
      await Promise.all(
        kind('oci')
          .filter((at) => outcomes[at]?.failed === undefined)
          .map(async (at) => await attempt(at, publish)),
      ),
    ...[...kind('github-release'), ...kind('pages')].map(
      (at) => async () => await attempt(at, publish),
    ),
  ]
  for (const phase of phases) {
    if (failures.length > 0) break
    await phase()
  }
  return {
    receipts: work.map((one) =>
      channels.map((channel, at) =>
        publicationReceipt(channel, (one.steps[at] as Step).action, {
          made: outcomes[at]?.publications?.[shippedBefore(work, one, at)],
          failed: outcomes[at]?.failed,
        }),
      ),
    ),
    failures,
  }
}

/** The same work with nothing to do: what would have been published is left. */
export function withhold(work: readonly Work[], reason: string): Work[] {
  return work.map((one) => ({
    ...one,
    steps: one.steps.map((step) =>
      ships(step) ? { ...step, action: { kind: 'leave', reason } } : step,
    ),
  }))
}

/** What came of one channel; empty: nothing was done there (yet). */
interface Outcome {
  readonly publications?: readonly Publication[]
  readonly failed?: string
}

function ships({ action }: Step): boolean {
  return action.kind === 'publish' || action.kind === 'complete'
}

function shipmentsOf(work: readonly Work[], at: number): readonly Shipment[] {
  return work
    .map(({ steps }) => steps[at] as Step)
    .filter(ships)
    .map((step) => ({
      package: step.package,
      found:
        step.action.kind === 'complete'
          ? step.action.found.publication
          : undefined,
    }))
}

/** Which of a channel's publications is this chart's. */
function shippedBefore(work: readonly Work[], one: Work, at: number): number {
  return work
    .slice(0, work.indexOf(one))
    .filter(({ steps }) => ships(steps[at] as Step)).length
}

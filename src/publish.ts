import pLimit from 'p-limit'
import type { Channel, Shipment } from './channels/channel.ts'
import type { ReleaseError } from './errors.ts'
import { failuresOf } from './failures.ts'
import type { Log } from './log.ts'
import type { Package, Publication, PublicationReceipt } from './model.ts'
import type { Deed } from './plan.ts'
import { type Ending, publicationReceipt } from './publication-receipt.ts'

/** What to do for one chart: a step for each of its channels. */
export interface Work {
  readonly name: string
  readonly version: string
  readonly steps: readonly Step[]
}

export interface Step {
  readonly channel: Channel
  readonly action: Deed
  /** The package that this channel gets. */
  readonly package: Package
}

/** What became of one chart in one channel. */
export interface Delivery {
  readonly channel: Channel
  readonly receipt: PublicationReceipt
  /** What is there for this release; absent: nothing, or other content. */
  readonly publication?: Publication | undefined
  /** What the channel was to get. */
  readonly package: Package
}

export interface Published {
  /** For each chart, for each of its steps, in their orders. */
  readonly deliveries: readonly (readonly Delivery[])[]
  readonly failures: readonly ReleaseError[]
}

/** How many charts are pushed at a time, to all registries together. */
const SIDE_BY_SIDE = 4

/**
 * Publishes in the order that keeps every half-way state harmless (P3): the
 * drafts with their assets, which nobody sees; the registries, side by side;
 * the releases; the index, last. What fails for a chart in a required channel
 * ends that chart's row, and that of the charts that share its release; the
 * others go on. A re-run goes on from there (P4).
 */
export async function publishEverywhere(
  work: readonly Work[],
  log: Log,
): Promise<Published> {
  const run = createRun(work, log)
  const limit = pLimit(SIDE_BY_SIDE)
  const probed = await Promise.all(
    run.channels.map(
      async (channel) =>
        await run.attempt(run.shipping(channel), async (steps) => {
          await channel.probe?.(steps.map(shipmentOf))
        }),
    ),
  )
  // Nobody shall see a half of what cannot be published as a whole (P2).
  if (probed.every(Boolean)) {
    // One after the other, as GitHub wants writes to come.
    for (const channel of run.of('github-release'))
      await run.attempt(run.shipping(channel), async (steps) => {
        await channel.stage?.(steps.map(shipmentOf))
      })
    await Promise.all(
      run
        .of('oci')
        .flatMap((channel) => run.shipping(channel))
        .map(
          async (step) =>
            await limit(async () => await run.publish(step.channel, [step])),
        ),
    )
    for (const kind of ['github-release', 'pages'] as const)
      for (const channel of run.of(kind)) {
        for (const step of run.shipping(channel))
          await run.attempt([step], async () => {
            await channel.prove?.(shipmentOf(step))
          })
        await run.publish(channel, run.shipping(channel))
      }
  }
  if (run.failures.length > 0)
    for (const channel of run.of('github-release')) await channel.abandon?.()
  return {
    deliveries: work.map(({ steps }) => steps.map(run.deliver)),
    failures: run.failures,
  }
}

interface Run {
  /** In the order of the charts' steps. */
  readonly channels: readonly Channel[]
  readonly failures: readonly ReleaseError[]
  of(kind: Channel['kind']): readonly Channel[]
  /** What is (still) to be published through a channel. */
  shipping(channel: Channel): readonly Step[]
  /** `false`: it failed, in a channel that is required. */
  attempt(
    steps: readonly Step[],
    act: (steps: readonly Step[]) => Promise<void>,
  ): Promise<boolean>
  publish(channel: Channel, steps: readonly Step[]): Promise<void>
  deliver(step: Step): Delivery
}

function createRun(work: readonly Work[], log: Log): Run {
  const endings = new Map<Step, Ending>()
  const failures: ReleaseError[] = []
  const stopped = new Set<Work>()
  const ownerOf = new Map(
    work.flatMap((one) => one.steps.map((step) => [step, one] as const)),
  )
  const channels = [
    ...new Set(
      work.flatMap(({ steps }) => steps.map(({ channel }) => channel)),
    ),
  ]
  /**
   * A tag's release is published whole: its charts stop together. Behind it,
   * each stops alone.
   */
  const stop = (failed: Work, { kind: at }: Channel): void => {
    stopped.add(failed)
    if (at === 'pages') return
    const releases = new Set(
      failed.steps
        .map(({ channel }) => channel)
        .filter(({ kind }) => kind === 'github-release'),
    )
    for (const one of work)
      if (one.steps.some(({ channel }) => releases.has(channel)))
        stopped.add(one)
  }
  const attempt: Run['attempt'] = async (steps, act) => {
    const [first] = steps
    if (first === undefined) return true
    const { channel } = first
    try {
      await act(steps)
      return true
    } catch (thrown) {
      const found = failuresOf(thrown)
      const failed = found.map(({ message }) => message).join(' ')
      for (const step of steps) endings.set(step, { failed })
      if (channel.required) {
        failures.push(...found)
        for (const step of steps) stop(ownerOf.get(step) as Work, channel)
      } else
        for (const { message } of found)
          log.warning(`${channel.name} is optional: ${message}`)
      return !channel.required
    }
  }
  return {
    channels,
    failures,
    of: (kind) => channels.filter((channel) => channel.kind === kind),
    shipping: (channel) =>
      work
        .filter((one) => !stopped.has(one))
        .flatMap(({ steps }) => steps)
        .filter(
          (step) =>
            step.channel === channel && ships(step) && !endings.has(step),
        ),
    attempt,
    publish: async (channel, steps) => {
      await attempt(steps, async () => {
        const made = await channel.publish(steps.map(shipmentOf))
        for (const [at, step] of steps.entries()) {
          endings.set(step, { made: made[at] })
          log.info(`${channel.name}: published ${made[at]?.reference ?? ''}`)
        }
      })
    },
    deliver: (step) => {
      const { channel, action } = step
      const ending = endings.get(step) ?? {}
      return {
        channel,
        receipt: publicationReceipt(channel, action, ending),
        publication:
          action.kind === 'keep' ? action.found.publication : ending.made,
        package: step.package,
      }
    },
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

function ships({ action }: Step): boolean {
  return action.kind === 'publish' || action.kind === 'complete'
}

function shipmentOf(step: Step): Shipment {
  return {
    package: step.package,
    found:
      step.action.kind === 'complete'
        ? step.action.found.publication
        : undefined,
  }
}

import { describe, expect, test } from '@jest/globals'
import type { Channel, Shipment } from '../src/channels/channel.ts'
import { ReleaseError } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import type {
  ChannelKind,
  Package,
  Publication,
  PublicationReceipt,
} from '../src/model.ts'
import type { Deed } from '../src/plan.ts'
import { publishEverywhere, type Step, type Work } from '../src/publish.ts'
import { quietLog } from '../testing/log.ts'

const digest = `sha256:${'a'.repeat(64)}` as const

const demo: Package = {
  name: 'demo',
  version: '1.2.3',
  path: '/packages/demo-1.2.3.tgz',
  fileName: 'demo-1.2.3.tgz',
  digest,
  size: 1,
  provenance: null,
  metadata: {},
  created: '2026-01-01T00:00:00Z',
}

function publicationIn(kind: ChannelKind, { package: made }: Shipment) {
  const publication: Publication = {
    channel: kind,
    target: `the ${kind}`,
    reference: `${kind}/${made.fileName}`,
    digest,
    packageDigest: digest,
    hasProvenance: false,
  }
  return publication
}

/** A channel that writes down what is asked of it, and fails where told. */
function recorder(calls: string[], failing: ReadonlySet<string> = new Set()) {
  return (kind: ChannelKind, name: string, required = true): Channel => {
    const note = (what: string): void => {
      calls.push(`${name} ${what}`)
      if (failing.has(`${name} ${what}`))
        throw new ReleaseError('REGISTRY_FAILED', `${name} does not ${what}`)
    }
    return {
      kind,
      name,
      required,
      locate: async () => ({ state: 'absent' }),
      download: async () => ({ archive: new Uint8Array(), provenance: null }),
      probe: async () => note('probe'),
      ...(kind === 'github-release'
        ? { stage: async () => note('stage') }
        : {}),
      publish: async (shipments) => {
        note('publish')
        return shipments.map((shipment) => publicationIn(kind, shipment))
      },
      verify: async () => ({ verified: 'installable' }),
    }
  }
}

/** Work whose steps are in the order of the channels. */
type Plans = Omit<Work, 'steps'> & {
  readonly steps: readonly Omit<Step, 'channel'>[]
}

function workOf(...actions: readonly Deed[]): Plans {
  return {
    name: 'demo',
    version: '1.2.3',
    steps: actions.map((action) => ({ action, package: demo })),
  }
}

async function publishAll(
  channels: readonly Channel[],
  plans: readonly Plans[],
  log: Log,
): Promise<{
  receipts: readonly (readonly PublicationReceipt[])[]
  failures: readonly ReleaseError[]
}> {
  const work = plans.map((one) => ({
    ...one,
    steps: one.steps.map((step, at) => ({
      channel: channels[at] as Channel,
      ...step,
    })),
  }))
  const { deliveries, failures } = await publishEverywhere(work, log)
  const receipts = deliveries.map((row) => row.map(({ receipt }) => receipt))
  return { receipts, failures }
}

const listener = (warnings: string[] = []): Log =>
  quietLog({ warning: (message) => void warnings.push(message) })

const publish: Deed = { kind: 'publish', source: 'at hand' }

describe('publishing', () => {
  test('P2, P3: probes first, then the draft, the registries, the release, and the index last', async () => {
    const calls: string[] = []
    const channel = recorder(calls)
    const { receipts, failures } = await publishAll(
      [
        channel('oci', 'ghcr'),
        channel('github-release', 'release'),
        channel('pages', 'pages'),
      ],
      [workOf(publish, publish, publish)],
      listener(),
    )
    expect(calls).toEqual([
      'ghcr probe',
      'release probe',
      'pages probe',
      'release stage',
      'ghcr publish',
      'release publish',
      'pages publish',
    ])
    expect(failures).toEqual([])
    expect(receipts[0]?.map(({ status }) => status)).toEqual([
      'published',
      'published',
      'published',
    ])
  })

  test('P3: a required registry that fails stops before anything is public elsewhere', async () => {
    const calls: string[] = []
    const channel = recorder(calls, new Set(['ghcr publish']))
    const { receipts, failures } = await publishAll(
      [
        channel('oci', 'ghcr'),
        channel('github-release', 'release'),
        channel('pages', 'pages'),
      ],
      [workOf(publish, publish, publish)],
      listener(),
    )
    expect(calls).not.toContain('release publish')
    expect(calls).not.toContain('pages publish')
    expect(failures.map(({ code }) => code)).toEqual(['REGISTRY_FAILED'])
    expect(receipts[0]).toMatchObject([
      { status: 'failed', detail: 'ghcr does not publish' },
      { status: 'failed', detail: expect.stringContaining('not reached') },
      { status: 'failed' },
    ])
  })

  test('P2: a failed probe keeps every channel as it was', async () => {
    const calls: string[] = []
    const channel = recorder(calls, new Set(['ghcr probe']))
    await publishAll(
      [channel('oci', 'ghcr'), channel('github-release', 'release')],
      [workOf(publish, publish)],
      listener(),
    )
    expect(calls).toEqual(['ghcr probe', 'release probe'])
  })

  test('an optional registry that fails is a warning, and the rest goes on', async () => {
    const calls: string[] = []
    const warnings: string[] = []
    const channel = recorder(calls, new Set(['quay probe']))
    const { receipts, failures } = await publishAll(
      [channel('oci', 'quay', false), channel('github-release', 'release')],
      [workOf(publish, publish)],
      listener(warnings),
    )
    expect(failures).toEqual([])
    expect(calls).toEqual([
      'quay probe',
      'release probe',
      'release stage',
      'release publish',
    ])
    expect(warnings.join()).toContain('quay does not probe')
    expect(receipts[0]?.map(({ status }) => status)).toEqual([
      'failed',
      'published',
    ])
  })

  test('P4: what is there already is not asked for again', async () => {
    const calls: string[] = []
    const channel = recorder(calls)
    const found = {
      publication: publicationIn('oci', { package: demo }),
      digest,
      content: 'equal',
    } as const
    const { receipts } = await publishAll(
      [channel('oci', 'ghcr'), channel('github-release', 'release')],
      [workOf({ kind: 'keep', found }, { kind: 'keep', found })],
      listener(),
    )
    expect(calls).toEqual([])
    expect(receipts[0]?.map(({ status }) => status)).toEqual([
      'unchanged',
      'unchanged',
    ])
  })

  test('each chart gets its own publication when only some are published', async () => {
    const channel = recorder([])
    const other = { ...demo, name: 'other', fileName: 'other-1.2.3.tgz' }
    const found = {
      publication: publicationIn('oci', { package: demo }),
      digest,
      content: 'equal',
    } as const
    const { receipts } = await publishAll(
      [channel('oci', 'ghcr')],
      [
        workOf({ kind: 'keep', found }),
        { ...workOf(publish), steps: [{ action: publish, package: other }] },
      ],
      listener(),
    )
    expect(receipts.map(([one]) => one?.reference)).toEqual([
      'oci/demo-1.2.3.tgz',
      'oci/other-1.2.3.tgz',
    ])
  })
})

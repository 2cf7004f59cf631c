import type { Clock } from '../clock.ts'
import type { Stranger, Strangers } from '../helm/stranger.ts'
import { isLoopback } from '../loopback.ts'
import type { Publication, Verification } from '../model.ts'
import type { OciClient } from '../oci/client.ts'
import type { Place } from '../oci/published.ts'
import { provePulls } from '../oci/pulls.ts'
import { referenceOf } from '../oci/reference.ts'
import { explainPrivate, type PackageOwner } from '../oci/visibility.ts'
import { type View, viewTag } from '../oci/view.ts'
import type { Expected } from './channel.ts'
import {
  judge,
  differs,
  replaced,
  vanished,
  troubled,
  again,
} from './oci-reasons.ts'

/** What verifying as a stranger takes, beside the channel itself. */
export interface OciVerificationOptions {
  /** The run's own client, with its credentials. */
  readonly client: OciClient
  /** A client without any. */
  readonly strangersClient: OciClient
  readonly strangers: Strangers
  /** The run's logins, for what strangers are not meant to see. */
  readonly registryConfig: string
  /** Is the registry marked `private`? */
  readonly isPrivate: boolean
  /** The releasing repository; asked only when strangers are denied. */
  readonly readOwner: () => Promise<
    PackageOwner & { readonly visibility: 'public' | 'private' | 'internal' }
  >
  readonly clock: Clock
}

export interface OciVerificationOrder {
  readonly place: Place
  readonly publication: Publication
  readonly expected: Expected
}

/**
 * Looks again after these pauses, in milliseconds: a registry may need a moment
 * to show to everybody what was pushed.
 */
const PAUSES = [500, 1500, 4000]

/** Can a stranger pull it: by its version, by a range and by its aliases? */
export async function verifyOci(
  options: OciVerificationOptions,
  order: OciVerificationOrder,
): Promise<Verification> {
  if (options.isPrivate)
    return await verifyWithCredentials(
      options,
      order,
      `pulled with credentials, because the input registries marks it as private: strangers cannot`,
    )
  const view = await lookOften(options, options.strangersClient, order.place)
  switch (view.state) {
    case 'served':
      return await verifyView(options, order, {
        view,
        client: options.strangersClient,
        helm: await options.strangers.invite(),
      })
    case 'trouble':
      return troubled(view.words)
    case 'other':
      return replaced(order, view.words)
    case 'denied':
    case 'absent':
      return await explainHidden(options, order, view)
  }
}

async function verifyWithCredentials(
  options: OciVerificationOptions,
  order: OciVerificationOrder,
  detail: string,
): Promise<Verification> {
  const view = await lookOften(options, options.client, order.place)
  switch (view.state) {
    case 'served': {
      const verified = await verifyView(options, order, {
        view,
        client: options.client,
        helm: await options.strangers.invite(options.registryConfig),
      })
      return verified.verified === 'installable'
        ? { verified: 'installable', access: 'credentials', detail }
        : verified
    }
    case 'trouble':
      return troubled(view.words)
    case 'other':
      return replaced(order, view.words)
    case 'denied':
      return {
        verified: 'broken',
        reason: `Even the credentials of this run may not read it: ${view.words}`,
        remedy: `Let that account pull, too; then re-run this job: it will only verify.`,
      }
    case 'absent':
      return vanished(order)
  }
}

/** A stranger does not see it. Who does? */
async function explainHidden(
  options: OciVerificationOptions,
  order: OciVerificationOrder,
  hidden: View,
): Promise<Verification> {
  const { at, tag } = order.place
  const view = await viewTag(options.client, at, tag)
  switch (view.state) {
    case 'served': {
      const owner = await options.readOwner()
      if (owner.visibility !== 'public')
        return await verifyWithCredentials(
          options,
          order,
          `pulled with credentials, because this repository is ${owner.visibility}: strangers cannot`,
        )
      return {
        verified: 'broken',
        ...explainPrivate({ at, published: view, owner }),
      }
    }
    case 'denied':
      return {
        verified: 'broken',
        reason: `${referenceOf(at)} is private, and the credentials of this run may not read it either: ${view.words}`,
        remedy:
          'Let everybody pull from it in the settings of the registry; then re-run this job: it will only verify.',
      }
    case 'absent':
      return vanished(order)
    case 'other':
      return replaced(order, view.words)
    case 'trouble':
      return troubled(
        hidden.state === 'denied'
          ? `${hidden.words} ${view.words}`
          : view.words,
      )
  }
}

/** Denied and absent may both pass in a moment. */
async function lookOften(
  { clock }: Pick<OciVerificationOptions, 'clock'>,
  client: OciClient,
  { at, tag }: Place,
): Promise<View> {
  let view = await viewTag(client, at, tag)
  for (const pause of PAUSES) {
    if (view.state !== 'denied' && view.state !== 'absent') break
    await clock.sleep(pause)
    view = await viewTag(client, at, tag)
  }
  return view
}

async function verifyView(
  { client: owners }: OciVerificationOptions,
  order: OciVerificationOrder,
  seen: {
    readonly view: Extract<View, { readonly state: 'served' }>
    readonly client: OciClient
    readonly helm: Stranger
  },
): Promise<Verification> {
  const { place, publication, expected } = order
  const { chart } = seen.view
  const where = referenceOf(place.at, place.tag)
  if (chart.chart.digest !== expected.digest)
    return differs(where, chart.chart.digest, expected.digest)
  if (expected.hasProvenance && chart.provenance === null)
    return {
      verified: 'broken',
      reason: `${where} has no provenance file, but the package is signed.`,
      remedy: again(place, expected),
    }
  const proof = await provePulls({
    ...seen,
    owners,
    place,
    name: expected.name,
    digest: expected.digest,
    aliases: publication.aliases ?? [],
    manifest: publication.digest ?? seen.view.manifest.digest,
    plainHttp: isLoopback(place.at.host),
  })
  return judge(proof, order)
}

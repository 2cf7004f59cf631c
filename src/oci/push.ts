import { ReleaseError } from '../errors.ts'
import { isLoopback } from '../loopback.ts'
import type { Digest, Package } from '../model.ts'
import type { Retry } from '../retry.ts'
import type { OciClient } from './client.ts'
import { lookForOurs, type Place, type Published } from './published.ts'
import { referenceOf } from './reference.ts'

/** What this channel needs of the Helm CLI. */
export interface HelmPush {
  /**
   * `helm push`; a `.prov` beside the archive goes with it. The digest is what
   * Helm printed, if it did. Throws `REGISTRY_FAILED` when another attempt may
   * help.
   */
  push(order: {
    readonly archive: string
    /** `host/path`, without the chart's name. */
    readonly repository: string
    readonly plainHttp: boolean
  }): Promise<Digest | null>
}

/** What a push needs. */
export interface Pusher {
  readonly client: OciClient
  readonly helm: HelmPush
  readonly retry: Retry
  /** `host/path`, without the chart's name. */
  readonly repository: string
}

/** Pushes, unless the version appeared since it was located. */
export async function publishVersion(
  pusher: Pusher,
  place: Place,
  wanted: Package,
): Promise<Published> {
  const already = await lookForOurs(pusher.client, place, wanted)
  if (already !== undefined) return already
  const printed = await push(pusher, place, wanted)
  const confirmed = await confirm(pusher, place, wanted)
  if (printed !== null && printed !== confirmed.manifest.digest)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `Helm pushed ${referenceOf(place.at, place.tag)} as ${printed}, but the registry has ${confirmed.manifest.digest} under that tag. Something else wrote to it, or the registry rewrites manifests.`,
    )
  return confirmed
}

/**
 * Throws `REGISTRY_FAILED` when the version holds something else by now: a run
 * of another commit may have pushed it at the same moment.
 */
export async function checkStill(
  client: OciClient,
  { at, tag }: Place,
  { manifest }: Published,
): Promise<void> {
  const held = await client.getDigest(at, tag)
  if (held === undefined || held === manifest.digest) return
  throw new ReleaseError(
    'REGISTRY_FAILED',
    `${referenceOf(at, tag)} was ${manifest.digest}, and is ${held} now: another run pushed other content at the same moment. Look which of the two is to stay, delete the version in the registry if it is the wrong one, and run again. With "concurrency:" in the workflow, runs wait for each other.`,
  )
}

/**
 * `helm push`, again when it fails for a moment. Helm's words are no contract,
 * so the registry is asked: is it there after all, and may we push?
 */
async function push(
  { client, helm, retry, repository }: Pusher,
  place: Place,
  wanted: Package,
): Promise<Digest | null> {
  let failed: unknown
  return await retry(
    {
      what: `helm push of ${referenceOf(place.at, place.tag)}`,
      attempts: 4,
      judge: (thrown) => ({
        again:
          thrown === failed &&
          thrown instanceof ReleaseError &&
          thrown.code === 'REGISTRY_FAILED',
      }),
    },
    async () => {
      try {
        return await helm.push({
          archive: wanted.path,
          repository,
          plainHttp: isLoopback(place.at.host),
        })
      } catch (thrown) {
        failed = thrown
        const ours = await lookForOurs(client, place, wanted)
        if (ours !== undefined) return ours.manifest.digest
        // Names the registry and the remedy better than Helm's words do.
        await client.provePush(place.at)
        throw thrown
      }
    },
  )
}

/** A registry may need a moment until it shows what was pushed (ghcr.io does). */
class NotYet extends Error {}

async function confirm(
  { client, retry }: Pusher,
  place: Place,
  wanted: Package,
): Promise<Published> {
  const reference = referenceOf(place.at, place.tag)
  try {
    return await retry(
      {
        what: `confirming ${reference}`,
        attempts: 6,
        judge: (thrown) => ({ again: thrown instanceof NotYet }),
      },
      async () => {
        const found = await lookForOurs(client, place, wanted)
        if (found === undefined) throw new NotYet('not there yet')
        return found
      },
    )
  } catch (thrown) {
    if (!(thrown instanceof NotYet)) throw thrown
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `Helm pushed ${reference}, but the registry does not have it. Run the job again.`,
      { cause: thrown },
    )
  }
}

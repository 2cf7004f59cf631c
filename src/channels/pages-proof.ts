import { digestOf } from '../digest.ts'
import type { Strangers } from '../helm/stranger.ts'
import type { Digest, Verification } from '../model.ts'
import type { IndexEntry } from '../repository/index-file.ts'
import type { Expected } from './channel.ts'
import {
  archiveUrl,
  isLocalRegistry,
  nameOf,
  otherBytes,
} from './pages-archive.ts'
import { buildsUrl, type PagesPlace } from './pages-place.ts'
import { createPuller, type Pulled, type Puller } from './pages-pull.ts'
import { again, plain } from './pages-words.ts'
import { lookAtIndex, readListing } from './served-index.ts'
import { fetchAsStranger } from './stranger-fetch.ts'

export interface ProofOrder {
  readonly place: PagesPlace
  readonly strangers: Strangers
  readonly expected: Expected
  /** What the served index lists; `undefined`: we cannot read that. */
  readonly entry: IndexEntry | undefined
  /** How long caches are waited for. */
  readonly until: Date
}

/**
 * Helm adds the repository and pulls, as somebody without any rights: are the
 * bytes the expected ones, and is the provenance beside them?
 */
export async function proveArchive(order: ProofOrder): Promise<Verification> {
  const { place, expected, entry } = order
  const puller = createPuller(await order.strangers.invite(), {
    baseUrl: place.baseUrl,
    wanted: expected,
    plainHttp: entry !== undefined && isLocalRegistry(entry),
  })
  let pulled = await puller.pull()
  if (pulled.outcome === 'unlisted')
    pulled = (await pullLater(order, puller)) ?? pulled
  switch (pulled.outcome) {
    case 'arrived':
      return await judgeArrived(order, pulled.digest)
    case 'trouble':
      return troubled(`Helm could not fetch it: ${plain(pulled.words)}.`)
    case 'unlisted':
      return {
        verified: 'pending',
        reason: `Helm does not find ${nameOf(expected)} at ${place.baseUrl} yet, since caches still hand out an older index: ${plain(pulled.words)}.`,
        remedy: `They keep it for ten minutes; wait, ${again}`,
      }
    case 'unreadable':
      return {
        verified: 'broken',
        reason: `Helm refuses the index at ${place.baseUrl}/index.yaml: ${plain(pulled.words)}.`,
        remedy: `Correct index.yaml on the branch "${place.branch}" (Helm reads it strictly: one unknown key spoils it), wait until ${buildsUrl(place)} has built it, ${again}`,
      }
    case 'failed':
      return await explainFailed(order, puller, pulled.words)
  }
}

/**
 * The index that everybody else gets may be an older one for a while. `null`:
 * it still is.
 */
async function pullLater(
  { place, expected, until }: ProofOrder,
  puller: Puller,
): Promise<Pulled | null> {
  const { clock } = place.github
  let pause = 2000
  for (;;) {
    const left = until.getTime() - clock.now().getTime()
    if (left <= 0 || !puller.mayPull()) return null
    await clock.sleep(Math.min(pause, left))
    pause = Math.min(15_000, pause * 1.5)
    const served = await lookAtIndex(place.github, place.baseUrl, {
      cached: true,
    })
    if (
      served.state === 'index' &&
      readListing(served.text, expected).state !== 'absent'
    )
      return await puller.pull()
  }
}

/** The index is right, and Helm does not get the archive. Who does? */
async function explainFailed(
  order: ProofOrder,
  puller: Puller,
  words: string,
): Promise<Verification> {
  const { place, expected, entry } = order
  const helmSays = `Helm cannot pull ${nameOf(expected)} from ${place.baseUrl}: ${plain(words)}.`
  const url = entry === undefined ? null : archiveUrl(place, entry)
  if (url === null)
    return {
      verified: 'broken',
      reason: helmSays,
      remedy: `Look at what index.yaml on the branch "${place.branch}" lists for it, and whether everybody may read that; ${again}`,
    }
  const fetched = await fetchAsStranger(place.github, {
    url,
    // GitHub may take a moment to serve what was just published.
    retryStatuses: [404],
  })
  switch (fetched.state) {
    case 'trouble':
      return troubled(`${url} could not be fetched: ${plain(fetched.words)}.`)
    case 'refused':
    case 'page':
      return {
        verified: 'broken',
        reason: `The index points at ${url}, and a stranger does not get that archive: ${fetched.state === 'page' ? 'there is a page for people' : plain(fetched.words)}.`,
        remedy:
          'Look whether the file is there, and whether everybody may read it (its release published, the repository public); then re-run this job: it adds what is missing, and verifies again.',
      }
    case 'served': {
      const digest = digestOf(fetched.bytes)
      const from = url
      if (digest !== expected.digest)
        return otherBytes(place, expected, { digest, from })
      const pulled = await puller.pullAgain()
      if (pulled.outcome === 'arrived')
        return await judgeArrived(order, pulled.digest)
      return pulled.outcome === 'trouble'
        ? troubled(helmSays)
        : {
            verified: 'broken',
            reason: `${helmSays} The archive itself is there, and the right one.`,
            remedy: `Compare what index.yaml on the branch "${place.branch}" says of it with the chart; ${again}`,
          }
    }
  }
}

async function judgeArrived(
  { place, expected, entry }: ProofOrder,
  digest: Digest,
): Promise<Verification> {
  const from = entry === undefined ? null : archiveUrl(place, entry)
  if (digest !== expected.digest)
    return otherBytes(place, expected, { digest, from })
  if (!expected.hasProvenance || from === null)
    return { verified: 'installable' }
  const url = `${from}.prov`
  const fetched = await fetchAsStranger(place.github, {
    url,
    retryStatuses: [404],
  })
  if (fetched.state === 'served') return { verified: 'installable' }
  if (fetched.state === 'trouble')
    return troubled(`${url} could not be fetched: ${plain(fetched.words)}.`)
  return {
    verified: 'broken',
    reason: `The package is signed, and a stranger does not get ${url}, so "helm install --verify" fails: ${fetched.state === 'page' ? 'there is a page for people' : plain(fetched.words)}.`,
    remedy: 'Re-run this job: it adds the file, and verifies again.',
  }
}

function troubled(reason: string): Verification {
  return {
    verified: 'pending',
    reason,
    remedy: `That says nothing of the release. Wait a while, ${again}`,
  }
}

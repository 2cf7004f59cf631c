import { compareArchives } from './package/archive.ts'
import type { Channel, ChartVersion, Download } from './channels/channel.ts'
import { digestOf } from './digest.ts'
import { messageOf, ReleaseError } from './errors.ts'
import { allOf } from './failures.ts'
import type { Log } from './log.ts'
import type { Digest, Location, Publication } from './model.ts'
import type { Candidate, Finding } from './plan-question.ts'

/** What one channel said of one chart version. */
export interface Located {
  readonly channel: Channel
  readonly location:
    | Location
    | { readonly state: 'unknown'; readonly reason: string }
    /** By something that is no package of this chart: `VERSION_CONFLICT`. */
    | { readonly state: 'taken'; readonly reason: string }
}

/**
 * Asks every channel, side by side. What a required channel cannot tell is an
 * error; what an optional one cannot tell, or any in a dry run, is `unknown`,
 * with a warning (P7).
 */
export async function locateEverywhere(
  channels: readonly Channel[],
  wanted: ChartVersion,
  { log, dryRun }: { readonly log: Log; readonly dryRun: boolean },
): Promise<readonly Located[]> {
  return await allOf(
    channels.map(async (channel): Promise<Located> => {
      try {
        return { channel, location: await channel.locate(wanted) }
      } catch (thrown) {
        const reason = messageOf(thrown)
        // A conflict is known, not unknown.
        if (
          thrown instanceof ReleaseError &&
          thrown.code === 'VERSION_CONFLICT'
        )
          return { channel, location: { state: 'taken', reason } }
        if (channel.required && !dryRun) throw thrown
        log.warning(
          channel.required
            ? `Whether ${channel.name} has ${wanted.name} ${wanted.version} is unknown: ${reason}`
            : `${channel.name} is optional and is left out: ${reason}`,
        )
        return { channel, location: { state: 'unknown', reason } }
      }
    }),
  )
}

/** The findings that the plan decides on, and the archives they needed. */
export interface Findings {
  readonly findings: readonly Finding[]
  /** The archives that had to be downloaded to be compared. */
  readonly downloads: ReadonlyMap<Digest, Download>
}

export interface Comparison {
  /** The archive at hand. */
  readonly archive: Uint8Array
  /** Is what cannot be compared unknown, rather than an error? */
  readonly lenient: boolean
  readonly log: Log
}

/**
 * Compares what was found with the archive at hand. Downloads an archive only
 * when its digest is another one (or unknown), and each digest only once. What
 * cannot be downloaded from an optional channel is `unknown`, with a warning.
 */
export async function compareFindings(
  located: readonly Located[],
  wanted: ChartVersion,
  { archive, lenient, log }: Comparison,
): Promise<Findings> {
  const digest = digestOf(archive)
  const downloads = new Map<Digest, Download>()
  const examine = async (
    channel: Channel,
    publication: Publication,
  ): Promise<Candidate> => {
    const known = publication.packageDigest
    if (known === digest) return { publication, digest, content: 'equal' }
    let found = known === null ? undefined : downloads.get(known)
    found ??= await channel.download(wanted, publication)
    const its = digestOf(found.archive)
    downloads.set(its, found)
    return {
      publication,
      digest: its,
      content:
        its === digest
          ? 'equal'
          : await compareArchives(archive, found.archive),
    }
  }
  const examineAll = async (
    channel: Channel,
    publications: readonly Publication[],
  ): Promise<readonly Candidate[]> => {
    const candidates: Candidate[] = []
    for (const publication of publications) {
      candidates.push(await examine(channel, publication))
      // One entry with the equal digest suffices: the others need no look.
      if (candidates.at(-1)?.digest === digest) break
    }
    return candidates
  }
  const findings: Finding[] = []
  for (const { channel, location } of located) {
    const { kind, name } = channel
    const nothing = { kind, name, candidates: [], lacks: [] }
    switch (location.state) {
      case 'found':
        try {
          findings.push({
            ...nothing,
            candidates: await examineAll(channel, location.publications),
            lacks: location.lacks,
          })
        } catch (thrown) {
          if (channel.required && !lenient) throw thrown
          const unknown = messageOf(thrown)
          log.warning(
            `What ${name} has of ${wanted.name} ${wanted.version} cannot be compared: ${unknown}`,
          )
          findings.push({ ...nothing, unknown })
        }
        break
      case 'unknown':
        findings.push({ ...nothing, unknown: location.reason })
        break
      case 'taken':
        findings.push({ ...nothing, taken: location.reason })
        break
      case 'absent':
      case 'draft':
        findings.push(nothing)
    }
  }
  return { findings, downloads }
}

import type { Candidate, Finding, PlanQuestion } from './plan-question.ts'
import { type Pick, pick } from './pick.ts'

/** Which archive a channel gets: the one at hand, or one that is published. */
export type Source = 'at hand' | Candidate

/** What to do in one channel, in the order of the findings. */
export type Action =
  | { readonly kind: 'publish'; readonly source: Source }
  | {
      readonly kind: 'complete'
      readonly found: Candidate
      readonly source: Source
      readonly adds: readonly string[]
    }
  | { readonly kind: 'keep'; readonly found: Candidate }
  | { readonly kind: 'conflict'; readonly found: Candidate | undefined }
  /** Not there, and not to be put there. */
  | { readonly kind: 'omit' }
  | { readonly kind: 'leave'; readonly reason: string }

/** An action that has something to tell. */
export type Deed = Exclude<Action, { readonly kind: 'omit' }>

export interface Plan {
  /** The archive that this release is: what the receipt's package is. */
  readonly source: Source
  readonly actions: readonly Action[]
  readonly warnings: readonly string[]
  /** Publications with other content (P5); then every action is `conflict`. */
  readonly conflicts: readonly Candidate[]
  /** Places taken by something that is no package: conflicts as well. */
  readonly taken: readonly string[]
  /** It was released from another commit, and nothing is published. */
  readonly settled: boolean
}

/**
 * The decision table: what was found and what is at hand give what to do.
 * Decides everything before anything is published, and touches nothing.
 */
export function planRelease(question: PlanQuestion): Plan {
  const picks = question.findings.map((finding) => pick(finding, question))
  const conflicts = picks.flatMap((picked) =>
    picked.kind === 'conflict' ? [picked.with] : [],
  )
  const taken = question.findings.flatMap((finding) => finding.taken ?? [])
  const conflicting = conflicts.length + taken.length > 0
  if (
    question.claim === 'settled' ||
    (question.claim === 'free' && conflicting)
  )
    return { ...settle(question.findings, picks), conflicts, taken }
  const source = chooseSource(picks, question)
  if (conflicting)
    return {
      source: 'at hand',
      actions: picks.map((picked) => ({
        kind: 'conflict',
        found: picked.kind === 'conflict' ? picked.with : picked.candidate,
      })),
      warnings: [],
      conflicts,
      taken,
      settled: false,
    }
  return {
    source,
    actions: question.findings.map((finding, at) =>
      act(finding, picks[at]?.candidate, {
        question,
        source: sourceFor(finding, { question, picks, source }),
      }),
    ),
    warnings: warn(question, picks),
    conflicts: [],
    taken: [],
    settled: false,
  }
}

/** What is there stays, what is missing stays missing. */
function settle(
  findings: readonly Finding[],
  picks: readonly Pick[],
): Omit<Plan, 'conflicts' | 'taken'> {
  const found = picks.map((picked) =>
    picked.kind === 'conflict' ? picked.with : picked.candidate,
  )
  return {
    source: found.find((one) => one !== undefined) ?? 'at hand',
    actions: found.map((one, at): Action => {
      const unknown = findings[at]?.unknown
      if (unknown !== undefined) return { kind: 'leave', reason: unknown }
      return one === undefined ? { kind: 'omit' } : { kind: 'keep', found: one }
    }),
    warnings: [],
    settled: true,
  }
}

/** What is published wins over what was just built, OCI before all others. */
function chooseSource(picks: readonly Pick[], question: PlanQuestion): Source {
  const first = picks.find(
    ({ candidate }) => candidate !== undefined,
  )?.candidate
  return first === undefined || first.digest === question.digest
    ? 'at hand'
    : first
}

/** An index entry must carry the digest of the very archive it points at. */
function sourceFor(
  finding: Finding,
  chosen: {
    readonly question: PlanQuestion
    readonly picks: readonly Pick[]
    readonly source: Source
  },
): Source {
  if (finding.kind !== 'pages') return chosen.source
  const { question, picks, source } = chosen
  const { indexPointsAt } = question
  if (indexPointsAt === undefined) return source
  const target = picks[question.findings.indexOf(indexPointsAt)]?.candidate
  if (target === undefined) return source
  return target.digest === question.digest ? 'at hand' : target
}

function act(
  finding: Finding,
  found: Candidate | undefined,
  { question, source }: { question: PlanQuestion; source: Source },
): Action {
  if (finding.unknown !== undefined)
    return { kind: 'leave', reason: finding.unknown }
  if (found === undefined) return { kind: 'publish', source }
  const adds = [
    ...finding.lacks,
    ...(lacksProvenance(found, question) && finding.kind !== 'oci'
      ? ['provenance']
      : []),
  ]
  return adds.length === 0
    ? { kind: 'keep', found }
    : { kind: 'complete', found, source: found, adds }
}

/** Does another copy of the same archive have a `.prov` that this one lacks? */
function lacksProvenance(found: Candidate, question: PlanQuestion): boolean {
  if (found.publication.hasProvenance || found.publication.channel === 'pages')
    return false
  return (
    (found.digest === question.digest && question.hasProvenance) ||
    question.findings
      .flatMap(({ candidates }) => candidates)
      .some(
        ({ digest, publication }) =>
          digest === found.digest && publication.hasProvenance,
      )
  )
}

function warn(question: PlanQuestion, picks: readonly Pick[]): string[] {
  const warnings: string[] = []
  const name = `${question.chart} ${question.version}`
  const found = picks.flatMap(({ candidate }) =>
    candidate === undefined ? [] : [candidate],
  )
  const digests = new Set(found.map(({ digest }) => digest))
  if (digests.size > 1)
    warnings.push(
      `${name} is published as several archives of the same content: ${found
        .map(({ publication, digest }) => `${publication.target} has ${digest}`)
        .join(
          '; ',
        )}. Each stays as it is, and there is nothing to do: users get the same chart from each.`,
    )
  const moved = found.find(
    ({ digest, content }) =>
      content === 'dependencies' && digest !== question.digest,
  )
  if (moved !== undefined)
    warnings.push(
      `The dependencies of ${name} have moved on since it was published (${moved.publication.target}); the published archive stays. Commit a Chart.lock to pin them.`,
    )
  for (const candidate of found)
    if (
      candidate.publication.channel === 'oci' &&
      lacksProvenance(candidate, question)
    )
      warnings.push(
        `${candidate.publication.reference} has no provenance file, and a published manifest never changes; other channels carry it.`,
      )
  return warnings
}

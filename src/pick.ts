import type { Digest } from './model.ts'
import type { Candidate, Finding, PlanQuestion } from './plan-question.ts'

/** Which publication of a channel stands for a version, or stands against it. */
export type Pick =
  | { readonly kind: 'picked'; readonly candidate: Candidate | undefined }
  | {
      readonly kind: 'conflict'
      readonly with: Candidate
      readonly candidate?: undefined
    }

/**
 * The publication that stands for this version in one channel. An index may
 * list several: one with a digest that is also this release's elsewhere is
 * enough; else all must have its content.
 */
export function pick(finding: Finding, question: PlanQuestion): Pick {
  const { candidates } = finding
  const same = candidates.filter((candidate) => isSame(candidate, question))
  const known = new Set<Digest>([
    question.digest,
    ...question.findings
      .filter((other) => other !== finding)
      .flatMap((other) => other.candidates)
      .filter((candidate) => isSame(candidate, question))
      .map(({ digest }) => digest),
  ])
  const candidate =
    same.find(({ digest }) => digest === question.digest) ??
    same.find(({ digest }) => known.has(digest))
  if (candidate !== undefined) return { kind: 'picked', candidate }
  const other = candidates.find((found) => !isSame(found, question))
  return other === undefined
    ? { kind: 'picked', candidate: same[0] }
    : { kind: 'conflict', with: other }
}

function isSame(candidate: Candidate, { digest, locked }: PlanQuestion) {
  return (
    candidate.digest === digest ||
    candidate.content === 'equal' ||
    (candidate.content === 'dependencies' && !locked)
  )
}

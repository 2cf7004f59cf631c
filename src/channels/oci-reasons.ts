import type { Verification } from '../model.ts'
import type { Place } from '../oci/published.ts'
import type { Proof } from '../oci/pulls.ts'
import { referenceOf } from '../oci/reference.ts'
import type { Expected } from './channel.ts'
import type { OciVerificationOrder } from './oci-verification.ts'

/** What pulling as a stranger came to, in the words of a verification. */
export function judge(
  proof: Proof,
  { place, expected }: OciVerificationOrder,
): Verification {
  switch (proof.outcome) {
    case 'proved':
      return { verified: 'installable' }
    case 'trouble':
      return troubled(proof.words)
    case 'differs':
      return differs(proof.reference, proof.digest, expected.digest)
    case 'failed':
      return {
        verified: 'broken',
        reason: `${proof.command} fails for a stranger: ${proof.words}`,
        remedy: again(place, expected),
      }
    case 'unseen':
      return {
        verified: 'broken',
        reason: `The version is there, but no range finds it: ${proof.command} fails for a stranger: ${proof.words}`,
        remedy: `Helm looks for versions in the registry's list of tags: let everybody list the tags of ${referenceOf(place.at)} (some registries and caches hide or delay that list); then re-run this job: it will only verify.`,
      }
    case 'alias':
      return {
        verified: 'broken',
        reason: `The alias ${proof.reference} does not give this version to a stranger: ${proof.words}`,
        remedy:
          'Re-run this job: it adds a missing alias, and verifies again. Or take that alias out of the input registry-aliases.',
      }
  }
}

export function differs(
  where: string,
  found: string,
  expected: string,
): Verification {
  return {
    verified: 'broken',
    reason: `${where} serves another archive than was published: its digest is ${found}, expected was ${expected}.`,
    remedy: `Somebody, or something in between, replaced it: find out who may push there. Delete that version in the registry and re-run this job, which publishes the right one, or raise the chart's version.`,
  }
}

export function replaced(
  { place }: OciVerificationOrder,
  words: string,
): Verification {
  return {
    verified: 'broken',
    reason: `${referenceOf(place.at, place.tag)} holds ${words}, which replaced the chart.`,
    remedy:
      'Find out who may push there. Delete that tag in the registry and re-run this job, which publishes the chart again.',
  }
}

export function vanished({ place }: OciVerificationOrder): Verification {
  return {
    verified: 'broken',
    reason: `${referenceOf(place.at, place.tag)} was published and is not there any more, not even with credentials.`,
    remedy:
      'Look whether somebody or a clean-up rule deletes tags of that registry; then re-run this job, which publishes it again.',
  }
}

export function troubled(words: string): Verification {
  return {
    verified: 'pending',
    reason: `The registry could not be asked: ${words}`,
    remedy:
      'That says nothing of the release. Re-run this job later: it will only verify.',
  }
}

export function again({ at, tag }: Place, { name }: Expected): string {
  return `Re-run this job: it will only verify. If it stays, delete ${tag} of ${referenceOf(at)} in the registry, and re-run: ${name} is then published again.`
}

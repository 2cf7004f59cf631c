import { describe, expect, test } from '@jest/globals'
import type { ChannelKind, Digest, Publication } from '../src/model.ts'
import { planRelease, type Plan } from '../src/plan.ts'
import type {
  Candidate,
  Content,
  Finding,
  PlanQuestion,
} from '../src/plan-question.ts'

const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}`
const built = digest('b')
const other = digest('c')

function candidate(
  kind: ChannelKind,
  of: { digest: Digest; content?: Content; provenance?: boolean },
): Candidate {
  const publication: Publication = {
    channel: kind,
    target: `the ${kind}`,
    reference: `${kind}/demo`,
    digest: of.digest,
    packageDigest: of.digest,
    hasProvenance: of.provenance ?? false,
  }
  return { publication, digest: of.digest, content: of.content ?? 'equal' }
}

function finding(
  kind: ChannelKind,
  candidates: readonly Candidate[] = [],
  lacks: readonly string[] = [],
): Finding {
  return { kind, name: `the ${kind}`, candidates, lacks }
}

function plan(
  findings: readonly Finding[],
  more: Partial<PlanQuestion> = {},
): Plan {
  return planRelease({
    chart: 'demo',
    version: '1.2.3',
    digest: built,
    hasProvenance: false,
    locked: true,
    indexPointsAt: findings.find(({ kind }) => kind === 'github-release'),
    claim: 'fixed',
    findings,
    ...more,
  })
}

const kinds = ({ actions }: Plan): string[] => actions.map(({ kind }) => kind)
const sources = ({ actions }: Plan): unknown[] =>
  actions.map((action) => {
    if (!('source' in action)) return undefined
    return action.source === 'at hand' ? built : action.source.digest
  })

describe('the decision table', () => {
  test('nothing published: what was built goes everywhere', () => {
    const decided = plan([
      finding('oci'),
      finding('github-release'),
      finding('pages'),
    ])
    expect(kinds(decided)).toEqual(['publish', 'publish', 'publish'])
    expect(sources(decided)).toEqual([built, built, built])
    expect(decided.source).toBe('at hand')
  })

  test('P4: the built digest in some channels: those stay, the others are filled', () => {
    const decided = plan([
      finding('oci', [candidate('oci', { digest: built })]),
      finding('github-release'),
      finding('pages'),
    ])
    expect(kinds(decided)).toEqual(['keep', 'publish', 'publish'])
  })

  test('P1: one other digest of the same content becomes the package', () => {
    const decided = plan([
      finding('oci', [candidate('oci', { digest: other })]),
      finding('github-release'),
      finding('pages'),
    ])
    expect(kinds(decided)).toEqual(['keep', 'publish', 'publish'])
    expect(sources(decided)).toEqual([undefined, other, other])
    expect(decided.warnings).toEqual([])
  })

  test('several digests of one content stay, with a warning that names them', () => {
    const decided = plan([
      finding('oci', [candidate('oci', { digest: other })]),
      finding('github-release', [
        candidate('github-release', { digest: digest('d') }),
      ]),
      finding('pages'),
    ])
    expect(kinds(decided)).toEqual(['keep', 'keep', 'publish'])
    expect(decided.warnings.join()).toContain(other)
    expect(decided.warnings.join()).toContain(digest('d'))
  })

  test('P3: the index gets the digest of the archive that it points at', () => {
    const found = [
      finding('oci', [candidate('oci', { digest: other })]),
      finding('github-release', [
        candidate('github-release', { digest: digest('d') }),
      ]),
      finding('pages'),
    ]
    expect(sources(plan(found))[2]).toBe(digest('d'))
    expect(sources(plan(found, { indexPointsAt: found[0] }))[2]).toBe(other)
  })

  test('P5: other content anywhere is a conflict, and nothing else is done', () => {
    const decided = plan([
      finding('oci'),
      finding('github-release', [
        candidate('github-release', { digest: other, content: 'different' }),
      ]),
      finding('pages', [candidate('pages', { digest: built })]),
    ])
    expect(kinds(decided)).toEqual(['conflict', 'conflict', 'conflict'])
    expect(decided.conflicts.map((one) => one.digest)).toEqual([other])
  })

  test('of several index entries one with the equal digest suffices', () => {
    const decided = plan([
      finding('pages', [
        candidate('pages', { digest: other, content: 'different' }),
        candidate('pages', { digest: built }),
      ]),
    ])
    expect(kinds(decided)).toEqual(['keep'])
    expect(decided.conflicts).toEqual([])
  })

  test('an index entry equal to what another channel holds suffices too', () => {
    const decided = plan([
      finding('oci', [candidate('oci', { digest: other })]),
      finding('pages', [
        candidate('pages', { digest: digest('d'), content: 'different' }),
        candidate('pages', { digest: other }),
      ]),
    ])
    expect(kinds(decided)).toEqual(['keep', 'keep'])
  })

  test('several index entries, one of them with other content, none known: a conflict', () => {
    const decided = plan([
      finding('pages', [
        candidate('pages', { digest: other }),
        candidate('pages', { digest: digest('d'), content: 'different' }),
      ]),
    ])
    expect(kinds(decided)).toEqual(['conflict'])
  })

  test('without a lock, dependencies that moved on are the same content, with a warning', () => {
    const found = [
      finding('oci', [
        candidate('oci', { digest: other, content: 'dependencies' }),
      ]),
      finding('github-release'),
    ]
    const decided = plan(found, { locked: false })
    expect(kinds(decided)).toEqual(['keep', 'publish'])
    expect(sources(decided)[1]).toBe(other)
    expect(decided.warnings.join()).toContain('Chart.lock')
  })

  test('P5: with a committed lock, other dependencies are other content', () => {
    const decided = plan([
      finding('oci', [
        candidate('oci', { digest: other, content: 'dependencies' }),
      ]),
    ])
    expect(kinds(decided)).toEqual(['conflict'])
  })

  test('a found publication that lacks an alias is completed', () => {
    const decided = plan([
      finding('oci', [candidate('oci', { digest: built })], ['alias v1.2.3']),
    ])
    expect(decided.actions).toMatchObject([
      { kind: 'complete', adds: ['alias v1.2.3'] },
    ])
  })

  test('a missing provenance file is added to the Release, and only warned about in a registry', () => {
    const decided = plan([
      finding('oci', [candidate('oci', { digest: built })]),
      finding('oci', [candidate('oci', { digest: built, provenance: true })]),
      finding('github-release', [
        candidate('github-release', { digest: built }),
      ]),
    ])
    expect(kinds(decided)).toEqual(['keep', 'keep', 'complete'])
    expect(decided.warnings.join()).toContain('no provenance file')
  })

  test('P7: an optional channel that cannot be asked is left alone', () => {
    const decided = plan([
      { ...finding('oci'), unknown: 'the registry answered 503' },
      finding('github-release'),
    ])
    expect(decided.actions).toMatchObject([
      { kind: 'leave', reason: 'the registry answered 503' },
      { kind: 'publish' },
    ])
  })
})

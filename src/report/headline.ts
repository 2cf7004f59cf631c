import type { Receipt } from '../model.ts'
import { enumerate } from './enumerate.ts'
import { clip, escapeMarkdown } from './escape.ts'
import { type Fate, fateOf } from './fate.ts'
import type { Outcome } from './outcome.ts'
import { isVain, type Sign } from './standing.ts'

/** Names longer than this are hostile, or at least unreadable. */
const LONGEST_NAME = 80

/** More charts, or more kinds of fate, than this are counted, not told. */
const MOST = 3

/** The whole run in one sentence, as Markdown, with the sign of the worst. */
export function renderHeadline(outcome: Outcome): string {
  const { receipts } = outcome
  const groups = groupByFate(outcome)
  const sign = groups[0]?.fate.sign ?? (outcome.failures.length > 0 ? '✖' : '○')
  if (receipts.every(({ publications }) => publications.every(isVain))) {
    const taken = receipts.filter(({ publications }) =>
      publications.some(({ status }) => status === 'conflict'),
    )
    const why =
      taken.length === 0
        ? ''
        : `: ${subject(taken)} ${taken.length > 1 ? 'are' : 'is'} published already, with other content`
    return `${sign} Nothing was released${why}`
  }
  const clauses = groups
    .slice(0, MOST)
    .map(
      ({ fate, charts }) =>
        `${subject(charts)} ${fate.words(charts.length > 1)}`,
    )
  const rest = groups
    .slice(MOST)
    .reduce((sum, { charts }) => sum + charts.length, 0)
  if (rest > 0) clauses.push(`${rest} more below`)
  return `${sign} ${clauses.join('; ')}`
}

/** Charts of which the same is told, the worst first. */
function groupByFate(
  outcome: Outcome,
): readonly { readonly fate: Fate; readonly charts: readonly Receipt[] }[] {
  const groups = new Map<string, { fate: Fate; charts: Receipt[] }>()
  for (const receipt of outcome.receipts) {
    const fate = fateOf(receipt, outcome)
    const words = fate.words(false)
    const group = groups.get(words)
    if (group === undefined) groups.set(words, { fate, charts: [receipt] })
    else group.charts.push(receipt)
  }
  return [...groups.values()].toSorted(
    (one, other) => badness(one.fate.sign) - badness(other.fate.sign),
  )
}

function subject(charts: readonly Receipt[]): string {
  return charts.length > MOST
    ? `${charts.length} charts`
    : enumerate(
        charts.map(({ name, version }) =>
          escapeMarkdown(clip(`${name} ${version}`, LONGEST_NAME)),
        ),
      )
}

function badness(sign: Sign): number {
  return ['✖', '●', '○', '✔'].indexOf(sign)
}

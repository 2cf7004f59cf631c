import type { PublicationReceipt, Receipt } from '../model.ts'
import { enumerate } from './enumerate.ts'
import { escapeMarkdown } from './escape.ts'
import { type Outcome, otherFailures } from './outcome.ts'
import {
  channelName,
  isThere,
  isVain,
  type Sign,
  signs,
  type Standing,
  standingOf,
} from './standing.ts'

/** What became of a chart, in one glance and one sentence. */
export interface Fate {
  readonly sign: Sign
  /** Follows the name of the chart, or of several with the same fate; Markdown. */
  readonly words: (many: boolean) => string
}

/**
 * What a chart's publications amount to. Whatever stands first here is the
 * first thing that a maintainer must know of it.
 */
export function fateOf(receipt: Receipt, outcome: Outcome): Fate {
  const { publications } = receipt
  const failed = at(receipt, 'failed')
  const planned = at(receipt, 'planned')
  const unknown = at(receipt, 'unknown')
  const broken = at(receipt, 'broken')
  const pending = at(receipt, 'pending')

  if (at(receipt, 'conflict').length > 0)
    return {
      sign: '✖',
      words: (many) => `${is(many)} published already, with other content`,
    }
  if (planned.length + unknown.length > 0) {
    const clauses = [
      ...(planned.length === 0
        ? []
        : [`would be released to ${names(planned, receipt)}`]),
      ...(unknown.length === 0
        ? []
        : [`could not be looked up in ${names(unknown, receipt)}`]),
    ]
    return { sign: '○', words: () => `${clauses.join(', ')} (dry run)` }
  }
  if (!publications.some((one) => isThere(one) || one.status === 'proposed'))
    return {
      sign: failed.length > 0 ? '✖' : '○',
      words: (many) => `${was(many)} not released`,
    }
  if (failed.length > 0 && otherFailures(outcome).length > 0)
    return {
      sign: '✖',
      words: (many) =>
        `${is(many)} released only in part: ${names(failed, receipt)} failed`,
    }
  if (broken.length > 0)
    return {
      sign: '✖',
      words: (many) =>
        `${is(many)} published, but a stranger cannot install ${them(many)} from ${names(broken, receipt)}${pending.length > 0 ? `, and not yet from ${names(pending, receipt)}` : ''}`,
    }
  if (isUnexplained(outcome))
    return {
      sign: '✖',
      words: (many) => `${is(many)} published, but the run failed`,
    }
  if (pending.length > 0)
    return {
      sign: '●',
      words: (many) =>
        `${is(many)} released, but a stranger cannot install ${them(many)} from ${names(pending, receipt)} yet`,
    }
  return fateOfReleased(receipt)
}

/** Of a chart of which nothing required is missing or wrong. */
function fateOfReleased(receipt: Receipt): Fate {
  const { publications } = receipt
  const proposed = at(receipt, 'proposed')
  const ready = at(receipt, 'installable')
  const released = publications.some(({ status }) => status !== 'unchanged')
    ? (many: boolean) => `${is(many)} released`
    : (many: boolean) => `${was(many)} already released, unchanged`

  if (proposed.length > 0)
    return {
      sign: '●',
      words: (many) =>
        `${released(many)}; ${names(proposed, receipt)} waits for its pull request to be merged`,
    }
  if (ready.length === 0)
    return {
      sign: signs.unverified,
      words: (many) =>
        `${released(many)}; that a stranger can install ${them(many)} was not verified`,
    }
  const from =
    ready.length < publications.length
      ? `${ready.length} of ${publications.length} channels`
      : ready.length > 2
        ? `all ${ready.length} channels`
        : names(ready, receipt)
  return {
    sign: '✔',
    words: (many) =>
      ready.some(({ access }) => access !== undefined)
        ? `${released(many)} and can be installed from ${from}: see the notes`
        : `${released(many)}: a stranger can install ${them(many)} from ${from}`,
  }
}

/** Did the run fail for a reason that no publication shows? */
function isUnexplained(outcome: Outcome): boolean {
  return (
    otherFailures(outcome).length > 0 &&
    !outcome.receipts.some(({ publications }) => publications.some(isVain))
  )
}

function at(
  { publications }: Receipt,
  standing: Standing,
): readonly PublicationReceipt[] {
  return publications.filter((one) => standingOf(one) === standing)
}

function names(
  some: readonly PublicationReceipt[],
  { publications }: Receipt,
): string {
  return enumerate(
    some.map((one) => `the ${escapeMarkdown(channelName(one, publications))}`),
  )
}

function is(many: boolean): string {
  return many ? 'are' : 'is'
}

function was(many: boolean): string {
  return many ? 'were' : 'was'
}

function them(many: boolean): string {
  return many ? 'them' : 'it'
}

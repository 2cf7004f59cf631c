import type { ReleaseError } from '../errors.ts'
import { renderChart } from './chart-section.ts'
import { clip, codeBlock, escapeMarkdown, splitLines } from './escape.ts'
import { fitBlocks } from './fit.ts'
import { renderHeadline } from './headline.ts'
import { renderProse } from './link.ts'
import { type Outcome, otherFailures } from './outcome.ts'

/** Of a failure's message or a reason, in UTF-16 units. */
const LONGEST = 3000

/**
 * The job summary, as GitHub's Markdown: the whole run in one sentence, then
 * what failed, then each chart, then what the tag left out.
 */
export function renderSummary(outcome: Outcome): string {
  return fitBlocks([
    `## ${renderHeadline(outcome)}`,
    ...renderFailures(outcome),
    ...outcome.receipts.map((receipt) => renderChart(receipt, outcome)),
    ...renderLeftOut(outcome),
  ])
}

function renderFailures(outcome: Outcome): string[] {
  const failures = otherFailures(outcome)
  return failures.length === 0
    ? []
    : ['### What failed', ...failures.map((failure) => renderFailure(failure))]
}

/** Lines after the first are to be copied, or were somebody's output. */
function renderFailure({ code, message }: ReleaseError): string {
  const [first = '', ...lines] = splitLines(clip(message, LONGEST))
  const item = `- **${code}**: ${renderProse(first)}`
  return lines.length === 0
    ? item
    : `${item}\n\n${codeBlock(lines.join('\n'), '').replaceAll(/^/gm, '  ')}`
}

function renderLeftOut({ leftOut }: Outcome): string[] {
  return leftOut.length === 0
    ? []
    : [
        '### Left out by this tag',
        ...leftOut.map(
          ({ name, reason }) =>
            `- **${escapeMarkdown(clip(name, LONGEST))}**: ${escapeMarkdown(clip(reason, LONGEST))}`,
        ),
      ]
}

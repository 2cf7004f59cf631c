import type { PublicationReceipt, Receipt } from '../model.ts'
import { clip, escapeMarkdown } from './escape.ts'
import { renderProse } from './link.ts'
import type { Attention, Outcome, Remark } from './outcome.ts'
import { channelName } from './standing.ts'

/** Of a reason, a remedy or a detail, in UTF-16 units. */
const LONGEST = 3000

/** What keeps strangers away from a chart, and what to do: a block each. */
export function renderTroubles(
  receipt: Receipt,
  { attention }: Outcome,
): readonly string[] {
  return attention
    .filter((one) => isAbout(one, receipt))
    .map((one) => renderTrouble(one, receipt))
}

function renderTrouble(
  { publication, verification, failure }: Attention,
  { publications }: Receipt,
): string {
  const { verified, reason, remedy } = verification
  const where = escapeMarkdown(channelName(publication, publications))
  const [alert, title] =
    verified === 'pending'
      ? ['WARNING', `● ${where}: a stranger cannot install it yet`]
      : ['CAUTION', `✖ ${where}: a stranger cannot install it`]
  const weight =
    failure !== undefined
      ? ` (\`${failure.code}\`)`
      : verified === 'broken'
        ? ' (optional: the run goes on)'
        : ''
  return [
    `> [!${alert}]\n> **${title}**${weight}`,
    `> ${renderProse(clip(reason, LONGEST))}`,
    `> **What to do:** ${renderProse(clip(remedy, LONGEST))}`,
  ].join('\n>\n')
}

/** What else there is to say of a chart or a channel; not what is told elsewhere. */
export function renderNotes(
  receipt: Receipt,
  { attention, failures, remarks }: Outcome,
): string {
  const ofPackage = remarks
    .filter((one) => isAbout(one, receipt))
    .map(({ words }) => `- ${renderProse(clip(words, LONGEST))}`)
  const ofChannels = receipt.publications.flatMap((publication) => {
    const { verification } =
      attention.find((one) => isSame(one.publication, publication)) ?? {}
    const detail = remaining(publication, verification)
    return detail === '' ||
      failures.some(({ message }) => detail.includes(message))
      ? []
      : [
          `- ${escapeMarkdown(channelName(publication, receipt.publications))}: ${renderProse(clip(detail, LONGEST))}`,
        ]
  })
  return [...ofPackage, ...ofChannels].join('\n')
}

/** A receipt's detail ends with the reason and the remedy, where there are any. */
function remaining(
  { detail = '' }: PublicationReceipt,
  verification: Attention['verification'] | undefined,
): string {
  return verification === undefined
    ? detail
    : detail
        .replace(`${verification.reason} ${verification.remedy}`, '')
        .replace(/; $/, '')
}

function isAbout(one: Attention | Remark, { name, version }: Receipt): boolean {
  return one.name === name && one.version === version
}

function isSame(one: PublicationReceipt, other: PublicationReceipt): boolean {
  return one.channel === other.channel && one.reference === other.reference
}

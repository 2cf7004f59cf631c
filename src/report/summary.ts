import type { ChannelKind, PublicationReceipt, Receipt } from '../model.ts'
import { codeBlock, escapeMarkdown, inlineCode } from './escape.ts'
import { installCommands } from './install.ts'
import type { Outcome } from './outcome.ts'

const channelNames: Readonly<Record<ChannelKind, string>> = {
  oci: 'OCI registry',
  'github-release': 'GitHub Release',
  pages: 'Helm repository',
}

/** The job summary, as GitHub's Markdown. */
export function renderSummary(facts: Outcome): string {
  const parts = [
    ...facts.receipts.map((receipt) => renderReceipt(receipt, facts)),
    ...renderLeftOut(facts),
    ...renderFailures(facts),
  ]
  return `${parts.join('\n\n')}\n`
}

function renderReceipt(receipt: Receipt, facts: Outcome): string {
  const rows = receipt.publications.map((publication) =>
    row([
      channelNames[publication.channel],
      where(publication),
      publication.digest === null ? '' : inlineCode(publication.digest),
      status(publication),
    ]),
  )
  const commands = installCommands(receipt, facts.context).map(
    ({ channel, lines }) =>
      `From the ${channelNames[channel]}:\n\n${codeBlock(lines.join('\n'), 'sh')}`,
  )
  return [
    `## ${escapeMarkdown(`${receipt.name} ${receipt.version}`)}`,
    [
      row(['Channel', 'Where', 'Digest', 'Status']),
      row(['---', '---', '---', '---']),
      ...rows,
    ].join('\n'),
    `Package ${inlineCode(receipt.package.digest)}, ${receipt.package.size} bytes, tag ${inlineCode(receipt.tag)}.`,
    ...(commands.length === 0 ? [] : ['### Install', ...commands]),
  ].join('\n\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** A link where a browser can follow it. */
function where({ target, reference }: PublicationReceipt): string {
  return /^https?:\/\/[\w@%+=:,./~-]+$/.test(target)
    ? `[${escapeMarkdown(reference)}](${target})`
    : inlineCode(reference)
}

function status({ status: word, detail }: PublicationReceipt): string {
  return detail === undefined ? word : `${word}: ${escapeMarkdown(detail)}`
}

function renderLeftOut({ leftOut }: Outcome): string[] {
  if (leftOut.length === 0) return []
  return [
    '### Left out by this tag',
    leftOut
      .map(
        ({ name, reason }) =>
          `- ${escapeMarkdown(name)}: ${escapeMarkdown(reason)}`,
      )
      .join('\n'),
  ]
}

function renderFailures({ failures }: Outcome): string[] {
  if (failures.length === 0) return []
  return [
    '### Failed',
    failures
      .map(({ code, message }) => `- **${code}**: ${escapeMarkdown(message)}`)
      .join('\n'),
  ]
}

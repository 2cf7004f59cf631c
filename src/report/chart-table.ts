import type { Digest, PublicationReceipt } from '../model.ts'
import { clip, escapeMarkdown, inlineCode } from './escape.ts'
import { link } from './link.ts'
import { channelName, tellStanding } from './standing.ts'

/** Longer references are hostile: a table cell is no place for them. */
const LONGEST = 300

/** One row a channel: how it stands, where it is, its digest. */
export function renderTable(
  publications: readonly PublicationReceipt[],
): string {
  return [
    row(['Channel', 'State', 'Where', 'Digest']),
    row(['---', '---', '---', '---']),
    ...publications.map((publication) =>
      row([
        escapeMarkdown(channelName(publication, publications)),
        tellStanding(publication),
        whereIs(publication),
        publication.digest === null
          ? ''
          : inlineCode(shorten(publication.digest)),
      ]),
    ),
  ].join('\n')
}

/** A whole digest makes the table wider than most screens; it stands below. */
function shorten(digest: Digest): string {
  return `${digest.slice(0, 'sha256:'.length + 12)}…`
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Links where a browser can follow, named by what they lead to. */
function whereIs(publication: PublicationReceipt): string {
  const { channel, target, reference, aliases = [] } = publication
  if (reference === '') return inlineCode(clip(target, LONGEST))
  switch (channel) {
    case 'oci':
      return [
        inlineCode(clip(reference, LONGEST)),
        ...aliases.map((alias) => `also ${inlineCode(clip(alias, LONGEST))}`),
      ].join(', ')
    case 'github-release':
      return `${link(lastPart(target), target)}, ${link(lastPart(reference), reference)}`
    case 'pages':
      return link(clip(target.replace(/^https?:\/\//, ''), LONGEST), target)
  }
}

function lastPart(url: string): string {
  return clip(url.split('/').at(-1) ?? url, LONGEST)
}

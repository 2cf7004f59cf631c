import type { Digest, Receipt } from '../model.ts'
import { renderTable } from './chart-table.ts'
import { enumerate } from './enumerate.ts'
import { clip, escapeMarkdown, inlineCode } from './escape.ts'
import { fateOf } from './fate.ts'
import { renderCommand, renderInstallBlock } from './install-block.ts'
import { type InstallCommand, installCommands } from './install.ts'
import type { Outcome } from './outcome.ts'
import { channelName, type Standing, standingOf } from './standing.ts'
import { renderNotes, renderTroubles } from './trouble.ts'

const LONGEST_NAME = 200

/** All that there is to tell of one chart. */
export function renderChart(receipt: Receipt, outcome: Outcome): string {
  const notes = renderNotes(receipt, outcome)
  return [
    `### ${title(receipt, outcome)}`,
    renderTable(receipt.publications),
    ...(notes === '' ? [] : [notes]),
    ...renderTroubles(receipt, outcome),
    ...renderInstall(receipt, outcome),
    ...renderPackage(receipt),
  ].join('\n\n')
}

function title(receipt: Receipt, outcome: Outcome): string {
  const { name, version, appVersion } = receipt
  const words = [
    `${name} ${version}`,
    ...(appVersion === null ? [] : [`app version ${appVersion}`]),
  ].map((one) => escapeMarkdown(clip(one, LONGEST_NAME)))
  // The headline has the sign of the only chart.
  return outcome.receipts.length === 1
    ? words.join(', ')
    : `${fateOf(receipt, outcome).sign} ${words.join(', ')}`
}

/** First what works, then what will; what does not is named as left out. */
function renderInstall(receipt: Receipt, { context }: Outcome): string[] {
  const through = (...wanted: readonly Standing[]): readonly InstallCommand[] =>
    installCommands(
      {
        ...receipt,
        publications: receipt.publications.filter((one) =>
          wanted.includes(standingOf(one)),
        ),
      },
      context,
    )
  const working = through('installable', 'unverified')
  const coming = through('pending')
  if (working.length + coming.length === 0) return []
  const broken = receipt.publications.filter(
    (one) => standingOf(one) === 'broken',
  )
  return [
    context.libraries.has(receipt.name) ? '#### Pull' : '#### Install',
    ...(working.length === 0 ? [] : [renderInstallBlock(working)]),
    ...coming.map((command) => renderCommand(command, 'once it is served')),
    ...(broken.length === 0
      ? []
      : [
          `Not from the ${escapeMarkdown(enumerate(broken.map((one) => channelName(one, receipt.publications))))}, until that is put right.`,
        ]),
  ]
}

/** The package, and every digest in full. */
function renderPackage(receipt: Receipt): string[] {
  const { path, size, provenance } = receipt.package
  const signed =
    provenance === null
      ? 'not signed'
      : `signed, with the provenance file ${inlineCode(baseName(provenance))}`
  return [
    '#### Package',
    `${inlineCode(baseName(path))}, ${size.toLocaleString('en-US')} bytes, tag ${inlineCode(clip(receipt.tag, LONGEST_NAME))}, ${signed}.`,
    [...digestsOf(receipt)]
      .map(
        ([each, owners]) =>
          `- ${escapeMarkdown(owners.join(', '))}: ${inlineCode(each)}`,
      )
      .join('\n'),
  ]
}

/** Every digest once, with what has it. */
function digestsOf(receipt: Receipt): ReadonlyMap<Digest, readonly string[]> {
  const digests = new Map<Digest, string[]>([
    [receipt.package.digest, ['Package']],
  ])
  for (const publication of receipt.publications) {
    const { channel, digest } = publication
    if (digest === null) continue
    const name = channelName(publication, receipt.publications)
    digests.set(digest, [
      ...(digests.get(digest) ?? []),
      channel === 'oci' ? `${name} (manifest)` : name,
    ])
  }
  return digests
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

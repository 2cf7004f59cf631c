/**
 * Writes the tables of inputs and outputs into the README, from `action.yml`.
 * With `--check`: writes nothing and fails when they differ.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'

interface Entry {
  readonly description?: string
  readonly default?: string
}

interface Action {
  readonly inputs?: Readonly<Record<string, Entry>>
  readonly outputs?: Readonly<Record<string, Entry>>
}

/**
 * The README with its tables, between `<!-- inputs -->` and `<!-- /inputs -->`
 * (and `outputs`), as `action.yml` (both given as text) has them. Throws when a
 * marker is missing.
 */
export function renderTables(readme: string, action: string): string {
  const { inputs = {}, outputs = {} } = parse(action) as Action
  const inputTable = table(
    ['Input', 'Default', 'Meaning'],
    Object.entries(inputs).map(([name, entry]) => [
      code(name),
      entry.default === undefined || entry.default === ''
        ? ''
        : code(entry.default),
      cell(entry.description),
    ]),
  )
  const outputTable = table(
    ['Output', 'Value'],
    Object.entries(outputs).map(([name, entry]) => [
      code(name),
      cell(entry.description),
    ]),
  )
  return replaceBetween(
    replaceBetween(readme, 'inputs', inputTable),
    'outputs',
    outputTable,
  )
}

function replaceBetween(text: string, name: string, block: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = text.indexOf(start)
  const to = text.indexOf(end, from)
  if (from === -1 || to === -1)
    throw new Error(`README.md lacks the markers ${start} and ${end}`)
  return `${text.slice(0, from + start.length)}\n\n${block}\n\n${text.slice(to)}`
}

/** As prettier would write it: columns are padded to one width. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...rows.map((row) => row[column] ?? '')].map(width)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((size, at) => (cells[at] ?? '').padEnd(size)).join(' | ')} |`
  return [
    line(head),
    `| ${widths.map((size) => '-'.repeat(size)).join(' | ')} |`,
    ...rows.map(line),
  ].join('\n')
}

function width(text: string): number {
  return text.length
}

function code(text: string): string {
  return `\`${cell(text)}\``
}

function cell(text = ''): string {
  return text
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', String.raw`\|`)
}

if (import.meta.main) {
  const root = path.resolve(import.meta.dirname, '..')
  const file = path.join(root, 'README.md')
  const readme = await readFile(file, 'utf8')
  const rendered = renderTables(
    readme,
    await readFile(path.join(root, 'action.yml'), 'utf8'),
  )
  if (rendered !== readme && process.argv.includes('--check')) {
    console.error(
      'The tables of README.md are not those of action.yml. Run "node scripts/tables.ts".',
    )
    process.exitCode = 1
  } else if (rendered !== readme) await writeFile(file, rendered)
}

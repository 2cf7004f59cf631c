import type { Case, Verdict } from './verdict.ts'

export interface Result {
  readonly case: Pick<Case, 'group' | 'name'>
  readonly verdict: Verdict
}

const columns = ['cases', 'at once', 'by re-run', 'lost'] as const

/** How many cases of each group ended how, in the order of the groups. */
export function renderTable(results: readonly Result[]): string {
  const groups = [...new Set(results.map((one) => one.case.group))]
  const rows = [
    ...groups.map((group) =>
      rowOf(
        group,
        results.filter((one) => one.case.group === group),
      ),
    ),
    rowOf('all', results),
  ]
  const width = Math.max(...rows.map(([name = '']) => name.length))
  const lines = [['', ...columns], ...rows].map(([name = '', ...numbers]) =>
    [
      name.padEnd(width),
      ...numbers.map((text, at) => text.padStart(columns[at]?.length ?? 0)),
    ].join('  '),
  )
  const missed = results.filter(({ verdict }) => !verdict.met).length
  return [
    ...lines.map((line) => line.trimEnd()),
    ...(missed === 0
      ? []
      : [
          `In ${missed} of them the moment never came: the run asked otherwise.`,
        ]),
  ].join('\n')
}

function rowOf(name: string, results: readonly Result[]): readonly string[] {
  const count = (ending: Verdict['ending']): string =>
    String(results.filter(({ verdict }) => verdict.ending === ending).length)
  return [
    name,
    String(results.length),
    count('at once'),
    count('by re-run'),
    count('lost'),
  ]
}

/** The command that does one case again. */
export function repeatCommand(name: string, seed: number): string {
  return `npm run faults -- --seed ${seed} --only ${JSON.stringify(name)}`
}

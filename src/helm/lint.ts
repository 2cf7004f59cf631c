import path from 'node:path'
import { allOf } from '../failures.ts'
import { ReleaseError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Chart, FilePosition } from '../model.ts'

/** One line of `helm lint`. */
export interface LintFinding {
  readonly severity: 'INFO' | 'WARNING' | 'ERROR'
  readonly message: string
  /** As Helm names the place, `templates/`; empty for the whole chart. */
  readonly place: string
  /** Relative to the chart's folder, with `/`; `null` for the whole chart. */
  readonly file: string | null
  readonly line: number | null
}

/**
 * The findings in the output of `helm lint`: lines `[SEVERITY] path: message`,
 * some followed by indented ones. A template's place is inside the message:
 * `parse error at (demo/templates/a.yaml:3)`.
 */
export function readFindings(output: string): readonly LintFinding[] {
  const findings: LintFinding[] = []
  for (const block of output.split(/\n(?=\[|==>|Error:|\n)/)) {
    const found =
      /^\s*\[(INFO|WARNING|ERROR)\] ([^\n]*?): ([\s\S]*)$/.exec(block) ??
      /^\s*\[(INFO|WARNING|ERROR)\]( )([\s\S]*)$/.exec(block)
    if (found === null) continue
    const [, severity, where = '', text = ''] = found
    const message = text.trim().replaceAll(/\s*\n\s*/g, ' ')
    const inside = /\(?[^\s/(]+\/((?:templates|charts)\/[^\s:]+):(\d+)/.exec(
      message,
    )
    const file = inside?.[1] ?? where.trim()
    findings.push({
      severity: severity as LintFinding['severity'],
      message,
      place: path.isAbsolute(where) ? '' : file,
      // A folder, or the absolute path of the staged chart, is no place.
      file: /^[\w.][^:]*[^/]$/.test(file) ? file : null,
      line: inside === null ? null : Number(inside[2]),
    })
  }
  return findings
}

export interface LintResult {
  /** As Helm's exit code says. */
  readonly passed: boolean
  readonly findings: readonly LintFinding[]
  /** Helm's own words. */
  readonly output: string
}

/**
 * Reports what `helm lint` found at its place in the workspace. Warnings are
 * logged; throws `LINT_FAILED` when Helm's verdict is a failure, an
 * `AggregateError` of those for several findings.
 */
export async function checkLint(
  result: LintResult,
  how: { readonly chart: Chart; readonly strict: boolean; readonly log: Log },
): Promise<void> {
  const { chart, strict, log } = how
  const fatal = result.findings.filter(
    ({ severity }) =>
      severity === 'ERROR' || (strict && severity === 'WARNING'),
  )
  for (const finding of result.findings) {
    const text = `${chart.name}: ${inWords(finding)}`
    if (finding.severity === 'WARNING' && !strict)
      log.warning(text, positionOf(finding, chart))
    else if (finding.severity === 'INFO') log.debug(text)
  }
  if (result.passed) return
  const remedy = strict
    ? 'Correct it (with "lint: strict" a warning fails the release).'
    : 'Correct it, or set "lint: false".'
  if (fatal.length === 0)
    throw new ReleaseError(
      'LINT_FAILED',
      `helm lint refuses chart ${chart.name}: ${result.output.trim()}\n${remedy}`,
      { at: positionOf(null, chart) },
    )
  await allOf(
    fatal.map(async (finding) => {
      throw new ReleaseError(
        'LINT_FAILED',
        `helm lint refuses chart ${chart.name}: ${inWords(finding)}. ${remedy}`,
        { at: positionOf(finding, chart) },
      )
    }),
  )
}

function inWords({ place, message }: LintFinding): string {
  return place === '' ? message : `${place}: ${message}`
}

function positionOf(finding: LintFinding | null, chart: Chart): FilePosition {
  const within = finding?.file ?? 'Chart.yaml'
  const file = chart.directory === '.' ? within : `${chart.directory}/${within}`
  return finding?.line == null ? { file } : { file, line: finding.line }
}

import { findNearest } from './nearest.ts'
import { invalid } from './values.ts'

/** The variables of the job. */
export type Environment = Readonly<Record<string, string | undefined>>

/** How the runner, and `core.getInput`, call an input's variable. */
export function variableOf(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`
}

/**
 * The runner only warns about an input that the action does not have. It adds
 * no `INPUT_` variable by itself, but passes on one that the job's `env:` or an
 * earlier step has set: the message says so. Throws `INPUT_INVALID`.
 */
export function checkNames(
  environment: Environment,
  names: readonly string[],
): void {
  const known = new Set(names.map(variableOf))
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith('INPUT_') || known.has(variable)) continue
    const name = variable.slice('INPUT_'.length).toLowerCase()
    const nearest = findNearest(name.replaceAll('_', '-'), names) ?? ''
    throw invalid(
      name,
      `there is no such input. Did you mean ${nearest}? (Without such a line under "with:", the environment variable ${variable} was set by "env:" or by an earlier step: remove it.)`,
    )
  }
}

import { readInputs } from '../src/inputs.ts'

/** A workflow file, as far as the tests look at one. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, { readonly steps?: readonly Step[] }>>
}

export interface Step {
  readonly id?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

/** The steps that use this action. */
export function ownSteps(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ uses }) =>
    /^(?:\.\/|pcp\/chart-release-action@)/.test(uses ?? ''),
  )
}

/**
 * Reads a step's inputs as the action does. One with an expression is left out,
 * for it has its value only when the workflow runs. Throws `INPUT_INVALID`.
 */
export function readStep(step: Step, eventName: string): void {
  const environment = Object.fromEntries(
    Object.entries(step.with ?? {})
      .filter(([, value]) => !String(value).includes('${{'))
      .map(([name, value]) => [`INPUT_${name.toUpperCase()}`, String(value)]),
  )
  readInputs(
    { INPUT_TOKEN: 'token', ...environment },
    { eventName, repository: 'owner/repo' },
  )
}

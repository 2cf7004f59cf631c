import type { FilePosition } from './model.ts'

/** Every code a failing run can carry. Public: the README lists the remedies. */
export const errorCodes = [
  'INPUT_INVALID',
  'TAG_MISSING',
  'TAG_INVALID',
  'TAG_MISMATCH',
  'CHART_NOT_FOUND',
  'CHART_INVALID',
  'LINT_FAILED',
  'DEPENDENCY_FAILED',
  'HELM_UNAVAILABLE',
  'HELM_FAILED',
  'VERSION_CONFLICT',
  'REGISTRY_AUTH',
  'REGISTRY_FAILED',
  'RELEASE_IMMUTABLE',
  'RELEASE_FAILED',
  'PAGES_REJECTED',
  'PAGES_FAILED',
  'INDEX_INVALID',
  'METADATA_INVALID',
  'SIGNING_FAILED',
  'ATTEST_FAILED',
  'VERIFY_BROKEN',
  'PERMISSION_DENIED',
  'TIMED_OUT',
  'INTERNAL',
] as const

export type ErrorCode = (typeof errorCodes)[number]

export interface ReleaseErrorOptions {
  readonly cause?: unknown
  /** Where in the workspace the fault stands, for an annotation. */
  readonly at?: FilePosition | undefined
}

/**
 * The one error of this action. Branch on `code`, never on the text. The
 * message says what was found, what was expected and what to change.
 */
export class ReleaseError extends Error {
  readonly code: ErrorCode
  readonly at: FilePosition | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: ReleaseErrorOptions = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'ReleaseError'
    this.code = code
    this.at = options.at
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Anything that was thrown as a `ReleaseError`; what was unforeseen is `INTERNAL`. */
export function asReleaseError(thrown: unknown): ReleaseError {
  if (thrown instanceof ReleaseError) return thrown
  return new ReleaseError(
    'INTERNAL',
    `${sentenceOf(thrown)} This is a fault of the action: please report it with the log of a run with debug logging.`,
    { cause: thrown },
  )
}

/** The same, ended like a sentence, for another one to follow. */
export function sentenceOf(thrown: unknown): string {
  const message = messageOf(thrown)
  return /[.!?]\)?$/.test(message) ? message : `${message}.`
}

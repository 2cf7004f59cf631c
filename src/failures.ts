import { asReleaseError, type ReleaseError } from './errors.ts'

/** Every failure in what was thrown; several arrive as an `AggregateError`. */
export function failuresOf(thrown: unknown): readonly ReleaseError[] {
  return thrown instanceof AggregateError
    ? thrown.errors.flatMap(failuresOf)
    : [asReleaseError(thrown)]
}

/** The results of work done side by side; throws all failures as one. */
export async function allOf<T>(
  work: readonly Promise<T>[],
): Promise<readonly T[]> {
  const settled = await Promise.allSettled(work)
  const failures = settled.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  )
  if (failures.length === 1) throw asReleaseError(failures[0])
  if (failures.length > 1)
    throw new AggregateError(failures, `${failures.length} failures`)
  return settled.flatMap((one) =>
    one.status === 'fulfilled' ? [one.value] : [],
  )
}

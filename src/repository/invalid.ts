import { ReleaseError } from '../errors.ts'

/**
 * `INDEX_INVALID`: `fault` says what is wrong with `index.yaml`, `line` is
 * counted from 1.
 */
export function invalidIndex(
  fault: string,
  line?: number,
  cause?: unknown,
): ReleaseError {
  const where = line === undefined ? '' : `, line ${line},`
  return new ReleaseError(
    'INDEX_INVALID',
    `index.yaml${where} ${fault}. It was left as it is: correct it on the pages branch.`,
    { cause },
  )
}

import { invalidIndex } from './invalid.ts'

/** The keys of `IndexFile` in Helm's `pkg/repo/v1/index.go`. */
const known: ReadonlySet<string> = new Set([
  'annotations',
  'apiVersion',
  'entries',
  'generated',
  'publicKeys',
  'serverInfo',
])

/**
 * Would Helm take a file with these top-level keys for an index? Each comes
 * with its line. Throws `INDEX_INVALID` if not.
 */
export function checkIndexKeys(keys: ReadonlyMap<string, number>): void {
  for (const [key, line] of keys)
    if (!known.has(key))
      throw invalidIndex(
        `has the top-level key \`${key}\`, and Helm refuses an index with keys that it does not know`,
        line,
      )
  if (!keys.has('apiVersion'))
    throw invalidIndex(
      'is no index of a Helm repository: it has no `apiVersion: v1`',
    )
}

import { compareKeys } from './key-order.ts'
import { compareVersions, parseLooseVersion } from './version-order.ts'

/**
 * Where a version goes in its chart's list: how many entries stand before it.
 *
 * As Helm's `SortEntries` has it: the highest first, what is no version last.
 * It goes in front of the first lower version, also in a list that is not
 * sorted, and never in front of an equal one: Helm takes the first of equals,
 * so the published one stays the one that users get.
 */
export function placeOfVersion(
  versions: readonly string[],
  added: string,
): number {
  const version = parseLooseVersion(added)
  if (version === null) return versions.length
  const differences = versions.map((other) => {
    const parsed = parseLooseVersion(other)
    return parsed === null ? null : compareVersions(parsed, version)
  })
  const afterEquals = differences.lastIndexOf(0) + 1
  const lower = differences.findIndex(
    (difference, index) =>
      index >= afterEquals && difference !== null && difference < 0,
  )
  if (lower !== -1) return lower
  const last = differences.findLastIndex((difference) => difference !== null)
  return last + 1
}

/**
 * Where a key goes among the keys of a map: how many stand before it. As Helm
 * sorts keys; by their characters in a map that is sorted so; last in one that
 * is not sorted.
 */
export function placeOfKey(keys: readonly string[], added: string): number {
  const orders = [compareKeys, compareCharacters]
  const order = orders.find((compare) =>
    keys.every((key, at) => at === 0 || compare(keys[at - 1] ?? '', key) < 0),
  )
  if (order === undefined) return keys.length
  const place = keys.findIndex((key) => order(key, added) > 0)
  return place === -1 ? keys.length : place
}

function compareCharacters(a: string, b: string): number {
  return a < b ? -1 : a === b ? 0 : 1
}

/**
 * Versions as Helm orders them in an index: by Masterminds/semver v3, which
 * Helm's `SortEntries` uses. Looser than SemVer: a leading `v`, missing parts
 * (`1.2`) and leading zeros (`0.46.00`) are accepted. Build metadata has no
 * say in the order.
 */
export interface LooseVersion {
  /** Major, minor and patch. */
  readonly numbers: readonly bigint[]
  /** Empty for a stable version. */
  readonly prerelease: readonly string[]
}

const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*'
const pattern = new RegExp(
  `^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(?:-(${identifiers}))?(?:\\+${identifiers})?$`,
)

/** The library keeps numbers in 64 bits and refuses what does not fit. */
const MAX = 2n ** 64n - 1n

/** `null` for what Helm would not call a version (it skips such entries). */
export function parseLooseVersion(version: string): LooseVersion | null {
  const match = pattern.exec(version)
  if (match === null) return null
  const numbers = [match[1], match[2], match[3]].map((part) =>
    BigInt(part ?? 0),
  )
  if (numbers.some((number) => number > MAX)) return null
  const prerelease = match[4]?.split('.') ?? []
  if (prerelease.some((part) => /^0[0-9]+$/.test(part))) return null
  return { numbers, prerelease }
}

/** Negative when `a` is the lower version, 0 when Helm holds them for equal. */
export function compareVersions(a: LooseVersion, b: LooseVersion): number {
  for (let index = 0; index < 3; index += 1) {
    const difference = compare(a.numbers[index] ?? 0n, b.numbers[index] ?? 0n)
    if (difference !== 0) return difference
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return compare(b.prerelease.length, a.prerelease.length)
  for (const [index, part] of a.prerelease.entries()) {
    const other = b.prerelease[index]
    if (other === undefined) return 1
    const difference = compareIdentifiers(part, other)
    if (difference !== 0) return difference
  }
  return a.prerelease.length - b.prerelease.length
}

/** Are these one version to a Helm repository? `1.0.0+a` and `1.0.0+b` are. */
export function isSameVersion(a: string, b: string): boolean {
  if (a === b) return true
  const [left, right] = [parseLooseVersion(a), parseLooseVersion(b)]
  return left !== null && right !== null && compareVersions(left, right) === 0
}

function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [numberOf(a), numberOf(b)]
  if (left !== null && right !== null) return compare(left, right)
  if (left === null && right === null) return compare(a, b)
  return left === null ? 1 : -1
}

function numberOf(identifier: string): bigint | null {
  if (!/^[0-9]+$/.test(identifier)) return null
  const number = BigInt(identifier)
  return number > MAX ? null : number
}

function compare<T extends bigint | number | string>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1
}

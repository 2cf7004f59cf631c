import { compare, parse } from 'semver'

/** A version as an OCI tag: `+` may not stand in one, Helm writes `_`. */
export function ociTag(version: string): string {
  return version.replaceAll('+', '_')
}

/**
 * A template of an OCI tag with its `{version}`, `{major}` and `{minor}` filled
 * in. The version must be a strict one.
 */
export function expandAlias(template: string, version: string): string {
  const found = parse(version)
  return template
    .replaceAll('{version}', version)
    .replaceAll('{major}', String(found?.major))
    .replaceAll('{minor}', String(found?.minor))
}

/** Has this version a part like `-rc.1`? */
export function isPrerelease(version: string): boolean {
  return (parse(version)?.prerelease.length ?? 0) > 0
}

/** Negative, 0 or positive by SemVer's precedence; build metadata has none. */
export function compareVersions(one: string, other: string): number {
  return compare(one, other)
}

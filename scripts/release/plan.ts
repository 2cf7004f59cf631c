import { findChangelogSection } from '../../src/release-notes/changelog.ts'

/** What a tag of this repository releases. */
export interface ReleasePlan {
  readonly tag: string
  /** The section of the changelog. */
  readonly notes: string
}

type Version = readonly [number, number, number]

/**
 * Throws, naming the file to change, unless everything says the tag's version:
 * `package.json`, and a section of `CHANGELOG.md`.
 */
export function planRelease({
  tag,
  packageVersion,
  changelog,
}: {
  readonly tag: string
  readonly packageVersion: string
  readonly changelog: string
}): ReleasePlan {
  if (readVersion(tag) === null)
    throw new Error(`The tag "${tag}" is not vX.Y.Z: nothing is released.`)
  const version = tag.slice(1)
  if (packageVersion !== version)
    throw new Error(
      `The tag says ${version} and package.json ${packageVersion}. Delete the tag, run "npm version --no-git-tag-version ${version}", and tag the commit that has it.`,
    )
  const question = { name: 'chart-release-action', version, tag }
  const notes = findChangelogSection(changelog, question)
  if (notes === null)
    throw new Error(
      `CHANGELOG.md has nothing under a heading for ${version}. Delete the tag, name the section that is released, and tag the commit that has it.`,
    )
  return { tag, notes }
}

/** `v1` of `v1.2.3`. */
export function majorTag(tag: string): string {
  return `v${versionOf(tag)[0]}`
}

/** Is no release higher? One for an older line must not become the latest. */
export function isHighest(tag: string, released: readonly string[]): boolean {
  return !released.some((other) => isHigher(other, tag))
}

/** Is no release of the same major version higher? Only then its tag moves. */
export function leadsMajor(tag: string, released: readonly string[]): boolean {
  const major = versionOf(tag)[0]
  return isHighest(
    tag,
    released.filter((other) => readVersion(other)?.[0] === major),
  )
}

function isHigher(one: string, other: string): boolean {
  const [a, b] = [readVersion(one), versionOf(other)]
  if (a === null) return false
  const at = a.findIndex((part, index) => part !== b[index])
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0)
}

function versionOf(tag: string): Version {
  const version = readVersion(tag)
  if (version === null) throw new Error(`The tag "${tag}" is not vX.Y.Z.`)
  return version
}

function readVersion(tag: string): Version | null {
  const parts = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(tag)
  return parts === null
    ? null
    : [Number(parts[1]), Number(parts[2]), Number(parts[3])]
}

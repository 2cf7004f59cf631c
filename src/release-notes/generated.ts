import { compare } from 'semver'
import type { ChartVersion } from '../channels/channel.ts'
import { messageOf } from '../errors.ts'
import type { GitHub } from '../github/client.ts'
import { wordsOf } from '../github/failure.ts'
import type { Release } from '../github/release.ts'
import type { Log } from '../log.ts'
import type { Tag } from '../model.ts'
import { isStrictVersion } from '../strict-version.ts'
import { isPrerelease } from '../version.ts'
import type { Notes } from './cut.ts'
import { defuseMarkers } from './install-section.ts'

export interface GeneratedQuestion {
  readonly github: GitHub
  readonly tag: Tag
  readonly charts: readonly ChartVersion[]
  readonly releases: readonly Release[]
  readonly log: Log
}

/**
 * What GitHub writes by itself: the pull requests since the previous release.
 * Without an answer there are no notes, which is only a warning.
 * https://docs.github.com/rest/releases/releases#generate-release-notes-content-for-a-release
 */
export async function generateNotes({
  github,
  tag,
  charts,
  releases,
  log,
}: GeneratedQuestion): Promise<Notes> {
  const previous = findPreviousTag(charts, releases)
  try {
    const { data } = await github.octokit.rest.repos.generateReleaseNotes({
      ...github.at,
      tag_name: tag.name,
      ...(tag.isNew === true ? { target_commitish: tag.commit } : {}),
      ...(previous === undefined ? {} : { previous_tag_name: previous }),
    })
    const text = defuseMarkers(data.body).trim()
    const changes = /\*\*Full Changelog\*\*: (https?:\/\/[^\s()<>]+)\s*$/
    return { text, more: changes.exec(text)?.[1] }
  } catch (thrown) {
    log.debug(messageOf(thrown))
    log.warning(
      `GitHub did not generate notes for the release of ${tag.name}, so it has none: ${wordsOf(thrown)}. Write them on the release's page, or set release-notes to a file.`,
    )
    return { text: '' }
  }
}

/**
 * The tag of the highest lower version of the same chart, by the archives that
 * the releases carry: in a repository of several charts, GitHub would take the
 * previous release of another one. A stable version follows a stable one.
 */
export function findPreviousTag(
  charts: readonly ChartVersion[],
  releases: readonly Release[],
): string | undefined {
  for (const { name, version } of charts) {
    const earlier = releases
      .filter(({ draft }) => !draft)
      .flatMap((release) =>
        carriedVersions(release, name).map((carried) => ({
          carried,
          tag: release.tag_name,
        })),
      )
      .filter(
        ({ carried }) =>
          isStrictVersion(version) &&
          compare(carried, version) < 0 &&
          (isPrerelease(version) || !isPrerelease(carried)),
      )
      .sort((one, other) => compare(other.carried, one.carried))
    if (earlier[0] !== undefined) return earlier[0].tag
  }
  return undefined
}

function carriedVersions(
  { assets }: Release,
  chart: string,
): readonly string[] {
  return assets.flatMap(({ name }) => {
    const version = name.slice(chart.length + 1, -'.tgz'.length)
    return name === `${chart}-${version}.tgz` && isStrictVersion(version)
      ? [version]
      : []
  })
}

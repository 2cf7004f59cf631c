import type { MarkedPackage } from '../channels/release-marker.ts'
import { assetUrl } from '../github/asset.ts'
import type { GitHub } from '../github/client.ts'
import type { Release } from '../github/release.ts'
import type { Log } from '../log.ts'
import type { ChartRelease } from '../model.ts'
import { isOfGitHub } from '../oci/visibility.ts'
import { commandsThrough, type InstallContext } from '../report/install.ts'
import type { RegistryTarget } from '../settings/registry.ts'
import type { ReleaseNotes } from '../settings/release-notes.ts'
import type { Notes } from './cut.ts'
import { planDoors } from './doors.ts'
import { generateNotes } from './generated.ts'
import { type InstallSection, writeInstallSection } from './install-section.ts'
import { readNotes, readNotesFile } from './notes.ts'

/** What this action writes into the text of a tag's release. */
export interface ReleaseText {
  /** For a new release; `releases` are those that are there. */
  readonly readNotes: (releases: readonly Release[]) => Promise<Notes>
  /** `null`: there is no way for users to get it. */
  readonly installSection: (made: MarkedPackage) => InstallSection | null
}

export interface ReleaseTextOptions {
  readonly github: GitHub
  readonly source: ReleaseNotes
  readonly workspace: string
  /** The charts of one tag; never empty. */
  readonly charts: readonly ChartRelease[]
  readonly registries: readonly RegistryTarget[]
  readonly pagesUrl?: string | undefined
  /** May strangers download the release's assets? */
  readonly isPublic: boolean
  readonly context: InstallContext
  readonly log: Log
}

/**
 * The text of the release of these charts' tag. Throws `INPUT_INVALID` when the
 * file of `release-notes` cannot be read.
 */
export async function prepareReleaseText(
  options: ReleaseTextOptions,
): Promise<ReleaseText> {
  const { github, source, workspace, charts, context, log } = options
  const [{ tag }] = charts as readonly [ChartRelease, ...ChartRelease[]]
  // Read before anything is published, so that a missing file stops in time.
  if (source.from === 'file') await readNotesFile(workspace, source.file)
  const page = `${github.serverUrl}/${github.owner}/${github.repo}`
  const doors = {
    registries: options.registries,
    assetUrl: options.isPublic
      ? (fileName: string) => assetUrl({ ...github, tag: tag.name, fileName })
      : undefined,
    // A package starts with the visibility of the repository it is linked to.
    wantsLogin: ({ host }: RegistryTarget) =>
      !options.isPublic && isOfGitHub({ host }, github),
    releaseUrl: `${page}/releases/tag/${encodeURIComponent(tag.name)}`,
    pagesUrl: options.pagesUrl,
  }
  return {
    readNotes: async (releases) =>
      await readNotes({
        source,
        workspace,
        tag: tag.name,
        charts,
        fileUrl: (file) =>
          `${page}/blob/${`${tag.name}/${file}`.split('/').map(encodeURIComponent).join('/')}`,
        generate: async () =>
          await generateNotes({
            github,
            tag,
            charts: charts.map(({ chart, version }) => ({
              name: chart.name,
              version,
            })),
            releases,
            log,
          }),
        log,
      }),
    installSection: ({ name, version, digest }) => {
      const commands = commandsThrough(
        { name, version, doors: planDoors(doors, { name, version }) },
        context,
      )
      if (commands.length === 0) return null
      return writeInstallSection({
        name,
        version,
        digest,
        isLibrary: context.libraries.has(name),
        commands,
      })
    },
  }
}

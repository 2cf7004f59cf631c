import * as toolCache from '@actions/tool-cache'
import path from 'node:path'
import type { Channel } from './channels/channel.ts'
import { createReleaseChannel } from './channels/github-release.ts'
import { createOciChannel } from './channels/oci.ts'
import { createPagesChannel } from './channels/pages.ts'
import { assetUrl } from './github/asset.ts'
import type { GitHub } from './github/client.ts'
import { readPagesUrl } from './github/pages-settings.ts'
import { createHelm, type Helm } from './helm/cli.ts'
import { prepareHelmHome, userPlugins } from './helm/home.ts'
import { installHelm } from './helm/install.ts'
import { createOciClient } from './oci/client.ts'
import { createCredentials } from './oci/credentials.ts'
import { findLoginFiles } from './oci/login-files.ts'
import { releaseTitle } from './release-title.ts'
import type { Request } from './request.ts'
import type { Resolved } from './resolve.ts'
import type { Retry } from './retry.ts'
import type { RunFolder } from './run-folder.ts'
import { choosePages } from './settings/pages.ts'
import type { World } from './world.ts'

/** What a release is made with. */
export interface Tools {
  readonly helm: Helm
  readonly helmHome: string
  /** OCI registries, the GitHub Release, pages: in the order of preference. */
  readonly channels: readonly Channel[]
}

export interface ToolsOrder {
  readonly world: World
  readonly request: Request
  readonly folder: RunFolder
  readonly resolved: Resolved
  readonly github: GitHub
  readonly retry: Retry
}

/** Gets Helm, gathers the logins and opens every channel that was asked for. */
export async function prepareTools(order: ToolsOrder): Promise<Tools> {
  const { world, request, folder, retry } = order
  const { environment, exec, http, clock, log } = world
  const { inputs, event } = request
  const { platform, arch } = process
  const credentials = await createCredentials({
    given: inputs.registryCredentials,
    loginFiles: findLoginFiles(environment, platform),
    token: {
      value: inputs.token,
      actor: environment['GITHUB_ACTOR'] ?? '',
      serverUrl: event.serverUrl,
    },
    hosts: inputs.registries.map(({ host }) => host),
    folder: folder.scratch,
    exec,
    log,
  })
  const installed = await installHelm({
    version: inputs.helmVersion,
    downloadUrl: inputs.helmDownloadUrl,
    exec,
    http,
    retry,
    clock,
    log,
    toolCache,
    temp: folder.scratch,
    platform,
    arch,
    searchPath: environment['PATH'] ?? '',
  })
  log.info(`Helm ${installed.version} at ${installed.path}`)
  const helmHome = path.join(folder.scratch, 'helm')
  const userHelm = { userEnvironment: environment, platform }
  await prepareHelmHome({ home: helmHome, ...userHelm })
  const helm = createHelm({
    path: installed.path,
    exec,
    home: helmHome,
    registryConfig: credentials.configFile,
    plugins: inputs.helmVersion === 'installed' ? userPlugins(userHelm) : null,
  })
  const client = createOciClient({
    http,
    retry,
    clock,
    log,
    credentials,
    mayPush: true,
  })
  const registries = inputs.registries.map((target) =>
    createOciChannel({
      target,
      client,
      helm,
      aliases: inputs.registryAliases,
      retry,
      log,
    }),
  )
  return {
    helm,
    helmHome,
    channels: [...registries, ...(await openGitHubChannels(order))],
  }
}

async function openGitHubChannels(order: ToolsOrder): Promise<Channel[]> {
  const { inputs, tagName } = order.request
  const { github, resolved } = order
  const { released } = resolved
  const { log } = order.world
  const channels: Channel[] = []
  const [first] = released
  if (first === undefined) return channels
  if (inputs.githubRelease !== 'false')
    channels.push(
      createReleaseChannel({
        github,
        tag: first.tag,
        charts: released.map(({ chart, version }) => ({
          name: chart.name,
          version,
        })),
        title: releaseTitle(
          inputs.releaseName ?? '{tag}',
          first,
          inputs.appVersion,
        ),
        prerelease: inputs.prerelease,
        makeLatest: inputs.makeLatest,
        adopt: inputs.githubRelease === 'adopt',
        log,
      }),
    )
  const branch = await choosePagesBranch(order)
  if (branch !== undefined)
    channels.push(
      createPagesChannel({
        github,
        branch,
        directory: inputs.pagesDirectory,
        baseUrl:
          inputs.pagesUrl ??
          (await readPagesUrl(github, inputs.pagesDirectory)),
        urlOf: ({ fileName }) =>
          assetUrl({ ...github, tag: tagName, fileName }),
        log,
      }),
    )
  return channels
}

/** Not every event says whether the repository is public: then GitHub does. */
async function choosePagesBranch({
  world: { log },
  request: { inputs, event },
  github,
}: ToolsOrder): Promise<string | undefined> {
  const { pagesBranch, pagesUrl } = inputs
  if (pagesBranch === undefined || event.visibility !== undefined)
    return pagesBranch
  const { visibility } = await github.readRepository()
  const chosen = choosePages(
    { name: 'pages-branch', value: pagesBranch },
    { pagesUrl, visibility },
  )
  for (const notice of chosen.notices) log.info(notice)
  return chosen.pagesBranch
}

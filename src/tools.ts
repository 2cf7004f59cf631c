import * as toolCache from '@actions/tool-cache'
import path from 'node:path'
import pLimit from 'p-limit'
import type { Channel } from './channels/channel.ts'
import { createOciChannel } from './channels/oci.ts'
import type { RepositoryFacts } from './github/client.ts'
import { type Exec, helperEnvironment } from './exec.ts'
import { createHelm, type Helm } from './helm/cli.ts'
import { prepareHelmHome, userPlugins } from './helm/home.ts'
import { installHelm } from './helm/install.ts'
import { forgetRepositoryLogins } from './helm/repositories.ts'
import { createStrangers, type Strangers } from './helm/stranger.ts'
import type { ChartRelease } from './model.ts'
import { createOciClient } from './oci/client.ts'
import { createCredentials, writeNoLogins } from './oci/credentials.ts'
import type { PackageOwner } from './oci/visibility.ts'
import { findLoginFiles } from './oci/login-files.ts'
import { mayBeStore } from './settings/registry.ts'
import type { ToolsOrder } from './tools-order.ts'
import { openReleases } from './open-releases.ts'
import { findPagesPlace, openPages } from './open-pages.ts'
import { readRepositoryFiles } from './artifacthub/repository-files.ts'

/** What a release is made with. */
export interface Tools {
  readonly helm: Helm
  readonly helmHome: string
  readonly strangers: Strangers
  /** OCI registries, the GitHub Release, pages: in the order of preference. */
  readonly channelsOf: (release: ChartRelease) => readonly Channel[]
  /** Does the index point at what is in this channel? */
  readonly isStore: (channel: Channel) => boolean
}

/** How many Helm processes run at a time, at most. */
const HELM_PROCESSES = 8

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
    helperEnvironment: helperEnvironment(environment),
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
  if (event.mayBeForks) await forgetRepositoryLogins(helmHome)
  const lanes = pLimit(HELM_PROCESSES)
  const helmExec: Exec = async (...call) =>
    await lanes(async () => await exec(...call))
  const helm = createHelm({
    retry,
    path: installed.path,
    exec: helmExec,
    home: helmHome,
    registryConfig: event.mayBeForks
      ? await writeNoLogins(folder.scratch)
      : credentials.configFile,
    plugins: inputs.helmVersion === 'installed' ? userPlugins(userHelm) : null,
  })
  const strangers = createStrangers({
    path: installed.path,
    exec: helmExec,
    folder: path.join(folder.scratch, 'strangers'),
  })
  const ports = { http, retry, clock, log }
  const client = createOciClient({
    ...ports,
    credentials,
    mayPush: !inputs.dryRun,
  })
  const strangersClient = createOciClient({
    ...ports,
    credentials: { forHost: () => undefined },
    mayPush: false,
  })
  const { github } = order
  const readOwner = async (): Promise<RepositoryFacts & PackageOwner> => ({
    ...(await github.readRepository()),
    owner: github.owner,
    repo: github.repo,
    serverUrl: github.serverUrl,
  })
  const files = await readRepositoryFiles(order)
  const registries = inputs.registries.map((target) =>
    createOciChannel({
      target,
      client,
      helm,
      aliases: inputs.registryAliases,
      repositoryFileOf: (chart) => files.ofChart.get(chart),
      verification: {
        client,
        strangersClient,
        strangers,
        registryConfig: credentials.configFile,
        isPrivate: target.private,
        readOwner,
        clock,
      },
      retry,
      log,
    }),
  )
  const place = await findPagesPlace(order)
  const releases = await openReleases(order, place?.baseUrl)
  const pages =
    place &&
    (await openPages(
      order,
      {
        strangers,
        registry: client,
        repositoryFile: files.ofRoot,
      },
      place,
    ))
  return {
    helm,
    helmHome,
    strangers,
    channelsOf: ({ tag }) =>
      [...registries, releases.get(tag.name), pages].filter(
        (channel) => channel !== undefined,
      ),
    isStore: (channel) =>
      inputs.pagesPackages === 'release'
        ? channel.kind === 'github-release'
        : inputs.pagesPackages === 'oci' &&
          channel === registries[inputs.registries.findIndex(mayBeStore)],
  }
}

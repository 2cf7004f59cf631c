import * as toolCache from '@actions/tool-cache'
import path from 'node:path'
import pLimit from 'p-limit'
import {
  readRepositoryFile,
  type RepositoryFile,
} from './artifacthub/repository-file.ts'
import type { Channel } from './channels/channel.ts'
import { createReleaseChannel } from './channels/github-release.ts'
import { createOciChannel } from './channels/oci.ts'
import { createPagesChannel } from './channels/pages.ts'
import {
  type PackageStore,
  storeInRegistry,
  storeOnBranch,
  storeOnReleases,
} from './channels/pages-store.ts'
import { assetUrl } from './github/asset.ts'
import type { GitHub, RepositoryFacts } from './github/client.ts'
import { createPagesSite, type PagesSite } from './github/pages-site.ts'
import { type Exec, helperEnvironment } from './exec.ts'
import { listReleases, type Release } from './github/release.ts'
import { createHelm, type Helm } from './helm/cli.ts'
import { prepareHelmHome, userPlugins } from './helm/home.ts'
import { installHelm } from './helm/install.ts'
import { forgetRepositoryLogins } from './helm/repositories.ts'
import { createStrangers, type Strangers } from './helm/stranger.ts'
import { prepareLanding } from './landing.ts'
import type { ChartRelease } from './model.ts'
import { createOciClient, type OciClient } from './oci/client.ts'
import { createCredentials, writeNoLogins } from './oci/credentials.ts'
import type { PackageOwner } from './oci/visibility.ts'
import { findLoginFiles } from './oci/login-files.ts'
import { prepareReleaseText } from './release-notes/release-text.ts'
import { releaseTitle } from './release-title.ts'
import { outcomeContext } from './report/context.ts'
import type { Request } from './request.ts'
import type { Resolved } from './resolve.ts'
import type { Retry } from './retry.ts'
import type { RunFolder } from './run-folder.ts'
import { choosePages } from './settings/pages.ts'
import { mayBeStore } from './settings/registry.ts'
import type { World } from './world.ts'

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

export interface ToolsOrder {
  readonly world: World
  readonly request: Request
  readonly folder: RunFolder
  readonly resolved: Resolved
  readonly github: GitHub
  readonly retry: Retry
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

/** A channel for the release of each tag, by its name. */
async function openReleases(
  { request, resolved, github, world: { log } }: ToolsOrder,
  pagesUrl: string | undefined,
): Promise<ReadonlyMap<string, Channel>> {
  const { inputs, event } = request
  const releases = new Map<string, Channel>()
  if (inputs.githubRelease === 'false') return releases
  const visibility =
    event.visibility ?? (await github.readRepository()).visibility
  let listed: Promise<readonly Release[]> | undefined
  const known = async (): Promise<readonly Release[]> =>
    await (listed ??= listReleases(github))
  const byTag = Map.groupBy(resolved.released, ({ tag }) => tag.name)
  for (const [name, charts] of byTag) {
    const [first] = charts
    if (first === undefined) continue
    const channel = createReleaseChannel({
      github,
      known: byTag.size > 1 ? known : undefined,
      tag: first.tag,
      charts: charts.map(({ chart, version }) => ({
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
      // What was released before is only looked at, whoever drafts there now.
      adopt: inputs.githubRelease === 'adopt' || first.settledBy !== undefined,
      text: await prepareReleaseText({
        github,
        source: inputs.releaseNotes,
        workspace: event.workspace,
        charts,
        registries: inputs.registries,
        pagesUrl,
        isPublic: visibility === 'public',
        context: outcomeContext(request, resolved),
        log,
      }),
      log,
    })
    releases.set(name, channel)
  }
  return releases
}

/**
 * ArtifactHub's files: the root's is about the Helm repository, one beside a
 * chart about that chart's own OCI repository. Never is one sent to both.
 */
async function readRepositoryFiles({
  request: { inputs, event },
  resolved: { released },
  world: { log },
}: ToolsOrder): Promise<{
  readonly ofRoot: RepositoryFile | undefined
  readonly ofChart: ReadonlyMap<string, RepositoryFile>
}> {
  const ofChart = new Map<string, RepositoryFile>()
  if (!inputs.artifacthubRepo) return { ofRoot: undefined, ofChart }
  for (const { chart, settledBy } of released) {
    if (chart.directory === '.' || settledBy !== undefined) continue
    const file = await readRepositoryFile(event.workspace, chart.directory)
    if (file !== null) ofChart.set(chart.name, file)
  }
  const ofRoot = await readRepositoryFile(event.workspace, '.')
  for (const [chart, { id, name }] of ofChart)
    if (id !== null && id === ofRoot?.id)
      log.warning(
        `${name} beside the chart ${chart} and the one at the root both say repositoryID: ${id}. ArtifactHub gives each repository an ID of its own: the one at the root is the Helm repository's, the one beside a chart is that of its OCI repository. Correct the one that is wrong, or ArtifactHub does not show it as verified.`,
      )
  return { ofRoot: ofRoot ?? undefined, ofChart }
}

interface PagesPlace {
  readonly branch: string
  readonly baseUrl: string
  readonly site: PagesSite
}

/** `undefined`: nothing is published there. */
async function findPagesPlace(
  order: ToolsOrder,
): Promise<PagesPlace | undefined> {
  const { inputs } = order.request
  const branch = await choosePagesBranch(order)
  if (branch === undefined) return undefined
  const site = createPagesSite(order.github)
  const baseUrl = inputs.pagesUrl ?? (await site.urlOf(inputs.pagesDirectory))
  return { branch, baseUrl, site }
}

async function openPages(
  order: ToolsOrder,
  ports: {
    readonly strangers: Strangers
    readonly registry: OciClient
    readonly repositoryFile: RepositoryFile | undefined
  },
  { branch, baseUrl, site }: PagesPlace,
): Promise<Channel> {
  const { github, request } = order
  const { inputs } = request
  const { log } = order.world
  return createPagesChannel({
    github,
    branch,
    directory: inputs.pagesDirectory,
    baseUrl,
    store: openStore(order, ports.registry),
    repositoryFile: ports.repositoryFile,
    landing: await prepareLanding(order, baseUrl),
    proposalBranch: inputs.pagesPullRequest
      ? proposalBranchOf(branch, request)
      : undefined,
    verification: {
      site,
      strangers: ports.strangers,
      timeoutSeconds: inputs.verifyTimeout,
    },
    log,
  })
}

function openStore(
  { request: { inputs }, resolved, github, world: { log } }: ToolsOrder,
  registry: OciClient,
): PackageStore {
  if (inputs.pagesPackages === 'pages')
    return storeOnBranch({ directory: inputs.pagesDirectory, registry })
  const target = inputs.registries.find(mayBeStore)
  if (inputs.pagesPackages === 'oci' && target !== undefined)
    return storeInRegistry({ target, registry })
  const tagOf = new Map(
    resolved.released.map(({ chart, version, tag }) => [
      `${chart.name} ${version}`,
      tag.name,
    ]),
  )
  return storeOnReleases({
    github,
    registry,
    log,
    urlOf: ({ name, version, fileName }) =>
      assetUrl({
        ...github,
        tag: tagOf.get(`${name} ${version}`) ?? '',
        fileName,
      }),
  })
}

/** One pull request for each tag, and one for each branch with `create-tags`. */
function proposalBranchOf(branch: string, { target, event }: Request): string {
  const from =
    target.kind === 'tag'
      ? target.name
      : event.ref.replace(/^refs\/heads\//, '')
  return `chart-release/${branch}/${from}`
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
    { pagesUrl, visibility, pagesPackages: inputs.pagesPackages },
  )
  for (const notice of chosen.notices) log.info(notice)
  return chosen.pagesBranch
}

import type { RepositoryFile } from './artifacthub/repository-file.ts'
import type { Channel } from './channels/channel.ts'
import { createPagesChannel } from './channels/pages.ts'
import {
  type PackageStore,
  storeInRegistry,
  storeOnBranch,
  storeOnReleases,
} from './channels/pages-store.ts'
import { assetUrl } from './github/asset.ts'
import { createPagesSite, type PagesSite } from './github/pages-site.ts'
import type { Strangers } from './helm/stranger.ts'
import { prepareLanding } from './landing.ts'
import type { OciClient } from './oci/client.ts'
import type { Request } from './request.ts'
import { choosePages } from './settings/pages.ts'
import { mayBeStore } from './settings/registry.ts'
import type { ToolsOrder } from './tools-order.ts'

interface PagesPlace {
  readonly branch: string
  readonly baseUrl: string
  readonly site: PagesSite
}

/** `undefined`: nothing is published there. */
export async function findPagesPlace(
  order: ToolsOrder,
): Promise<PagesPlace | undefined> {
  const { inputs } = order.request
  const branch = await choosePagesBranch(order)
  if (branch === undefined) return undefined
  const site = createPagesSite(order.github)
  const baseUrl = inputs.pagesUrl ?? (await site.urlOf(inputs.pagesDirectory))
  return { branch, baseUrl, site }
}

/** The pages branch as a channel, as the inputs want it. */
export async function openPages(
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

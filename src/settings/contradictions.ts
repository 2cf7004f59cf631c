import { isForksEvent } from '../event.ts'
import type { CreateTags } from './create-tags.ts'
import { mayBeStore, type RegistryTarget } from './registry.ts'
import { invalid } from './values.ts'

/** Throws `INPUT_INVALID` on an event that may not publish. */
export function checkEvent(
  eventName: string,
  { dryRun }: { readonly dryRun: boolean },
): void {
  if (dryRun || !isForksEvent(eventName)) return
  throw invalid(
    'dry-run',
    `on the event ${eventName} the workspace may be a fork's, so nothing is published from it. Set dry-run: true, or run this step on a pushed tag, on a push to a branch or on workflow_dispatch.`,
  )
}

/** Throws `INPUT_INVALID` for what makes no sense beside `create-tags`. */
export function checkTags(inputs: {
  readonly createTags: CreateTags
  readonly tag?: string
  readonly versionFrom: string
  readonly appVersion?: string
}): void {
  if (inputs.createTags === false) return
  const contradict = (name: string, why: string): never => {
    throw invalid(
      name,
      `it contradicts create-tags, ${why}. Leave one of the two out.`,
    )
  }
  if (inputs.tag !== undefined)
    contradict('tag', 'which names the tags by itself')
  if (inputs.versionFrom === 'tag')
    contradict('version-from', 'which makes tags of the versions in Chart.yaml')
  if (inputs.appVersion !== undefined)
    contradict('app-version', 'which releases every chart as it is')
}

/** Throws `INPUT_INVALID` when no channel is left, or one lacks another. */
export function checkChannels(channels: {
  readonly registries: readonly RegistryTarget[]
  readonly githubRelease: string
  readonly pagesBranch?: string
  readonly pagesPackages: string
}): void {
  const { registries, pagesBranch, pagesPackages } = channels
  const hasRelease = channels.githubRelease !== 'false'
  if (pagesBranch !== undefined && pagesPackages === 'release' && !hasRelease)
    throw invalid(
      'pages-packages',
      'release needs a GitHub Release, and github-release is false. Set pages-packages to pages or oci, pages-branch to nothing, or github-release to true.',
    )
  if (
    pagesBranch !== undefined &&
    pagesPackages === 'oci' &&
    !registries.some(mayBeStore)
  )
    throw invalid(
      'pages-packages',
      'oci needs a registry that is neither optional nor private, and registries names none: everybody must get what the index lists. Name one, or set pages-packages to release or pages.',
    )
  if (!hasRelease && pagesBranch === undefined && registries.length === 0)
    throw invalid(
      'registries',
      'there is nowhere to publish to: no registry, no GitHub Release and no pages branch. Leave at least one of registries, github-release and pages-branch on.',
    )
}

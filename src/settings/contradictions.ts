import { invalid } from './values.ts'

/**
 * Events whose workspace may be a fork's: publishing it would hand the rights
 * of this repository to whoever opened a pull request.
 */
const untrusted = /^(?:pull_request.*|issue_comment|workflow_run)$/

/** Throws `INPUT_INVALID` on an event that may not publish. */
export function checkEvent(eventName: string): void {
  if (!untrusted.test(eventName)) return
  throw invalid(
    'dry-run',
    `on the event ${eventName} the workspace may be a fork's, so nothing is published: only a dry run is possible there, which is not available yet. Run this step on a pushed tag or on workflow_dispatch.`,
  )
}

/** Throws `INPUT_INVALID` when no channel is left, or one lacks another. */
export function checkChannels(channels: {
  readonly registries: readonly unknown[]
  readonly githubRelease: string
  readonly pagesBranch?: string
}): void {
  if (channels.githubRelease !== 'false') return
  if (channels.pagesBranch !== undefined)
    throw invalid(
      'pages-packages',
      'release needs a GitHub Release, and github-release is false. Set pages-branch to nothing, or github-release to true.',
    )
  if (channels.registries.length === 0)
    throw invalid(
      'registries',
      'there is nowhere to publish to: no registry, no GitHub Release and no pages branch. Leave at least one of registries, github-release and pages-branch on.',
    )
}

import type { GitHub } from './client.ts'
import {
  type FailureContext,
  gitHubFailure,
  isForbidden,
  statusOf,
} from './failure.ts'

/** How GitHub Pages is set up in a repository. */
export interface PagesSettings {
  /** Of the site, without `/` at the end. */
  readonly url: string
  /** `workflow`: what a branch holds is not served. */
  readonly builtBy: 'branch' | 'workflow'
  readonly branch: string
  /** Without slashes around it: empty for the root, or `docs`. */
  readonly folder: string
  /** The site's own domain. */
  readonly domain: string | null
  /** Of the certificate for that domain, such as `approved`. */
  readonly certificate: string | null
  /** Of the newest build: `built`, `building`, `errored`. */
  readonly status: string | null
}

/** The settings, or why there are none to be seen. */
export type SettingsAnswer = PagesSettings | 'absent' | 'forbidden'

const reading: FailureContext = {
  code: 'PAGES_FAILED',
  doing: 'read the Pages settings',
  permission: 'pages: read',
}

/** Needs `pages: read`. Throws `PAGES_FAILED` when GitHub does not say. */
export async function readPagesSettings({
  octokit,
  at,
}: GitHub): Promise<SettingsAnswer> {
  try {
    const { data } = await octokit.rest.repos.getPages(at)
    return {
      url: (data.html_url ?? '').replace(/\/+$/, ''),
      builtBy: data.build_type === 'workflow' ? 'workflow' : 'branch',
      branch: data.source?.branch ?? '',
      folder: (data.source?.path ?? '/').replaceAll(/^\/+|\/+$/g, ''),
      domain: data.cname,
      certificate: data.https_certificate?.state ?? null,
      status: data.status,
    }
  } catch (thrown) {
    if (statusOf(thrown) === 404) return 'absent'
    // A limit of requests is a 403 too, but was waited for already.
    if (isForbidden(thrown)) return 'forbidden'
    throw gitHubFailure(thrown, reading)
  }
}

/** A failed build of the pages branch. */
export interface FailedBuild {
  readonly commit: string
  /** Why, in GitHub's words. */
  readonly message: string | null
}

/** The newest build of the branch, if it failed. Needs `pages: read`. */
export async function readFailedBuild({
  octokit,
  at,
}: GitHub): Promise<FailedBuild | null> {
  try {
    const { data } = await octokit.rest.repos.getLatestPagesBuild(at)
    return data.status === 'errored'
      ? { commit: data.commit, message: data.error.message }
      : null
  } catch (thrown) {
    // What a workflow built is not known there.
    if (statusOf(thrown) === 404 || isForbidden(thrown)) return null
    throw gitHubFailure(thrown, reading)
  }
}

/** Readable with any token: is Pages on? */
export async function readHasPages({ octokit, at }: GitHub): Promise<boolean> {
  try {
    return (await octokit.rest.repos.get(at)).data.has_pages
  } catch (thrown) {
    throw gitHubFailure(thrown, reading)
  }
}

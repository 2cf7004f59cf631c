import { createHash } from 'node:crypto'
import type { Api } from './api.ts'
import { isHighest, type ReleasePlan } from './plan.ts'
import {
  type Asset,
  listReleases,
  publishedTags,
  type Release,
} from './releases.ts'

/** A file that the release carries. */
export interface ReleaseFile {
  readonly name: string
  readonly content: Uint8Array
}

/**
 * Draft, files, release: published complete, because an immutable release takes
 * nothing afterwards. Safe to run again: what is published with these files is
 * left alone, and a draft is begun anew. Returns the release's page.
 *
 * Throws when the release has other files, and when GitHub did not make it
 * immutable: the setting cannot be read before.
 */
export async function publishRelease(
  api: Api,
  { tag, notes }: ReleasePlan,
  files: readonly ReleaseFile[],
): Promise<string> {
  const releases = await listReleases(api)
  const published = releases.find((one) => one.tag_name === tag && !one.draft)
  if (published !== undefined) {
    compareFiles(
      { ...published, assets: published.assets.filter(isSame) },
      files.filter(isSame),
    )
    return immutable(published)
  }
  for (const draft of releases.filter((one) => one.tag_name === tag))
    await api.call('DELETE', `/releases/${draft.id}`)
  // Without a target: the tag is there, and names its commit itself.
  const draft = await api.call<Release>('POST', '/releases', {
    tag_name: tag,
    name: tag,
    body: notes,
    draft: true,
  })
  const assets: Asset[] = []
  for (const { name, content } of files) {
    const url = draft.upload_url.replace(/\{.*$/, '')
    assets.push(
      await api.upload<Asset>(
        `${url}?name=${encodeURIComponent(name)}`,
        content,
      ),
    )
  }
  compareFiles({ ...draft, assets }, files)
  // All that is frozen then goes into the one call that publishes.
  const released = await api.call<Release>('PATCH', `/releases/${draft.id}`, {
    draft: false,
    prerelease: false,
    make_latest: String(isHighest(tag, publishedTags(releases))),
  })
  return immutable(released)
}

/** Signing again gives another bundle, about the same file. */
function isSame({ name }: { readonly name: string }): boolean {
  return !name.endsWith('.sigstore.json')
}

function compareFiles(release: Release, files: readonly ReleaseFile[]): void {
  const found = release.assets.map(({ name, digest }) => `${name} ${digest}`)
  const wanted = files.map(
    ({ name, content }) =>
      `${name} sha256:${createHash('sha256').update(content).digest('hex')}`,
  )
  const [has, needs] = [found, wanted].map((all) => all.toSorted().join(', '))
  if (has !== needs)
    throw new Error(
      `The release ${release.tag_name} has other files than this run: ${has}, not ${needs}. A release never changes: raise the version.`,
    )
}

function immutable(release: Release): string {
  if (release.immutable === true) return release.html_url
  throw new Error(
    `${release.html_url} is published, but not immutable. Switch "Enable release immutability" on under Settings, General, Releases; delete this release, not its tag; run the failed job again.`,
  )
}

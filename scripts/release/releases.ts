import type { Api } from './api.ts'

/** A release, as far as the API's answer matters here. */
export interface Release {
  readonly id: number
  readonly tag_name: string
  readonly draft: boolean
  readonly immutable?: boolean
  readonly html_url: string
  readonly upload_url: string
  readonly assets: readonly Asset[]
}

export interface Asset {
  readonly id: number
  readonly name: string
  /** `sha256:` and 64 hex digits. */
  readonly digest: string | null
}

const PAGE = 100

/** All releases, drafts too: asking by tag finds no draft. */
export async function listReleases(api: Api): Promise<readonly Release[]> {
  const found: Release[] = []
  for (let page = 1; ; page++) {
    const path = `/releases?per_page=${PAGE}&page=${page}`
    const some = await api.call<readonly Release[]>('GET', path)
    found.push(...some)
    if (some.length < PAGE) return found
  }
}

/** The tags of what is published. */
export function publishedTags(releases: readonly Release[]): readonly string[] {
  return releases.filter(({ draft }) => !draft).map(({ tag_name: tag }) => tag)
}

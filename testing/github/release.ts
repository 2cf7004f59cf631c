import { validationFailed } from './answer.ts'
import type { Hub } from './hub.ts'
import { refuseFrozen } from './immutable.ts'
import { type MakeLatest, settleLatest } from './latest.ts'
import { readCommit } from './objects.ts'
import { createRef, isRefName, readRef, resolveCommit } from './refs.ts'

export interface Asset {
  readonly id: number
  name: string
  label: string | null
  readonly contentType: string
  readonly content: Buffer
  /** `starter`: its upload was interrupted; it blocks its name. */
  readonly state: 'uploaded' | 'starter'
  readonly createdAt: string
  /** The unguessable part of its place in the storage. */
  readonly secret: string
}

export interface Release {
  readonly id: number
  tag: string
  /** A branch or a full SHA: where a missing tag is made. */
  target: string
  name: string | null
  body: string | null
  draft: boolean
  prerelease: boolean
  immutable: boolean
  /** Of the tag's commit, once published. */
  createdAt: string
  publishedAt: string | null
  /** Hex digits that stand for the tag in a draft's URLs. */
  readonly untagged: string
  readonly assets: Asset[]
}

/** What a request may say of a release; what it leaves out stays. */
export interface ReleaseFields {
  readonly tag?: string | undefined
  readonly target?: string | undefined
  readonly name?: string | undefined
  readonly body?: string | undefined
  readonly draft?: boolean | undefined
  readonly prerelease?: boolean | undefined
  readonly makeLatest?: MakeLatest | undefined
}

/** GitHub's limit, in characters; what is longer is refused. */
const LONGEST_BODY = 125_000

export function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Changes a release, or one just begun, as GitHub would; else throws. */
export async function changeRelease(
  hub: Hub,
  release: Release,
  fields: ReleaseFields,
): Promise<void> {
  const wanted = {
    tag: fields.tag ?? release.tag,
    target: fields.target ?? release.target,
    draft: fields.draft ?? release.draft,
    prerelease: fields.prerelease ?? release.prerelease,
  }
  if (release.immutable) refuseFrozen(hub, release, fields)
  if ((fields.body?.length ?? 0) > LONGEST_BODY)
    throw validationFailed({
      resource: 'Release',
      code: 'custom',
      field: 'body',
      message: `body is too long (maximum is ${LONGEST_BODY} characters)`,
    })
  if (!(await isRefName(hub.git, `refs/tags/${wanted.tag}`)))
    throw validationFailed({
      resource: 'Release',
      code: 'custom',
      field: 'tag_name',
      message: 'tag_name is not a valid tag',
    })
  const isNew = !hub.releases.includes(release)
  if (
    fields.makeLatest === 'true' &&
    (wanted.prerelease || (wanted.draft && !isNew))
  )
    throw validationFailed({
      resource: 'Release',
      code: 'custom',
      message: 'Latest release cannot be draft or prerelease.',
    })
  const publishing = release.publishedAt === null && !wanted.draft
  if (publishing || (!wanted.draft && wanted.tag !== release.tag))
    release.createdAt = await takeTag(hub, release, wanted)
  Object.assign(release, wanted)
  if (fields.name !== undefined) release.name = fields.name
  if (fields.body !== undefined) release.body = fields.body
  if (wanted.draft) {
    release.publishedAt = null
  } else if (publishing) {
    release.publishedAt = timestamp()
    release.immutable = hub.immutable
    if (release.immutable) hub.burntTags.add(release.tag)
  }
  if (!wanted.draft)
    settleLatest(
      hub,
      release,
      fields.makeLatest ?? (publishing ? 'true' : undefined),
    )
}

export function removeRelease(hub: Hub, release: Release): void {
  hub.releases.splice(hub.releases.indexOf(release), 1)
}

/** Makes the tag when it is missing: the time of the commit it points at. */
async function takeTag(
  hub: Hub,
  release: Release,
  { tag, target }: { tag: string; target: string },
): Promise<string> {
  const rival = hub.releases.find(
    (other) => other !== release && !other.draft && other.tag === tag,
  )
  if (rival !== undefined)
    throw validationFailed({
      resource: 'Release',
      code: 'already_exists',
      field: 'tag_name',
    })
  if (hub.burntTags.has(tag) && !release.immutable)
    throw validationFailed({
      resource: 'Release',
      code: 'custom',
      field: 'tag_name',
      message: 'tag_name was used by an immutable release',
    })
  const name = `refs/tags/${tag}`
  if ((await readRef(hub.git, name)) === null) {
    const commit = await targetCommit(hub, target)
    await createRef(hub.git, name, commit)
  }
  const commit = await resolveCommit(hub.git, name)
  if (commit === null) throw new Error(`${name} points at no commit`)
  return (await readCommit(hub.git, commit)).committer.date
}

async function targetCommit(hub: Hub, target: string): Promise<string> {
  // A tag's name is no target: a branch or a full SHA is.
  const commit = await resolveCommit(
    hub.git,
    /^[0-9a-f]{40}$/.test(target) ? target : `refs/heads/${target}`,
  )
  if (commit !== null) return commit
  throw validationFailed({
    resource: 'Release',
    code: 'invalid',
    field: 'target_commitish',
  })
}

import { type Git, lineOf, lineOrNull } from '../git.ts'
import { NOTHING, type ObjectType, typeOf } from './objects.ts'

export interface Ref {
  /** In full: `refs/heads/main`. */
  readonly name: string
  readonly sha: string
  readonly type: ObjectType
}

/** Exactly that ref; `null` when there is none. */
export async function readRef(git: Git, name: string): Promise<Ref | null> {
  const sha = await lineOrNull(
    git(['show-ref', '--verify', '--hash', '--', name]),
  )
  if (sha === null) return null
  return { name, sha, type: (await typeOf(git, sha)) as ObjectType }
}

/** Every ref whose full name starts so, in git's order. */
export async function listRefs(git: Git, prefix: string): Promise<Ref[]> {
  const list = await lineOf(
    git(['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)']),
  )
  return list
    .split('\n')
    .filter((line) => line.startsWith(prefix) && line !== '')
    .map((line) => {
      const [name, sha, type] = line.split(' ') as [string, string, string]
      return { name, sha, type: type as ObjectType }
    })
}

/** Throws when the ref exists, or git refuses its name. */
export async function createRef(
  git: Git,
  name: string,
  sha: string,
): Promise<void> {
  await git(['update-ref', name, sha, NOTHING])
}

/** Throws when the ref is no longer where it was read. */
export async function moveRef(git: Git, old: Ref, sha: string): Promise<void> {
  await git(['update-ref', old.name, sha, old.sha])
}

export async function deleteRef(git: Git, old: Ref): Promise<void> {
  await git(['update-ref', '-d', old.name, old.sha])
}

export async function isRefName(git: Git, name: string): Promise<boolean> {
  return (await lineOrNull(git(['check-ref-format', name]))) !== null
}

export async function isAncestor(
  git: Git,
  older: string,
  newer: string,
): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', older, newer]
  return (await lineOrNull(git(args))) !== null
}

/** The commit of a branch, a tag or a full SHA, in that order. */
export async function resolveCommit(
  git: Git,
  name: string,
): Promise<string | null> {
  const ref =
    (await readRef(git, `refs/heads/${name}`)) ??
    (await readRef(git, `refs/tags/${name}`)) ??
    (name.startsWith('refs/') ? await readRef(git, name) : null)
  const sha = ref?.sha ?? name
  if (!/^[0-9a-f]{40}$/.test(sha)) return null
  return await lineOrNull(
    git(['rev-parse', '--verify', '--quiet', `${sha}^{commit}`]),
  )
}

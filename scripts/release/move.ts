import type { Api } from './api.ts'
import { leadsMajor, majorTag } from './plan.ts'
import { listReleases, publishedTags } from './releases.ts'

/**
 * Moves `v1` to the commit of a release `v1.2.3`, or makes it; returns what was
 * done. It never moves back, and never to what is not published. Throws when
 * the tag has a release of its own: that would hold it where it is.
 */
export async function moveMajorTag(
  api: Api,
  { tag, commit }: { readonly tag: string; readonly commit: string },
): Promise<string> {
  const major = majorTag(tag)
  const released = publishedTags(await listReleases(api))
  if (released.includes(major))
    throw new Error(
      `There is a release ${major}. Delete it: the tag ${major} has to move.`,
    )
  if (!released.includes(tag))
    throw new Error(`${tag} is not published: ${major} stays where it is.`)
  if (!leadsMajor(tag, released))
    return `${major} stays: a higher version than ${tag} is released`
  const ref = `tags/${major}`
  if ((await api.find(`/git/ref/${ref}`)) === null)
    await api.call('POST', '/git/refs', { ref: `refs/${ref}`, sha: commit })
  else await api.call('PATCH', `/git/refs/${ref}`, { sha: commit, force: true })
  return `${major} is ${tag} now, ${commit}`
}

import { lineOf } from '../git.ts'
import { Refusal } from './answer.ts'
import { type Hub, webUrl } from './hub.ts'
import { readRef, resolveCommit } from './refs.ts'

export interface NotesQuestion {
  readonly tag: string
  /** Where a tag is to be made that is not there yet. */
  readonly target?: string | undefined
  readonly previous?: string | undefined
}

/** GitHub's form when no pull request was merged: a link to what changed. */
export async function generateNotes(
  hub: Hub,
  { tag, target, previous }: NotesQuestion,
): Promise<{ name: string; body: string }> {
  if (tag === '') throw new Refusal(422, 'Invalid tag_name parameter')
  if ((await readRef(hub.git, `refs/tags/${tag}`)) === null) {
    const commit =
      target === undefined ? null : await resolveCommit(hub.git, target)
    if (commit === null)
      throw new Refusal(422, 'Invalid target_commitish parameter')
  }
  if (
    previous !== undefined &&
    (await readRef(hub.git, `refs/tags/${previous}`)) === null
  )
    throw new Refusal(422, 'Invalid previous_tag parameter')
  const known = (
    await lineOf(
      hub.git([
        'tag',
        '--list',
        '--sort=-creatordate',
        '--format=%(refname:short)',
      ]),
    )
  ).split('\n')
  const since =
    previous ?? known.slice(known.indexOf(tag) + 1).find((name) => name !== '')
  const what =
    since === undefined ? `commits/${tag}` : `compare/${since}...${tag}`
  return { name: tag, body: `**Full Changelog**: ${webUrl(hub, `/${what}`)}` }
}

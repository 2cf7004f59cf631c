import { lineOf } from '../git.ts'
import { Refusal } from './answer.ts'
import { type Hub, webUrl } from './hub.ts'

/** GitHub's form when no pull request was merged: a link to what changed. */
export async function generateNotes(
  hub: Hub,
  tag: string,
  previous?: string,
): Promise<{ name: string; body: string }> {
  if (tag === '') throw new Refusal(422, 'Invalid tag_name parameter')
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

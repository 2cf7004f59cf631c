import { type Git, lineOf, lineOrNull } from '../git.ts'

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag'

export interface Person {
  readonly name: string
  readonly email: string
  /** RFC 3339, whole seconds. */
  readonly date: string
}

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Person
  readonly committer: Person
  readonly message: string
}

export interface TagObject {
  readonly sha: string
  readonly object: string
  readonly type: ObjectType
  readonly tag: string
  readonly tagger: Person
  readonly message: string
}

/** The SHA that git says for no object. */
export const NOTHING = '0'.repeat(40)

/** What kind of object that is; `null` when there is none. */
export async function typeOf(
  git: Git,
  sha: string,
): Promise<ObjectType | null> {
  if (!/^[0-9a-f]{40}$/.test(sha)) return null
  return (await lineOrNull(git(['cat-file', '-t', sha]))) as ObjectType | null
}

export async function writeObject(
  git: Git,
  type: ObjectType,
  content: Buffer | string,
): Promise<string> {
  return await lineOf(
    git(['hash-object', '-w', '-t', type, '--stdin'], { input: content }),
  )
}

export async function readBlob(git: Git, sha: string): Promise<Buffer> {
  return await git(['cat-file', 'blob', sha])
}

/** Writes a commit object as it is told to: git's own message clean-up aside. */
export async function writeCommit(
  git: Git,
  commit: Omit<Commit, 'sha'>,
): Promise<string> {
  const head = [
    `tree ${commit.tree}`,
    ...commit.parents.map((sha) => `parent ${sha}`),
    `author ${signature(commit.author)}`,
    `committer ${signature(commit.committer)}`,
  ]
  return await writeObject(
    git,
    'commit',
    `${head.join('\n')}\n\n${commit.message}`,
  )
}

export async function readCommit(git: Git, sha: string): Promise<Commit> {
  const { headers, message } = parse(await git(['cat-file', 'commit', sha]))
  const values = (name: string): string[] =>
    headers.filter(([key]) => key === name).map(([, value]) => value)
  return {
    sha,
    tree: values('tree')[0] as string,
    parents: values('parent'),
    author: person(values('author')[0] as string),
    committer: person(values('committer')[0] as string),
    message,
  }
}

export async function writeTag(
  git: Git,
  tag: Omit<TagObject, 'sha'>,
): Promise<string> {
  return await writeObject(
    git,
    'tag',
    `object ${tag.object}\ntype ${tag.type}\ntag ${tag.tag}\ntagger ${signature(tag.tagger)}\n\n${tag.message}`,
  )
}

export async function readTag(git: Git, sha: string): Promise<TagObject> {
  const { headers, message } = parse(await git(['cat-file', 'tag', sha]))
  const fields = new Map(headers)
  return {
    sha,
    object: fields.get('object') as string,
    type: fields.get('type') as ObjectType,
    tag: fields.get('tag') as string,
    tagger: person(fields.get('tagger') as string),
    message,
  }
}

function signature({ name, email, date }: Person): string {
  const clean = (text: string): string => text.replaceAll(/[<>\n]/g, '')
  return `${clean(name)} <${clean(email)}> ${Math.floor(Date.parse(date) / 1000)} +0000`
}

function person(line: string): Person {
  const [, name, email, seconds] =
    /^(.*?) ?<([^>]*)> (\d+)/.exec(line) ?? ([] as string[])
  return {
    name: name ?? '',
    email: email ?? '',
    date: new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
  }
}

/** A signature's later lines start with a space: not a header of their own. */
function parse(object: Buffer): {
  headers: [string, string][]
  message: string
} {
  const text = object.toString()
  const end = text.indexOf('\n\n')
  const headers = text
    .slice(0, end)
    .split('\n')
    .filter((line) => !line.startsWith(' '))
    .map((line): [string, string] => {
      const space = line.indexOf(' ')
      return [line.slice(0, space), line.slice(space + 1)]
    })
  return { headers, message: text.slice(end + 2) }
}

import { Refusal } from './answer.ts'
import { type Hub, apiUrl, webUrl } from './hub.ts'
import { type Commit, typeOf, writeObject } from './objects.ts'
import { textField } from './route.ts'
import {
  type TreeChange,
  type TreeEntry,
  readTree,
  writeTree,
} from './trees.ts'

const modes = {
  '100644': 'blob',
  '100755': 'blob',
  '120000': 'blob',
  '040000': 'tree',
  '160000': 'commit',
} as const

/** A commit of the Git database. */
export function commitJson(hub: Hub, commit: Commit): Record<string, unknown> {
  const { tree, parents, sha } = commit
  return {
    ...commit,
    node_id: `C_${sha}`,
    url: apiUrl(hub, `/git/commits/${sha}`),
    html_url: webUrl(hub, `/commit/${sha}`),
    tree: { sha: tree, url: apiUrl(hub, `/git/trees/${tree}`) },
    parents: parents.map((parent) => ({
      sha: parent,
      url: apiUrl(hub, `/git/commits/${parent}`),
      html_url: webUrl(hub, `/commit/${parent}`),
    })),
    verification: verificationJson(hub, sha),
  }
}

/** A commit that names no author is signed by GitHub itself. */
export function verificationJson(
  hub: Hub,
  sha: string,
): Record<string, unknown> {
  return hub.signedCommits.has(sha)
    ? { verified: true, reason: 'valid' }
    : { verified: false, reason: 'unsigned' }
}

export function treeJson(
  hub: Hub,
  sha: string,
  entries: readonly TreeEntry[],
): Record<string, unknown> {
  return {
    sha,
    url: apiUrl(hub, `/git/trees/${sha}`),
    tree: entries.map((entry) => ({
      ...entry,
      url: apiUrl(hub, `/git/${entry.type}s/${entry.sha}`),
    })),
    truncated: false,
  }
}

/** Makes the tree that `POST git/trees` asks for. */
export async function newTree(
  hub: Hub,
  body: Readonly<Record<string, unknown>>,
): Promise<string> {
  const base = textField(body, 'base_tree')
  const baseType = base === undefined ? null : await typeOf(hub.git, base)
  if (base !== undefined && baseType !== 'tree' && baseType !== 'commit')
    throw new Refusal(422, 'base_tree is not a valid tree oid')
  if (!Array.isArray(body['tree']) || body['tree'].length === 0)
    throw new Refusal(422, 'Invalid tree info')
  const changes: TreeChange[] = []
  for (const entry of body['tree'] as Record<string, unknown>[])
    changes.push(await readChange(hub, entry))
  const there = new Set(
    base === undefined
      ? []
      : (await readTree(hub.git, base, true)).map((entry) => entry.path),
  )
  if (changes.some(({ sha, path }) => sha === null && !there.has(path)))
    throw new Refusal(422, 'GitRPC::BadObjectState')
  return await writeTree(hub.git, base ?? null, changes)
}

async function readChange(
  hub: Hub,
  entry: Readonly<Record<string, unknown>>,
): Promise<TreeChange> {
  const path = textField(entry, 'path') ?? ''
  if (path.startsWith('/'))
    throw new Refusal(422, 'tree.path cannot start with a slash')
  // What git itself never puts into a tree.
  if (path.split('/').some((part) => /^(\.{0,2}|\.git)$/i.test(part)))
    throw new Refusal(422, 'tree.path contains a malformed path component')
  const mode = textField(entry, 'mode') ?? ''
  const type = modes[mode as keyof typeof modes]
  if (type === undefined)
    throw new Refusal(422, 'Must supply a valid tree.mode')
  if ('sha' in entry === 'content' in entry)
    throw new Refusal(
      422,
      'Must supply either tree.sha or tree.content. Request will be rejected if both are present.',
    )
  if (entry['sha'] === null) return { path, mode, sha: null }
  const content = textField(entry, 'content')
  if (content !== undefined)
    return { path, mode, sha: await writeObject(hub.git, 'blob', content) }
  const sha = textField(entry, 'sha') ?? ''
  if (type !== 'commit' && (await typeOf(hub.git, sha)) !== type)
    throw new Refusal(422, `tree.sha ${sha} is not a valid ${type}`)
  return { path, mode, sha }
}

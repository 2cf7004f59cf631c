import { gitIn } from '../../testing/git.ts'
import type { LoopbackWorld } from '../../testing/world.ts'

/** What every channel holds, as words by place. */
export type State = ReadonlyMap<string, string>

/** The branch of the index in every world of this harness. */
export const PAGES = 'gh-pages'

/**
 * Everything that a release leaves behind. Addresses and times, which no two
 * worlds share, are left out; so is how many commits the pages branch has.
 */
export async function readState(
  world: LoopbackWorld,
  charts: readonly string[],
): Promise<State> {
  const { github, registry } = world
  const state = new Map<string, string>()
  for (const chart of charts) {
    const repository = `${github.owner}/${github.repo}/${chart}`
    for (const tag of await registry.tags(repository)) {
      const found = await registry.manifest(repository, tag)
      state.set(`registry ${chart}:${tag}`, found?.digest ?? 'nothing')
    }
  }
  const seen = new Map<string, number>()
  for (const release of github.releases()) {
    const nth = (seen.get(release.tag) ?? 0) + 1
    seen.set(release.tag, nth)
    const { name, draft, prerelease, latest, body } = release
    const where = `release ${release.tag}${nth === 1 ? '' : ` #${nth}`}`
    state.set(where, JSON.stringify({ name, draft, prerelease, latest }))
    state.set(`${where} text`, withoutAddresses(world, body ?? ''))
    for (const [at, asset] of release.assets.entries())
      state.set(`${where} asset ${at + 1}`, wordsOf(asset))
  }
  for (const file of await github.listBranchFiles(PAGES)) {
    const bytes = await github.readBranchFile(PAGES, file)
    state.set(`pages ${file}`, withoutAddresses(world, String(bytes)))
  }
  const refs = await gitIn(github.gitDirectory)([
    'for-each-ref',
    '--format=%(refname) %(objectname)',
  ])
  for (const line of refs.toString().trim().split('\n')) {
    const [ref = '', sha = ''] = line.split(' ')
    if (ref !== `refs/heads/${PAGES}`) state.set(ref, sha)
  }
  return state
}

function wordsOf(asset: {
  readonly name: string
  readonly state: string
  readonly digest: string
}): string {
  return `${asset.name} ${asset.state} ${asset.digest}`
}

function withoutAddresses(
  { github, registry, pages }: LoopbackWorld,
  text: string,
): string {
  return text
    .replaceAll('<wbr>', '')
    .replaceAll(github.serverUrl, 'http://github')
    .replaceAll(pages.url, 'http://pages')
    .replaceAll(new URL(github.serverUrl).host, 'github')
    .replaceAll(registry.host, 'registry')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then')
}

/** What is not as it should be, a line for each place. */
export function differences(found: State, wanted: State): readonly string[] {
  const lines: string[] = []
  for (const [place, words] of wanted) {
    const has = found.get(place)
    if (has === undefined) lines.push(`missing: ${place}`)
    else if (has !== words)
      lines.push(`other: ${place}: ${firstOf(has, words)}`)
  }
  for (const place of found.keys())
    if (!wanted.has(place)) lines.push(`too much: ${place}`)
  return lines
}

/** Where two texts part ways. */
function firstOf(has: string, wanted: string): string {
  const [lines, others] = [has.split('\n'), wanted.split('\n')]
  const at = lines.findIndex((line, index) => line !== others[index])
  const name = (line: string | undefined): string =>
    line === undefined ? 'nothing' : `"${line}"`
  return at < 0
    ? `it ends before ${name(others[lines.length])}`
    : `${name(lines[at])} instead of ${name(others[at])}`
}

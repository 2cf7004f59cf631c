import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import type { LoopbackWorld } from '../../testing/world.ts'
import { PAGES } from './state.ts'

/** Somebody who reads the index all the time (P3). */
export interface Watcher {
  /** What was listed at some moment and could not be downloaded then. */
  readonly complaints: ReadonlySet<string>
  /** How often it has looked. */
  looks(): number
}

interface Listed {
  readonly version: string
  readonly digest: string
  readonly urls: readonly string[]
}

/** Looks after everything that any server of this world does. */
export function watchIndex(world: LoopbackWorld): Watcher {
  const { github, registry, pages } = world
  const complaints = new Set<string>()
  let looks = 0
  let known: { readonly head: string; readonly listed: readonly Listed[] } = {
    head: '',
    listed: [],
  }
  const look = async (): Promise<void> => {
    looks += 1
    const head = await headOf(github.gitDirectory)
    if (head !== known.head)
      known = {
        head,
        listed: listedIn(
          String(await github.readBranchFile(head, 'index.yaml')),
        ),
      }
    for (const one of known.listed)
      for (const url of one.urls)
        if (!isDownloadable(world, url, one.digest))
          complaints.add(`the index lists ${one.version} at ${url} in vain`)
  }
  for (const door of [github.door, github.storage, registry.door, pages.door])
    door.observe({ acted: look })
  return { complaints, looks: () => looks }
}

/** As it stands in the repository: git itself would take longer to ask. */
async function headOf(gitDirectory: string): Promise<string> {
  const file = path.join(gitDirectory, 'refs', 'heads', PAGES)
  return (await readFile(file, 'utf8').catch(() => '')).trim()
}

function listedIn(index: string): readonly Listed[] {
  const { entries } = (parse(index) ?? {}) as {
    entries?: Record<string, readonly Listed[]>
  }
  return Object.values(entries ?? {}).flat()
}

/** Asks nobody, so that no fault meant for the release strikes here. */
function isDownloadable(
  { github }: LoopbackWorld,
  url: string,
  digest: string,
): boolean {
  const [, tag, file] =
    /\/releases\/download\/([^/]+)\/([^/]+)$/.exec(url) ?? []
  return github
    .releases()
    .some(
      (release) =>
        release.tag === tag &&
        !release.draft &&
        release.assets.some(
          (asset) =>
            asset.name === file &&
            asset.state === 'uploaded' &&
            asset.digest === `sha256:${digest}`,
        ),
    )
}

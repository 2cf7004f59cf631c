import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { messageOf, ReleaseError } from '../errors.ts'
import {
  type BranchHead,
  type FolderEntry,
  listTreeFolder,
} from '../github/branch.ts'
import type { GitHub } from '../github/client.ts'
import type { ReadFile } from '../github/commit.ts'
import type { Log } from '../log.ts'
import type { Package } from '../model.ts'
import { isOwnPage } from '../site/document.ts'
import type { SiteFacts } from '../site/facts.ts'
import {
  emptyMemory,
  type Memory,
  readMemory,
  recall,
  type Released,
} from '../site/memory.ts'
import { type Judgement, judgePlace } from '../site/place.ts'
import { CHARTS, MEMORY, PAGE, renderSite } from '../site/site.ts'

/** The landing page that is to be kept beside the index. */
export interface Landing {
  readonly mode: 'auto' | 'true'
  readonly facts: Omit<SiteFacts, 'memory'>
  /** What the page tells of a package that is released. Never rejects. */
  readonly describe: (made: Package) => Promise<Released>
}

export interface LandingQuestion {
  readonly github: GitHub
  readonly branch: string
  /** Of `index.yaml` on the branch; `.` for its root. */
  readonly directory: string
  readonly landing: Landing | undefined
  readonly log: Log
}

/** Is a page wanted that is not there yet, and may it be written? */
export async function lacksLanding(
  question: LandingQuestion,
  head: BranchHead,
  read: ReadFile,
): Promise<boolean> {
  if (question.landing?.mode !== 'true') return false
  const { judgement, folder } = await look(question, head, read)
  return judgement.write && !folder.has(PAGE)
}

/**
 * The files of the landing page that differ from what is there, by their paths
 * on the branch. None where it may not be written: with a warning where it was
 * asked for. It never keeps an index from being published.
 */
export async function landingFiles(
  question: LandingQuestion,
  now: {
    readonly head: BranchHead | null
    readonly read: ReadFile
    readonly index: string
    readonly packages: readonly Package[]
    /** Reads what an open pull request of ours proposes. */
    readonly earlier?: ReadFile | undefined
  },
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { landing, directory, log } = question
  const { head, read, index } = now
  const files = new Map<string, Uint8Array>()
  if (landing === undefined) return files
  const { judgement, folder } = await look(question, head, read)
  if (!judgement.write) {
    explain(question, judgement.home)
    return files
  }
  const memory = await readMemoryFile(question, folder, read)
  if (memory === null) return files
  const proposed = await now.earlier?.(posix.join(directory, MEMORY))
  const released = [
    ...recall(proposed == null ? null : readMemory(textOf(proposed))),
    ...(await Promise.all(now.packages.map(landing.describe))),
  ]
  let site: ReadonlyMap<string, Uint8Array>
  try {
    site = renderSite(index, { facts: landing.facts, memory, released })
  } catch (thrown) {
    log.warning(
      `The landing page is not written: ${messageOf(thrown)}. The charts are released all the same. Set pages-site: false to release without this warning.`,
    )
    return files
  }
  const pages = head === null ? empty : await listPages(question, head, folder)
  for (const [name, bytes] of site) {
    const there = name.startsWith(`${CHARTS}/`)
      ? pages.get(name.slice(CHARTS.length + 1))
      : folder.get(name)
    if (there?.sha === blobSha(bytes)) continue
    const path = posix.join(directory, name)
    if (there !== undefined && !(await isOwnFile(name, path, read)))
      log.info(`${path} is not this action's, and stays as it is.`)
    else files.set(path, bytes)
  }
  return files
}

type Folder = ReadonlyMap<string, FolderEntry>

const empty: Folder = new Map()

interface Sight {
  readonly folder: Folder
  readonly judgement: Judgement
}

async function look(
  { github, directory, landing }: LandingQuestion,
  head: BranchHead | null,
  read: ReadFile,
): Promise<Sight> {
  const mode = landing?.mode ?? 'auto'
  const open = async (at: string): Promise<Folder> =>
    head === null
      ? empty
      : ((await listTreeFolder(github, head.tree, at)) ?? empty)
  const root = await open('.')
  const folder = directory === '.' ? root : await open(directory)
  const page = folder.get(PAGE)
  const judgement = judgePlace({
    mode,
    isNewBranch: head === null,
    names: [...folder.keys()],
    rootNames: [...root.keys()],
    directory,
    hasOwnPage:
      page?.kind === 'file' &&
      (await isOwnFile(PAGE, posix.join(directory, PAGE), read)),
  })
  return { folder, judgement }
}

function explain(
  { landing, branch, log }: LandingQuestion,
  home: string | null,
): void {
  if (landing?.mode !== 'true' || home === null) return
  log.warning(
    `pages-site: no landing page is written, because ${branch} has a home page of its own (${JSON.stringify(home)} beside index.yaml) that this action did not write. Remove that file there to have one, or set pages-site: false.`,
  )
}

/** `null`: the file, or the folder of the pages, is somebody else's. */
async function readMemoryFile(
  { directory, landing, log }: LandingQuestion,
  folder: Folder,
  read: ReadFile,
): Promise<Memory | null> {
  const odd = [
    ...(['file', undefined].includes(folder.get(MEMORY)?.kind) ? [] : [MEMORY]),
    ...(['folder', undefined].includes(folder.get(CHARTS)?.kind)
      ? []
      : [CHARTS]),
  ]
  const bytes =
    folder.has(MEMORY) && odd.length === 0
      ? await read(posix.join(directory, MEMORY))
      : null
  const memory = bytes === null ? emptyMemory : readMemory(textOf(bytes))
  if (odd.length === 0 && memory !== null) return memory
  const message = `no landing page is written, because ${posix.join(directory, odd[0] ?? MEMORY)} is there and this action did not write it. Remove or rename it there to have a page, or set pages-site: false.`
  if (landing?.mode === 'true') log.warning(`pages-site: ${message}`)
  else log.info(message)
  return null
}

/** What is there of the charts' own pages. */
async function listPages(
  { github, directory }: LandingQuestion,
  head: BranchHead,
  folder: Folder,
): Promise<Folder> {
  if (!folder.has(CHARTS)) return empty
  const path = posix.join(directory, CHARTS)
  return (await listTreeFolder(github, head.tree, path)) ?? empty
}

/** A page of ours; of the other files that was looked at before. */
async function isOwnFile(
  name: string,
  path: string,
  read: ReadFile,
): Promise<boolean> {
  if (name === MEMORY) return true
  try {
    const bytes = await read(path)
    return bytes !== null && isOwnPage(textOf(bytes))
  } catch (thrown) {
    // A folder or a link of that name.
    if (thrown instanceof ReleaseError && thrown.cause === undefined)
      return false
    throw thrown
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** The name of a file's content in git: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function blobSha(bytes: Uint8Array): string {
  return createHash('sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex')
}

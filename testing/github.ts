import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Door, type Recorded, openDoor } from './door.ts'
import type { DoorRequest, DoorResponse } from './door.ts'
import { answerApi, answerUpload } from './github/api.ts'
import { type Branches, branchesOf } from './github/branches.ts'
import { answerGit } from './github/git-http.ts'
import type { Hub, Visibility } from './github/hub.ts'
import { type People, peopleOf } from './github/people.ts'
import { answerStorage, answerWeb } from './github/web.ts'
import { gitIn } from './git.ts'

export type {
  Deployment,
  PagesBuild,
  PagesSettings,
  Visibility,
} from './github/hub.ts'
export type { NewRelease, ReleaseView } from './github/people.ts'

export interface GitHubOptions {
  readonly owner: string
  readonly repo: string
  /** The one token that is known. */
  readonly token?: string
  /** Whose token that is. */
  readonly login?: string
  readonly visibility?: Visibility
  /** Makes the repository its releases immutable? */
  readonly immutable?: boolean
  readonly defaultBranch?: string
}

/** A GitHub of one repository, with the addresses of an Enterprise Server. */
export interface GitHub extends Branches, People {
  readonly owner: string
  readonly repo: string
  readonly login: string
  readonly token: string
  /** `GITHUB_API_URL`. */
  readonly apiUrl: string
  /** `GITHUB_SERVER_URL`. */
  readonly serverUrl: string
  readonly uploadsUrl: string
  /** API, uploads and web: what it was asked, and the faults it shall have. */
  readonly door: Door
  /** Where downloads are redirected to: another origin. */
  readonly storage: Door
  /** The bare repository behind it, for git itself to look at. */
  readonly gitDirectory: string
  /**
   * The requests that changed something: neither questions nor refused.
   * Those too whose answer a fault has lost.
   */
  mutations(): readonly Recorded[]
  close(): Promise<void>
}

const API = '/api/v3'
const UPLOADS = '/api/uploads'

/**
 * Starts a GitHub on loopback: its git is a bare repository on disk behind the
 * REST API, so every SHA is a real one; releases and settings are in memory. It
 * knows the routes that releasing needs and answers 501 to any other.
 */
export async function startGitHub(options: GitHubOptions): Promise<GitHub> {
  const folder = await mkdtemp(path.join(tmpdir(), 'github-'))
  const git = gitIn(folder)
  const defaultBranch = options.defaultBranch ?? 'main'
  await git(['init', '-q', '--bare', '-b', defaultBranch])
  // Nothing may tidy up in the background while a test removes the folder.
  await git(['config', 'receive.autogc', 'false'])
  // The door hands the headers it records to whoever answers: one object.
  const changed = new WeakSet<object>()
  const door = await openDoor(
    inTurn(async (request) => {
      const response = await answer(request)
      if (changes(request) && response.status < 400)
        changed.add(request.headers)
      return response
    }),
  )
  const storage = await openDoor(async (request) => answerStorage(hub, request))
  let id = 0
  const hub: Hub = {
    owner: options.owner,
    repo: options.repo,
    login: options.login ?? 'github-actions[bot]',
    token: options.token ?? 'ghs_token-of-the-job',
    defaultBranch,
    urls: {
      api: `${door.url}${API}`,
      server: door.url,
      uploads: `${door.url}${UPLOADS}`,
      storage: storage.url,
    },
    git,
    visibility: options.visibility ?? 'public',
    immutable: options.immutable ?? false,
    permissions: new Map([
      ['contents', 'write'],
      ['pages', 'write'],
      ['deployments', 'write'],
      ['pull-requests', 'write'],
      ['metadata', 'read'],
    ]),
    pages: null,
    pagesBuild: null,
    settlePages: async () => undefined,
    deployments: [],
    releases: [],
    pulls: [],
    latest: null,
    burntTags: new Set(),
    signedCommits: new Set(),
    nextId: () => ++id,
  }
  const answer = async (request: DoorRequest): Promise<DoorResponse> => {
    const { pathname } = request.url
    if (pathname.startsWith(`${API}/`))
      return await answerApi(hub, request, pathname.slice(API.length))
    if (pathname.startsWith(`${UPLOADS}/`))
      return await answerUpload(hub, request, pathname.slice(UPLOADS.length))
    return (await answerGit(hub, request)) ?? answerWeb(hub, request)
  }
  return {
    ...branchesOf(git),
    ...peopleOf(hub),
    owner: hub.owner,
    repo: hub.repo,
    login: hub.login,
    token: hub.token,
    apiUrl: hub.urls.api,
    serverUrl: hub.urls.server,
    uploadsUrl: hub.urls.uploads,
    door,
    storage,
    gitDirectory: folder,
    mutations: () =>
      door.requests.filter(({ headers }) => changed.has(headers)),
    close: async () => {
      await Promise.all([door.close(), storage.close()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type Handle = (request: DoorRequest) => Promise<DoorResponse>

/** One request that changes something at a time: each sees a settled state. */
function inTurn(handle: Handle): Handle {
  let last: Promise<unknown> = Promise.resolve()
  return async (request) => {
    if (isRead(request)) return await handle(request)
    const turn = last.then(async () => await handle(request))
    last = turn.catch(() => {})
    return await turn
  }
}

/** Generated notes and what git fetches are asked for by POST, and only answered. */
function changes(request: DoorRequest): boolean {
  const { pathname } = request.url
  return (
    !isRead(request) &&
    !/\/(?:releases\/generate-notes|git-upload-pack)$/.test(pathname)
  )
}

function isRead({ method }: DoorRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

import { messageOf, ReleaseError } from './errors.ts'
import { tagFromRef } from './tag.ts'

/** What triggered the run, and where it runs. */
export interface RunEvent {
  /** `push`, `release`, `workflow_dispatch`, … */
  readonly name: string
  readonly owner: string
  readonly repo: string
  /** The commit of the event, not of the workspace: 40 (or 64) hex digits. */
  readonly commit: string
  /** `refs/tags/v1.2.3`, `refs/heads/main`, … */
  readonly ref: string
  /** The ref's, or the tag of a `release` event. */
  readonly tag?: string
  /** May the workspace hold a fork's commit, as far as the event tells? */
  readonly mayBeForks: boolean
  /** `https://github.com`, without `/` at its end; so is `apiUrl`. */
  readonly serverUrl: string
  readonly apiUrl: string
  /** Is the server github.com itself, and no GitHub Enterprise? */
  readonly isGitHubDotCom: boolean
  readonly workspace: string
  /** The runner's temporary folder. */
  readonly temp: string
  /** The run's page. */
  readonly runUrl?: string
  readonly defaultBranch?: string
  readonly visibility?: 'public' | 'private' | 'internal'
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the event from the variables of the runner
 * (https://docs.github.com/actions/reference/workflows-and-actions/variables)
 * and its payload, which may be missing where nothing of it is needed. Throws
 * `INPUT_INVALID` when this is no job on GitHub Actions.
 */
export async function readEvent(
  environment: Environment,
  readFile: (path: string) => Promise<string>,
): Promise<RunEvent> {
  const required = (name: string, form: RegExp): string => {
    const value = environment[name] ?? ''
    if (form.test(value)) return value
    throw new ReleaseError(
      'INPUT_INVALID',
      `The environment variable ${name} is ${value === '' ? 'not set' : JSON.stringify(value)}. The runner of GitHub Actions sets it: run this action as a step of a job, and change no GITHUB_* or RUNNER_* variables.`,
    )
  }
  const name = required('GITHUB_EVENT_NAME', /^\w+$/)
  const repository = required('GITHUB_REPOSITORY', /^[\w.-]+\/[\w.-]+$/)
  const [owner = '', repo = ''] = repository.split('/')
  const ref = required('GITHUB_REF', /./)
  const serverUrl = withoutSlash(required('GITHUB_SERVER_URL', /^https?:\/\//))
  const payload = await readPayload(
    environment['GITHUB_EVENT_PATH'],
    readFile,
    name === 'release' && tagFromRef(ref) === undefined,
  )
  const runId = environment['GITHUB_RUN_ID']
  const tag =
    tagFromRef(ref) ??
    (name === 'release'
      ? textOf(objectOf(payload['release'])['tag_name'])
      : undefined)
  const payloadRepository = objectOf(payload['repository'])
  const defaultBranch = textOf(payloadRepository['default_branch'])
  const visibility = visibilityOf(payloadRepository)
  return {
    name,
    owner,
    repo,
    commit: required('GITHUB_SHA', /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
    ref,
    ...(tag === undefined ? {} : { tag }),
    mayBeForks: isForksEvent(name) && !isOwnHead(payload, repository),
    serverUrl,
    apiUrl: withoutSlash(required('GITHUB_API_URL', /^https?:\/\//)),
    isGitHubDotCom: hostOf(serverUrl) === 'github.com',
    workspace: required('GITHUB_WORKSPACE', /./),
    temp: required('RUNNER_TEMP', /./),
    ...(runId === undefined || runId === ''
      ? {}
      : { runUrl: `${serverUrl}/${repository}/actions/runs/${runId}` }),
    ...(defaultBranch === undefined ? {} : { defaultBranch }),
    ...(visibility === undefined ? {} : { visibility }),
  }
}

type Payload = Readonly<Record<string, unknown>>

async function readPayload(
  file: string | undefined,
  readFile: (path: string) => Promise<string>,
  needed: boolean,
): Promise<Payload> {
  try {
    return objectOf(JSON.parse(await readFile(file ?? '')))
  } catch (thrown) {
    if (!needed) return {}
    throw new ReleaseError(
      'INPUT_INVALID',
      `The payload of this release event, which names its tag, cannot be read from GITHUB_EVENT_PATH: ${messageOf(thrown)}. Set the input tag.`,
      { cause: thrown },
    )
  }
}

/**
 * Events that other people's commits come with: publishing such a workspace
 * would hand the rights of this repository to whoever opened a pull request.
 */
export function isForksEvent(name: string): boolean {
  return /^(?:pull_request.*|issue_comment|workflow_run)$/.test(name)
}

/** Does the payload name the commit, and as one of this very repository? */
function isOwnHead(payload: Payload, repository: string): boolean {
  const { head } = objectOf(payload['pull_request'])
  const run = objectOf(payload['workflow_run'])
  const source = objectOf(objectOf(head)['repo'] ?? run['head_repository'])
  return textOf(source['full_name'])?.toLowerCase() === repository.toLowerCase()
}

/** Before 2022 payloads had only `private`; GitHub Enterprise may still. */
function visibilityOf(repository: Payload): RunEvent['visibility'] {
  const found = repository['visibility']
  if (found === 'public' || found === 'private' || found === 'internal')
    return found
  const isPrivate = repository['private']
  if (typeof isPrivate !== 'boolean') return undefined
  return isPrivate ? 'private' : 'public'
}

function objectOf(value: unknown): Payload {
  return typeof value === 'object' && value !== null ? (value as Payload) : {}
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : ''
}

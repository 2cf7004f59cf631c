import {
  parseCredentials,
  parseRegistries,
  type RegistryCredential,
  type RegistryTarget,
} from './settings/registry.ts'
import {
  checkChannels,
  checkEvent,
  checkTags,
} from './settings/contradictions.ts'
import { type CreateTags, parseCreateTags } from './settings/create-tags.ts'
import { parseHelmVersion } from './settings/helm-version.ts'
import {
  parseAliases,
  parseReleaseName,
  parseTagFormat,
} from './settings/template.ts'
import { choosePages, type Visibility } from './settings/pages.ts'
import {
  parseReleaseNotes,
  type ReleaseNotes,
} from './settings/release-notes.ts'
import { checkUpcoming, upcomingInputs } from './settings/upcoming.ts'
import {
  checkNames,
  type Environment,
  variableOf,
} from './settings/variables.ts'
import {
  invalid,
  parseBoolean,
  parseChoice,
  parseLine,
  parseLines,
  parsePath,
  parseSeconds,
  parseSecureUrl,
  parseUrl,
  quote,
  type Setting,
} from './settings/values.ts'

export type { RegistryCredential, RegistryTarget } from './settings/registry.ts'

/** Every input and its default, as in `action.yml`. This file alone knows them. */
export const inputDefaults = {
  token: '${{ github.token }}',
  tag: '',
  'tag-format': 'auto',
  charts: '',
  'version-from': 'chart',
  'app-version': '',
  'create-tags': 'false',
  'helm-version': 'v4.2.4',
  'helm-download-url': 'https://get.helm.sh',
  dependencies: 'build',
  lint: 'true',
  registries: 'oci://ghcr.io/${{ github.repository }}',
  'registry-credentials': '',
  'registry-aliases': 'v{version}',
  'github-release': 'true',
  'release-name': '',
  'release-notes': 'auto',
  prerelease: 'auto',
  'make-latest': 'auto',
  'pages-branch': 'gh-pages',
  'pages-directory': '.',
  'pages-url': '',
  'pages-packages': 'release',
  'pages-site': 'auto',
  'pages-pull-request': 'false',
  'artifacthub-repo': '',
  'signing-key': '',
  'signing-passphrase': '',
  attest: 'false',
  'on-conflict': 'fail',
  verify: 'true',
  'verify-timeout': '300',
  'dry-run': 'false',
} as const

export type InputName = keyof typeof inputDefaults

export const inputNames = Object.keys(inputDefaults) as readonly InputName[]

/** What the user asked for. */
export interface Inputs {
  /** Secret. */
  readonly token: string
  /** Without `refs/tags/`; absent: the event's. */
  readonly tag?: string
  /** `auto`, or a template with `{version}` and perhaps `{chart}`. */
  readonly tagFormat: string
  /** Directories and globs, relative to the workspace; empty: find them. */
  readonly charts: readonly string[]
  readonly versionFrom: 'chart' | 'tag'
  readonly appVersion?: string
  readonly createTags: CreateTags
  /** With its `v`, or `installed`. */
  readonly helmVersion: string
  /** Without `/` at its end. */
  readonly helmDownloadUrl: string
  readonly dependencies: 'build' | 'update' | 'none'
  readonly lint: 'true' | 'strict' | 'false'
  readonly registries: readonly RegistryTarget[]
  readonly registryCredentials: readonly RegistryCredential[]
  /** Templates of OCI tags. */
  readonly registryAliases: readonly string[]
  readonly githubRelease: 'true' | 'adopt' | 'false'
  /** A template; absent: the tag. */
  readonly releaseName?: string
  /** `file`: a path relative to the workspace. */
  readonly releaseNotes: ReleaseNotes
  readonly prerelease: 'auto' | 'true' | 'false'
  readonly makeLatest: 'auto' | 'true' | 'false'
  /** Absent: no pages. */
  readonly pagesBranch?: string
  /** Without `/` at its ends; `.` for the branch's root. */
  readonly pagesDirectory: string
  /** What the index points at. */
  readonly pagesPackages: 'release' | 'pages' | 'oci'
  /** A page for people beside the index. */
  readonly pagesSite: 'auto' | 'true' | 'false'
  readonly pagesPullRequest: boolean
  /** Without `/` at its end; absent: ask the Pages settings. */
  readonly pagesUrl?: string
  /** Is ArtifactHub's ownership file looked for, and published? */
  readonly artifacthubRepo: boolean
  readonly onConflict: 'fail' | 'skip'
  /** Publish nothing, and say what would be published. */
  readonly dryRun: boolean
  readonly verify: boolean
  /** Seconds. */
  readonly verifyTimeout: number
  /** Lines for the log: what a default leaves out. */
  readonly notices: readonly string[]
}

/** What the inputs are read against. */
export interface InputFacts {
  /** `push`, `workflow_dispatch`, … */
  readonly eventName: string
  /** `owner/repo`. */
  readonly repository: string
  /** Absent: taken for public. */
  readonly visibility?: Visibility | undefined
}

/**
 * Reads every input once. An empty value is none for `registries` and
 * `pages-branch`, and the default for every other input. Throws
 * `INPUT_INVALID`, naming the input, for what is unknown, malformed,
 * contradictory or not available yet.
 */
export function readInputs(
  environment: Environment,
  facts: InputFacts,
): Inputs {
  checkNames(environment, inputNames)
  const setting = (name: InputName): { name: InputName; value: string } => ({
    name,
    value: valueOf(environment, name, facts),
  })
  const text = (name: InputName): string | undefined =>
    parseLine(setting(name)) || undefined

  for (const name of upcomingInputs) checkUpcoming(setting(name as InputName))
  const tag = text('tag')?.replace(/^refs\/tags\//, '')
  const appVersion = text('app-version')
  const releaseName = parseReleaseName(setting('release-name'))
  const pagesUrl = text('pages-url') && parseUrl(setting('pages-url'))
  const pagesPackages = parseChoice(setting('pages-packages'), [
    'release',
    'pages',
    'oci',
  ])
  const pages = choosePages(setting('pages-branch'), {
    pagesUrl,
    pagesPackages,
    visibility: facts.visibility,
  })
  const inputs: Inputs = {
    token: parseToken(setting('token').value),
    ...(tag === undefined ? {} : { tag }),
    tagFormat: parseTagFormat(setting('tag-format')),
    charts: parseLines(setting('charts').value).map((value) =>
      parsePath({ name: 'charts', value }),
    ),
    versionFrom: parseChoice(setting('version-from'), ['chart', 'tag']),
    ...(appVersion === undefined ? {} : { appVersion }),
    createTags: parseCreateTags(setting('create-tags')),
    helmVersion: parseHelmVersion(setting('helm-version')),
    helmDownloadUrl: parseSecureUrl(setting('helm-download-url')),
    dependencies: parseChoice(setting('dependencies'), [
      'build',
      'update',
      'none',
    ]),
    lint: parseChoice(setting('lint'), ['true', 'strict', 'false']),
    registries: parseRegistries(setting('registries')),
    registryCredentials: parseCredentials(setting('registry-credentials')),
    registryAliases: parseAliases(setting('registry-aliases')),
    githubRelease: parseChoice(setting('github-release'), [
      'true',
      'adopt',
      'false',
    ]),
    ...(releaseName === '' ? {} : { releaseName }),
    releaseNotes: parseReleaseNotes(setting('release-notes')),
    prerelease: parseChoice(setting('prerelease'), ['auto', 'true', 'false']),
    makeLatest: parseChoice(setting('make-latest'), ['auto', 'true', 'false']),
    ...pages,
    pagesDirectory: parsePath(setting('pages-directory')),
    pagesPackages,
    pagesSite: parseChoice(setting('pages-site'), ['auto', 'true', 'false']),
    pagesPullRequest: parseBoolean(setting('pages-pull-request')),
    ...(pagesUrl === undefined ? {} : { pagesUrl }),
    artifacthubRepo: parseFound(setting('artifacthub-repo')),
    onConflict: parseChoice(setting('on-conflict'), ['fail', 'skip']),
    dryRun: parseBoolean(setting('dry-run')),
    verify: parseBoolean(setting('verify')),
    verifyTimeout: parseSeconds(setting('verify-timeout')),
    notices: pages.notices,
  }
  checkEvent(facts.eventName, inputs)
  checkTags(inputs)
  checkChannels(inputs)
  return inputs
}

/** Values that must never be seen: to be masked before anything else is done. */
export function secretsOf(inputs: Inputs): readonly string[] {
  return [
    inputs.token,
    ...inputs.registryCredentials.map(({ password }) => password),
  ]
}

function valueOf(
  environment: Environment,
  name: InputName,
  { repository }: InputFacts,
): string {
  const given = environment[variableOf(name)]
  // The password of the last login may end with a space.
  const value = name === 'registry-credentials' ? given : given?.trim()
  const none = name === 'registries' || name === 'pages-branch'
  if (value !== undefined && (value !== '' || none)) return value
  return inputDefaults[name].replace('${{ github.repository }}', repository)
}

/** Empty: what is found by itself; `false`: nothing. */
function parseFound({ name, value }: Setting): boolean {
  if (value === '') return true
  if (/^false$/i.test(value)) return false
  throw invalid(
    name,
    `${quote(value)} is none of its values. Leave it out, which means the files that are found, or write false.`,
  )
}

function parseToken(value: string): string {
  if (value !== inputDefaults.token) return value
  throw invalid(
    'token',
    'the value is empty. Leave the input out, which means the token of the job, or pass a secret that is set.',
  )
}

import { describe, expect, test } from '@jest/globals'
import { ReleaseError } from '../src/errors.ts'
import {
  type InputFacts,
  inputDefaults,
  inputNames,
  type Inputs,
  readInputs,
  secretsOf,
} from '../src/inputs.ts'

const facts: InputFacts = {
  eventName: 'push',
  repository: 'Owner/Repo',
  visibility: 'public',
}

/** As the runner does: every default given, the step's `with:` over them. */
function read(
  given: Readonly<Record<string, string>> = {},
  more: Partial<InputFacts> = {},
): Inputs {
  const environment: Record<string, string> = { PATH: '/bin' }
  const values = {
    ...inputDefaults,
    token: 'job-token',
    registries: 'oci://ghcr.io/Owner/Repo',
    ...given,
  }
  for (const [name, value] of Object.entries(values))
    environment[`INPUT_${name.toUpperCase()}`] = value
  return readInputs(environment, { ...facts, ...more })
}

function refusal(
  given: Readonly<Record<string, string>>,
  more?: Partial<InputFacts>,
): string {
  try {
    read(given, more)
  } catch (thrown) {
    if (thrown instanceof ReleaseError && thrown.code === 'INPUT_INVALID')
      return thrown.message
    throw thrown
  }
  throw new Error('the inputs were accepted')
}

test('the defaults give one value, and say what acts as off', () => {
  expect(read()).toEqual({
    token: 'job-token',
    tagFormat: 'auto',
    charts: [],
    versionFrom: 'chart',
    createTags: false,
    helmVersion: 'v4.2.4',
    helmDownloadUrl: 'https://get.helm.sh',
    dependencies: 'build',
    lint: 'true',
    registries: [
      { host: 'ghcr.io', path: 'owner/repo', optional: false, private: false },
    ],
    registryCredentials: [],
    registryAliases: ['v{version}'],
    githubRelease: 'true',
    releaseNotes: { from: 'auto' },
    prerelease: 'auto',
    makeLatest: 'auto',
    pagesBranch: 'gh-pages',
    pagesDirectory: '.',
    pagesPackages: 'release',
    pagesPullRequest: false,
    pagesSite: 'auto',
    artifacthubRepo: true,
    onConflict: 'fail',
    dryRun: false,
    verify: true,
    verifyTimeout: 300,
    notices: [],
  })
})

test('an empty value is none for registries and pages-branch, else the default', () => {
  const empty = Object.fromEntries(inputNames.map((name) => [name, '']))
  const { registries, pagesBranch, ...rest } = read({
    ...empty,
    token: 'job-token',
  })
  const { registries: _registries, pagesBranch: _branch, ...defaults } = read()
  expect([registries, pagesBranch]).toEqual([[], undefined])
  expect(rest).toEqual(defaults)
})

test('without the runner, the registry is that of the repository', () => {
  const { registries } = readInputs({ INPUT_TOKEN: 't' }, facts)
  expect(registries).toMatchObject([{ host: 'ghcr.io', path: 'owner/repo' }])
})

test('every value can be given', () => {
  expect(
    read({
      tag: 'refs/tags/v1.2.3',
      'tag-format': '{chart}-chart-{version}',
      charts: '  ./charts/*/\n\n# not these\r\nother\n',
      'version-from': 'tag',
      'app-version': '1.10',
      'helm-version': '3.17.2',
      'helm-download-url': 'http://127.0.0.1:8080/helm/',
      lint: 'False',
      'registry-aliases': 'v{version}\n{major}.{minor}\nlatest',
      'github-release': 'adopt',
      'release-name': '{chart} {version} (app {app-version}), {tag}',
      prerelease: 'TRUE',
      'pages-directory': './helm/',
      'pages-url': 'https://example.com/helm/',
      'on-conflict': 'skip',
    }),
  ).toMatchObject({
    tag: 'v1.2.3',
    tagFormat: '{chart}-chart-{version}',
    charts: ['charts/*', 'other'],
    versionFrom: 'tag',
    appVersion: '1.10',
    helmVersion: 'v3.17.2',
    helmDownloadUrl: 'http://127.0.0.1:8080/helm',
    lint: 'false',
    registryAliases: ['v{version}', '{major}.{minor}', 'latest'],
    githubRelease: 'adopt',
    releaseName: '{chart} {version} (app {app-version}), {tag}',
    prerelease: 'true',
    pagesDirectory: 'helm',
    pagesUrl: 'https://example.com/helm',
    onConflict: 'skip',
  })
})

describe('an unknown input is refused with the nearest known name', () => {
  test.each([
    ['tag_format', 'tag-format'],
    ['registry', 'registries'],
    ['chart', 'charts'],
    ['pages-dir', 'pages-url'],
  ])('%s: did you mean %s?', (name, nearest) => {
    const message = refusal({ [name]: 'some value' })
    expect(message).toMatch(
      new RegExp(`^${name}: .*Did you mean ${nearest}\\?`),
    )
    expect(message).not.toContain('some value')
  })
})

describe('a malformed value is refused, and the error names the input', () => {
  test.each([
    ['version-from', 'Chart', 'chart or tag'],
    ['lint', 'yes', 'true, strict or false'],
    ['dependencies', 'true', 'build, update or none'],
    ['helm-version', 'v4', 'exact version'],
    ['helm-version', '>=4.0.0', 'exact version'],
    ['helm-version', '2.17.0', 'Helm 3 or later'],
    ['helm-download-url', 'http://example.com', 'not encrypted'],
    ['helm-download-url', 'get.helm.sh', 'no address'],
    ['tag', 'v1\nv2', 'one line'],
    ['charts', '../other', 'leads out of the workspace'],
    ['charts', 'a/../../b', 'leads out of the workspace'],
    ['charts', '/etc', 'relative'],
    ['charts', 'C:\\charts', 'relative'],
    ['charts', '.git/x', '.git'],
    ['pages-directory', '../x', 'leads out'],
    ['pages-branch', 'a..b', 'branch'],
    ['pages-branch', '-x', 'branch'],
    ['pages-url', 'example.com', 'no address'],
    ['token', '', 'empty'],
  ])('%s: %j', (name, value, why) => {
    const message = refusal({ [name]: value })
    expect(message.startsWith(`${name}: `)).toBe(true)
    expect(message).toContain(why)
  })

  test('P8: an address with credentials is not shown', () => {
    expect(
      refusal({ 'pages-url': 'https://user:hunter2@example.com/' }),
    ).not.toContain('hunter2')
  })
})

describe('what is not available yet', () => {
  test.each([
    ['signing-key', '-----BEGIN PGP PRIVATE KEY BLOCK-----'],
    ['signing-passphrase', 'correct horse'],
    ['attest', 'true'],
  ])('%s: %s is refused', (name, value) => {
    expect(refusal({ [name]: value })).toMatch(
      new RegExp(`^${name}: .* is not available yet`),
    )
  })

  test('P8: no secret stands in that error', () => {
    expect(refusal({ 'signing-passphrase': 'correct horse' })).not.toContain(
      'correct horse',
    )
  })

  test('is accepted without a word when it is off', () => {
    const { notices } = read({ attest: 'FALSE' })
    expect(notices).toEqual([])
  })
})

describe('a setting with its own form', () => {
  test.each([
    ['true', { on: 'default branch' }],
    ['FALSE', false],
    ['release/*\nmain', { on: 'branches', globs: ['release/*', 'main'] }],
  ])('create-tags: %j', (value, createTags) => {
    expect(read({ 'create-tags': value })).toMatchObject({ createTags })
  })

  test.each([
    ['auto', { from: 'auto' }],
    ['generated', { from: 'generated' }],
    ['none', { from: 'none' }],
    ['./docs/NOTES.md', { from: 'file', file: 'docs/NOTES.md' }],
  ])('release-notes: %s', (value, releaseNotes) => {
    expect(read({ 'release-notes': value })).toMatchObject({ releaseNotes })
  })

  test.each([
    ['create-tags', 'what ever'],
    ['release-notes', '../secret.md'],
    ['artifacthub-repo', 'artifacthub-repo.yml'],
    ['verify', 'yes'],
    ['verify-timeout', '5m'],
    ['verify-timeout', '3601'],
    ['dry-run', '1'],
  ])('%s: %s is refused', (name, value) => {
    expect(refusal({ [name]: value })).toMatch(new RegExp(`^${name}: `))
  })
})

describe('contradictions', () => {
  test.each([
    ['tag', 'v1.2.3'],
    ['version-from', 'tag'],
    ['app-version', '7.2.0'],
  ])('create-tags beside %s', (name, value) => {
    expect(refusal({ 'create-tags': 'true', [name]: value })).toMatch(
      new RegExp(`^${name}: it contradicts create-tags`),
    )
  })

  test('an index of release files without a release', () => {
    expect(refusal({ 'github-release': 'false' })).toMatch(/^pages-packages: /)
  })

  test.each(['optional', 'private'])(
    'an index of packages in a registry that is %s',
    (mark) => {
      expect(
        refusal({
          'pages-packages': 'oci',
          registries: `oci://ghcr.io/owner/repo ${mark}`,
        }),
      ).toMatch(/^pages-packages: oci needs a registry/)
    },
  )

  test('no channel at all', () => {
    expect(
      refusal({
        'github-release': 'false',
        'pages-branch': '',
        registries: '',
      }),
    ).toMatch(/nowhere to publish/)
  })

  test('a registry alone is enough', () => {
    expect(
      read({ 'github-release': 'false', 'pages-branch': '' }),
    ).toMatchObject({ githubRelease: 'false' })
  })
})

describe('in a repository that is not public', () => {
  test.each(['private', 'internal'] as const)(
    '%s: pages is left out with a line in the log',
    (visibility) => {
      const inputs = read({}, { visibility })
      expect(inputs.pagesBranch).toBeUndefined()
      expect(inputs.notices.at(-1)).toMatch(/^pages-branch: .* is left out/)
    },
  )

  test('pages that is asked for cannot point at release files', () => {
    expect(
      refusal(
        { 'pages-url': 'https://example.com' },
        { visibility: 'private' },
      ),
    ).toMatch(/^pages-packages: release is not possible/)
    expect(
      read(
        { 'pages-url': 'https://example.com', 'pages-packages': 'pages' },
        { visibility: 'private' },
      ),
    ).toMatchObject({ pagesBranch: 'gh-pages', pagesPackages: 'pages' })
  })
})

test.each([
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'issue_comment',
  'workflow_run',
])('nothing is published on the event %s', (eventName) => {
  expect(refusal({}, { eventName })).toMatch(/^dry-run: .*fork/)
  expect(read({ 'dry-run': 'true' }, { eventName })).toMatchObject({
    dryRun: true,
  })
})

test('P8: the secrets are listed, to be masked', () => {
  expect(
    secretsOf(read({ 'registry-credentials': 'ghcr.io user pass word ' })),
  ).toEqual(['job-token', 'pass word '])
})

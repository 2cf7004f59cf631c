import { describe, expect, test } from '@jest/globals'
import { readEvent, type RunEvent } from '../src/event.ts'

const environment = {
  GITHUB_EVENT_NAME: 'push',
  GITHUB_EVENT_PATH: '/event.json',
  GITHUB_REPOSITORY: 'Owner/repo.js',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_REF: 'refs/tags/pcp/v1.2.3',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_API_URL: 'https://api.github.com/',
  GITHUB_WORKSPACE: '/workspace',
  GITHUB_RUN_ID: '42',
  RUNNER_TEMP: '/temp',
}

async function read(
  more: Readonly<Record<string, string | undefined>> = {},
  payload?: unknown,
): Promise<RunEvent> {
  return await readEvent({ ...environment, ...more }, async (file) => {
    if (file === '/event.json' && payload !== undefined)
      return await Promise.resolve(
        typeof payload === 'string' ? payload : JSON.stringify(payload),
      )
    throw new Error(`no such file: ${file}`)
  })
}

test('the push of a tag', async () => {
  expect(
    await read(
      {},
      { repository: { default_branch: 'main', visibility: 'internal' } },
    ),
  ).toEqual({
    name: 'push',
    mayBeForks: false,
    owner: 'Owner',
    repo: 'repo.js',
    commit: 'a'.repeat(40),
    ref: 'refs/tags/pcp/v1.2.3',
    tag: 'pcp/v1.2.3',
    serverUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    isGitHubDotCom: true,
    workspace: '/workspace',
    temp: '/temp',
    runUrl: 'https://github.com/Owner/repo.js/actions/runs/42',
    defaultBranch: 'main',
    visibility: 'internal',
  })
})

describe('the tag', () => {
  test('is that of the ref, whatever the event', async () => {
    const event = await read({ GITHUB_EVENT_NAME: 'workflow_dispatch' })
    expect(event.tag).toBe('pcp/v1.2.3')
  })

  test('is none on a branch', async () => {
    expect((await read({ GITHUB_REF: 'refs/heads/main' })).tag).toBeUndefined()
  })

  const release = {
    GITHUB_EVENT_NAME: 'release',
    GITHUB_REF: 'refs/heads/main',
  }

  test('is that of a release event', async () => {
    const event = await read(release, { release: { tag_name: 'v3.0.0' } })
    expect(event.tag).toBe('v3.0.0')
  })

  test('of a release event needs its payload', async () => {
    await expect(read(release)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('GITHUB_EVENT_PATH'),
    })
  })
})

test.each([undefined, '{', '[]', 'null', '{"repository":7}'])(
  'a payload of which nothing is needed may be %s',
  async (payload) => {
    expect(await read({}, payload)).not.toHaveProperty('visibility')
  },
)

test.each([
  [true, 'private'],
  [false, 'public'],
])(
  'a payload without visibility has private: %s',
  async (isPrivate, visibility) => {
    const event = await read({}, { repository: { private: isPrivate } })
    expect(event.visibility).toBe(visibility)
  },
)

test.each([
  'https://github.com.evil.example',
  'https://ghe.example/github.com',
  'https://owner.ghe.com',
])('%s is not github.com', async (url) => {
  expect((await read({ GITHUB_SERVER_URL: url })).isGitHubDotCom).toBe(false)
})

test.each([
  'GITHUB_EVENT_NAME',
  'GITHUB_REPOSITORY',
  'GITHUB_SHA',
  'GITHUB_REF',
  'GITHUB_SERVER_URL',
  'GITHUB_API_URL',
  'GITHUB_WORKSPACE',
  'RUNNER_TEMP',
])('without %s this is no job, and the error says so', async (name) => {
  await expect(read({ [name]: undefined })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining(`${name} is not set`),
  })
})

describe('the workspace may be a fork’s', () => {
  const head = (name: string): object => ({ repo: { full_name: name } })

  test.each<[string, object]>([
    ['pull_request', { pull_request: { head: head('Other/repo.js') } }],
    ['pull_request_target', { pull_request: { head: head('Other/repo.js') } }],
    ['pull_request_target', { pull_request: { head: { repo: null } } }],
    ['pull_request_target', {}],
    ['issue_comment', { issue: {} }],
    [
      'workflow_run',
      { workflow_run: { head_repository: { full_name: 'Other/repo.js' } } },
    ],
  ])('on %s with %j', async (name, payload) => {
    const event = await read({ GITHUB_EVENT_NAME: name }, payload)
    expect(event.mayBeForks).toBe(true)
  })

  test.each<[string, object]>([
    ['push', {}],
    ['pull_request_target', { pull_request: { head: head('owner/Repo.js') } }],
    [
      'workflow_run',
      { workflow_run: { head_repository: { full_name: 'Owner/repo.js' } } },
    ],
  ])('but not on %s with %j', async (name, payload) => {
    const event = await read({ GITHUB_EVENT_NAME: name }, payload)
    expect(event.mayBeForks).toBe(false)
  })
})

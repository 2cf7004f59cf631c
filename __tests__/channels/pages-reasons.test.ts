import { describe, expect, test } from '@jest/globals'
import {
  explainMissing,
  type Missing,
} from '../../src/channels/pages-reasons.ts'
import type { Served } from '../../src/channels/served-index.ts'
import type { GitHub } from '../../src/github/client.ts'
import type { PagesSettings } from '../../src/github/pages-settings.ts'

const github = {
  owner: 'acme',
  repo: 'charts',
  serverUrl: 'https://github.com',
} as GitHub

const place = {
  github,
  branch: 'gh-pages',
  directory: '.',
  baseUrl: 'https://acme.github.io/charts',
}
const right: PagesSettings = {
  url: 'https://acme.github.io/charts',
  builtBy: 'branch',
  branch: 'gh-pages',
  folder: '',
  domain: null,
  certificate: null,
  status: 'built',
}
const missing: Served = {
  state: 'refused',
  status: 404,
  words: 'https://acme.github.io/charts/index.yaml answers 404',
}
const stale: Served = { state: 'index', text: '' }

function trouble(code: string | null, words = 'fetch failed'): Served {
  return { state: 'trouble', code, words }
}

function explain(
  changes: Partial<Missing>,
  settings?: Partial<PagesSettings>,
): Record<string, string> {
  const verification = explainMissing({
    place,
    facts: {
      state: { kind: 'on', settings: { ...right, ...settings } },
      failed: null,
    },
    served: missing,
    servedBefore: false,
    what: 'demo 1.2.3',
    ...changes,
  })
  return { ...verification }
}

const off = { facts: { state: { kind: 'off' }, failed: null } } as const
const hidden = { facts: { state: { kind: 'hidden' }, failed: null } } as const
const unknown = { facts: { state: null, failed: null } }
const failed = {
  facts: {
    state: { kind: 'on', settings: { ...right, status: 'errored' } },
    failed: { commit: 'abcdef0123456789', message: 'It broke.\n::error::x' },
  },
} as const

const custom = { domain: 'charts.acme.com', url: 'https://charts.acme.com' }
const ownDomain = { ...place, baseUrl: 'https://charts.acme.com' }
const moved = { ...place, baseUrl: 'https://example.com/x' }

interface Row {
  readonly name: string
  readonly changes?: Partial<Missing>
  readonly settings?: Partial<PagesSettings>
  /** With a history of serving an index. */
  readonly before: 'pending' | 'broken'
}

const rows: readonly Row[] = [
  { name: 'off', changes: off, before: 'broken' },
  {
    name: 'off, and something else serves an older index',
    changes: { ...off, served: stale },
    before: 'pending',
  },
  {
    name: 'built by a workflow',
    settings: { builtBy: 'workflow' },
    before: 'broken',
  },
  {
    name: 'built by a workflow that serves an older index',
    changes: { served: stale },
    settings: { builtBy: 'workflow' },
    before: 'pending',
  },
  {
    name: 'on another branch',
    settings: { branch: 'main', folder: 'docs' },
    before: 'broken',
  },
  { name: 'at another address', changes: { place: moved }, before: 'broken' },
  {
    name: 'at a domain without an index',
    changes: { place: ownDomain },
    settings: custom,
    before: 'broken',
  },
  {
    name: 'at a domain that does not resolve',
    changes: { place: ownDomain, served: trouble('ENOTFOUND') },
    settings: custom,
    before: 'pending',
  },
  {
    name: 'at a domain whose certificate is not ready',
    changes: { served: trouble('ERR_TLS_CERT_ALTNAME_INVALID') },
    settings: { ...custom, certificate: 'authorization_pending' },
    before: 'pending',
  },
  {
    name: 'right, with an older index',
    changes: { served: stale },
    before: 'pending',
  },
  { name: 'right, and answers 404', before: 'broken' },
  {
    name: 'right, and has a page for people',
    changes: { served: { state: 'page' } },
    before: 'broken',
  },
  {
    name: 'right, and out of reach',
    changes: { served: trouble('ECONNRESET') },
    before: 'pending',
  },
  { name: 'not to be seen', changes: hidden, before: 'broken' },
  { name: 'not known', changes: unknown, before: 'broken' },
]

describe.each(rows)('Pages that is $name', ({ changes, settings, before }) => {
  const never = explain({ ...changes }, settings)
  const then = explain({ ...changes, servedBefore: true }, settings)

  test('is pending without a history, and with one as it should be', () => {
    expect(never['verified']).toBe('pending')
    expect(never['reason']).not.toContain('served before')
    expect(then['verified']).toBe(before)
    expect(then['reason']?.includes('served before')).toBe(before === 'broken')
  })

  test('says what is wrong, what to do, and what a re-run does', () => {
    for (const { reason = '', remedy = '' } of [never, then]) {
      expect(reason).toMatch(/^(?:[A-Z]|https:).*\.$/)
      expect(remedy).toMatch(/then re-run this job: it will only verify\.$/)
      expect(`${reason} ${remedy}`).not.toMatch(/undefined|null|\.\.|;;|\n/)
    }
  })
})

test('every reason has words of its own', () => {
  const said = rows.map(({ changes, settings }) => {
    const { reason, remedy } = explain({ ...changes }, settings)
    return `${reason} ${remedy}`
  })
  // A workflow is the reason whatever it serves.
  expect(new Set(said).size).toBe(rows.length - 1)
})

test('a failed build is broken whatever was before, in words that are data', () => {
  const verification = explain(failed)
  expect(verification['verified']).toBe('broken')
  expect(verification['reason']).toContain(
    'abcdef0123 on gh-pages: It broke. ::error::x.',
  )
})

test('a build that failed does not matter where something else serves', () => {
  expect(explain({ ...failed, place: moved })['verified']).toBe('pending')
})

test('a branch that something else serves needs no Pages of its own', () => {
  const verification = explain(
    { place: moved, served: stale },
    { builtBy: 'workflow' },
  )
  expect(verification['reason']).toContain('https://example.com/x')
})

test.each([
  ['.', 'https://acme.github.io/charts', '/ (root)'],
  ['docs', 'https://acme.github.io/charts', '/docs'],
  ['docs', 'https://acme.github.io/charts/docs', '/ (root)'],
  ['docs/stable', 'https://acme.github.io/charts/stable', '/docs'],
  ['docs/stable', 'https://acme.github.io/charts/docs/stable', '/ (root)'],
  ['stable', 'https://acme.github.io/charts/stable', '/ (root)'],
])('the folder of %s at %s is %s', (directory, baseUrl, folder) => {
  const { remedy } = explain({
    ...off,
    place: { ...place, directory, baseUrl },
  })
  expect(remedy).toContain(
    `https://github.com/acme/charts/settings/pages and choose Source "Deploy from a branch", Branch "gh-pages", Folder "${folder}"`,
  )
})

import { describe, expect, test } from '@jest/globals'
import { parseChart, type ChartRules } from '../../src/charts/chart-file.ts'
import type { ReleaseError } from '../../src/errors.ts'
import type { Chart } from '../../src/model.ts'

const strict: ChartRules = { strictVersion: true, lint: true }

function parse(
  text: string,
  options: { rules?: ChartRules; requirements?: string } = {},
): Chart {
  return parseChart(
    {
      directory: 'demo',
      chartFile: { file: 'demo/Chart.yaml', text },
      requirements:
        options.requirements === undefined
          ? undefined
          : { file: 'demo/requirements.yaml', text: options.requirements },
      locked: false,
    },
    options.rules ?? strict,
  )
}

/** A chart whose fields are overridden, `version` on line 3. */
function chart(fields: Readonly<Record<string, string>> = {}): string {
  return Object.entries({
    apiVersion: 'v2',
    name: 'demo',
    version: '1.2.3',
    ...fields,
  })
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
}

function fault(text: string, rules?: ChartRules): ReleaseError {
  try {
    parse(text, rules === undefined ? {} : { rules })
  } catch (thrown) {
    return thrown as ReleaseError
  }
  throw new Error('nothing was thrown')
}

test('a chart is read with everything that a release needs', () => {
  expect(
    parse(
      chart({
        appVersion: '"1.10"',
        kubeVersion: '">= 1.28"',
        type: 'library',
        description: 'A chart',
        sources: '[https://github.com/owner/repo]',
        annotations: '{a: yes, 1.10: 2}',
        dependencies:
          '[{name: one, version: 1.x, repository: "oci://host/path"}, {name: two}]',
      }),
    ),
  ).toEqual({
    name: 'demo',
    version: '1.2.3',
    appVersion: '1.10',
    kubeVersion: '>= 1.28',
    apiVersion: 'v2',
    type: 'library',
    description: 'A chart',
    dependencies: [
      { name: 'one', version: '1.x', repository: 'oci://host/path' },
      { name: 'two', version: '' },
    ],
    sources: ['https://github.com/owner/repo'],
    annotations: { a: 'true', '1.1': '2' },
    directory: 'demo',
    versionAt: { file: 'demo/Chart.yaml', line: 3 },
    locked: false,
  })
})

describe('the version', () => {
  test('with a leading v is CHART_INVALID, with the reason and the fix', () => {
    const error = fault(chart({ version: 'v1.2.3' }))
    expect(error.code).toBe('CHART_INVALID')
    expect(error.at).toEqual({ file: 'demo/Chart.yaml', line: 3 })
    expect(error.message).toContain('cannot see such a version in an OCI')
    expect(error.message).toContain('Write "version: 1.2.3"')
  })

  test.each([
    ['1.2', 'two numbers', 'version: 1.2.0'],
    ['1.2.3.4', 'four numbers', 'like "version: 1.2.3"'],
    ['"01.2.3"', 'leading zero', 'version: 1.2.3'],
    ['0.46.00', 'leading zero', 'version: 0.46.0'],
    ['1.2.3-01', 'of its prerelease has a leading zero', 'like "version'],
    ['1.2.3-rc_1', '"rc_1" has other characters', 'like "version'],
    ['latest', 'does not start with three numbers', 'like "version'],
    ['""', 'has no version', 'version: 1.2.3'],
  ])('%s is CHART_INVALID, and the error says why', (version, why, fix) => {
    const { code, message } = fault(chart({ version }))
    expect(code).toBe('CHART_INVALID')
    expect(message).toContain(why)
    expect(message).toContain(fix)
  })

  test('may be what Helm loads when the version of the tag replaces it', () => {
    const rules = { strictVersion: false, lint: true }
    expect(parse(chart({ version: 'v1.2' }), { rules }).version).toBe('v1.2')
    expect(fault(chart({ version: 'latest' }), rules).code).toBe(
      'CHART_INVALID',
    )
  })
})

describe('an unquoted number as appVersion', () => {
  test('is refused as by helm lint, saying what Helm would read', () => {
    const { code, message, at } = fault(chart({ appVersion: '1.10' }))
    expect(code).toBe('CHART_INVALID')
    expect(message).toContain('read it as "1.1"')
    expect(message).toContain('appVersion: "1.10"')
    expect(at).toEqual({ file: 'demo/Chart.yaml', line: 4 })
  })

  test('is read as Helm reads it without lint', () => {
    const rules = { strictVersion: true, lint: false }
    expect(parse(chart({ appVersion: '1.10' }), { rules }).appVersion).toBe(
      '1.1',
    )
  })
})

describe('the name', () => {
  test.each(['demo', 'k8s-2048-game', 'a.b', 'a_b', 'a__b', 'a--b', '1'])(
    '%s is one',
    (name) => {
      expect(parse(chart({ name })).name).toBe(name)
    },
  )

  test.each([
    '../demo',
    'a/b',
    '-demo',
    'demo-',
    'a..b',
    'a b',
    '"a\\nb"',
    '"::error::x"',
    '[demo]',
    '""',
  ])('P11: %s is CHART_INVALID', (name) => {
    const error = fault(chart({ name }))
    expect(error.code).toBe('CHART_INVALID')
    expect(error.at?.line).toBe(2)
  })

  test('with capital letters is CHART_INVALID, with the name to write', () => {
    expect(fault(chart({ name: 'Demo' })).message).toContain('"name: demo"')
  })
})

test('CRLF and a missing final newline are accepted, and lines still count', () => {
  const text = 'apiVersion: v2\r\nname: demo\r\n\r\nversion: 1.2.3'
  expect(parse(text).versionAt.line).toBe(4)
})

test('fields are found in any case, as Go finds them', () => {
  const read = parse('apiVersion: v2\nName: demo\nVERSION: 1.2.3\n')
  expect(read).toMatchObject({ name: 'demo', version: '1.2.3' })
  expect(read.versionAt.line).toBe(3)
})

test.each([
  ['apiVersion', 'v3', 'v1 and v2'],
  ['type', 'plugin', 'application'],
  ['sources', 'https://example.com', 'must be a list'],
  ['annotations', '[a]', 'must be a map'],
  ['dependencies', '[one]', 'list of maps'],
  ['dependencies', '[{version: 1.0.0}]', 'has no name'],
  ['description', '{a: b}', 'must be text'],
])('a %s of %s is CHART_INVALID', (name, value, why) => {
  const { code, message } = fault(chart({ [name]: value }))
  expect(code).toBe('CHART_INVALID')
  expect(message).toContain(why)
})

test('a chart without apiVersion is one of Helm 2, unless lint is on', () => {
  const text = 'name: demo\nversion: 1.2.3\n'
  const rules = { strictVersion: true, lint: false }
  expect(parse(text, { rules }).apiVersion).toBe('v1')
  expect(fault(text).message).toContain('Add "apiVersion: v2"')
})

test.each(['- a list\n', 'text\n'])('%j is no chart', (text) => {
  expect(fault(text).code).toBe('CHART_INVALID')
})

test('the dependencies of requirements.yaml win, as they do in Helm', () => {
  const { dependencies } = parse(
    chart({ apiVersion: 'v1', dependencies: '[{name: other}]' }),
    { requirements: 'dependencies:\n- {name: old, version: 1.10}\n' },
  )
  expect(dependencies).toEqual([{ name: 'old', version: '1.1' }])
})

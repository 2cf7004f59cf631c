import { expect, test } from '@jest/globals'
import type { UnreadableChart } from '../../src/charts/collect.ts'
import { selectCharts, type Selection } from '../../src/charts/select.ts'
import { ReleaseError } from '../../src/errors.ts'
import type { Chart } from '../../src/model.ts'
import { parseTag } from '../../src/tag.ts'

function chart(name: string, version: string, directory = name): Chart {
  return {
    name,
    version,
    apiVersion: 'v2',
    type: 'application',
    dependencies: [],
    sources: [],
    annotations: {},
    directory,
    versionAt: { file: `${directory}/Chart.yaml`, line: 3 },
    locked: false,
  }
}

function select(
  tag: string,
  charts: readonly Chart[],
  more: {
    unreadable?: readonly UnreadableChart[]
    versionFrom?: 'chart' | 'tag'
  } = {},
): Selection {
  const { unreadable = [], versionFrom = 'chart' } = more
  const names = [...charts, ...unreadable].map(({ name }) => name)
  return selectCharts({
    charts,
    unreadable,
    versionFrom,
    parsed: parseTag(tag, 'auto', names),
    tag: { name: tag, commit: 'a'.repeat(40) },
  })
}

function released({ released: list }: Selection): readonly string[] {
  return list.map(({ chart: { name }, version }) => `${name} ${version}`)
}

const broken: UnreadableChart = {
  directory: 'broken',
  name: 'broken',
  version: 'v1.0.1',
  error: new ReleaseError('CHART_INVALID', 'the chart is broken'),
}

test('a tag without a name releases the charts at its version, and says which it left out', () => {
  const selection = select('v1.0.1', [
    chart('archive-analysis', '1.0.0'),
    chart('pcp', '1.0.1'),
  ])
  expect(released(selection)).toEqual(['pcp 1.0.1'])
  expect(selection.leftOut).toMatchObject([
    {
      chart: { name: 'archive-analysis' },
      reason: expect.stringContaining('1.0.0'),
    },
  ])
})

test('a tag that names a chart releases that one', () => {
  const selection = select('pcp-1.0.0', [
    chart('a', '1.0.0'),
    chart('pcp', '1.0.0'),
  ])
  expect(released(selection)).toEqual(['pcp 1.0.0'])
})

test.each(['v1.2.4', 'demo-1.2.4'])(
  '%s on a chart at 1.2.3 is TAG_MISMATCH at the line of its version',
  (tag) => {
    expect(() => select(tag, [chart('demo', '1.2.3')])).toThrow(
      expect.objectContaining({
        code: 'TAG_MISMATCH',
        at: { file: 'demo/Chart.yaml', line: 3 },
        message: expect.stringMatching(/1\.2\.4.*1\.2\.3/),
      }),
    )
  },
)

test('a version that no chart has is TAG_MISMATCH with all of them', () => {
  expect(() =>
    select('v2.0.0', [chart('a', '1.0.0'), chart('b', '1.1.0')]),
  ).toThrow(/a is at 1\.0\.0 .*b is at 1\.1\.0/)
})

test('build metadata counts', () => {
  expect(released(select('v1.0.0+b', [chart('a', '1.0.0+b')]))).toEqual([
    'a 1.0.0+b',
  ])
  expect(() => select('v1.0.0+a', [chart('a', '1.0.0+b')])).toThrow(
    expect.objectContaining({ code: 'TAG_MISMATCH' }),
  )
})

test('with version-from: tag every chart gets the version of the tag', () => {
  const selection = select(
    'v2.0.0',
    [chart('a', '0.0.0'), chart('b', '1.0.0')],
    { versionFrom: 'tag' },
  )
  expect(released(selection)).toEqual(['a 2.0.0', 'b 2.0.0'])
})

test('a chart that cannot be read matters only when the tag selects it', () => {
  const unreadable = [broken]
  const charts = [chart('a', '1.0.0'), chart('b', '1.0.1')]
  expect(released(select('v1.0.0', charts, { unreadable }))).toEqual([
    'a 1.0.0',
  ])
  expect(released(select('b-1.0.1', charts, { unreadable }))).toEqual([
    'b 1.0.1',
  ])
  for (const tag of ['v1.0.1', 'broken-3.0.0'])
    expect(() => select(tag, charts, { unreadable })).toThrow(broken.error)
})

test('when no chart can be read, that is the error', () => {
  expect(() => select('v9.0.0', [], { unreadable: [broken] })).toThrow(
    broken.error,
  )
})

test('one name in two directories is TAG_INVALID, naming both', () => {
  expect(() =>
    select('v1.0.0', [
      chart('a', '1.0.0', 'stable/a'),
      chart('a', '1.0.0', 'old/a'),
    ]),
  ).toThrow(
    expect.objectContaining({
      code: 'TAG_INVALID',
      message: expect.stringMatching(/stable\/a.*old\/a/),
    }),
  )
})

import { describe, expect, test } from '@jest/globals'
import {
  parseAliases,
  parseReleaseName,
  parseTagFormat,
} from '../../src/settings/template.ts'

describe('tag-format', () => {
  const parse = (value: string): string =>
    parseTagFormat({ name: 'tag-format', value })

  test.each([
    'auto',
    '{version}',
    'helm-chart-{version}',
    '{chart}/v{version}',
  ])('%s is accepted', (value) => {
    expect(parse(value)).toBe(value)
  })

  test.each([
    ['v1', '{version} once'],
    ['{chart}', '{version} once'],
    ['{version}-{version}', '{version} once'],
    ['{chart}{chart}{version}', '{chart} more than once'],
    ['{name}-{version}', '{name} in'],
    ['{version', 'brace'],
    ['a b{version}', 'no git tag'],
    ['/{version}', 'no git tag'],
    ['a..{version}', 'no git tag'],
  ])('%s is refused', (value, why) => {
    expect(() => parse(value)).toThrow(why)
  })
})

describe('registry-aliases', () => {
  const parse = (value: string): readonly string[] =>
    parseAliases({ name: 'registry-aliases', value })

  test('are templates of OCI tags, each once', () => {
    expect(
      parse('v{version}\n{major}.{minor}\n{major}\nlatest\nv{major}\nlatest'),
    ).toEqual([
      'v{version}',
      '{major}.{minor}',
      '{major}',
      'latest',
      'v{major}',
    ])
  })

  test.each([
    ['{patch}', '{patch} in'],
    ['a b', 'no OCI tag'],
    ['-{version}', 'no OCI tag'],
    ['x/{version}', 'no OCI tag'],
    ['{version}', 'a version of its own'],
    ['{version}-x', 'a version of its own'],
    ['1.0.0', 'a version of its own'],
    ['{major}.{minor}.0', 'a version of its own'],
    ['artifacthub.io', 'ArtifactHub'],
  ])('%s is refused', (value, why) => {
    expect(() => parse(value)).toThrow(why)
  })
})

test('an unknown placeholder of release-name is refused with the known ones', () => {
  expect(() =>
    parseReleaseName({ name: 'release-name', value: 'Chart {appVersion}' }),
  ).toThrow('There are {tag}, {chart}, {version}, {app-version}')
})

import { describe, expect, test } from '@jest/globals'
import { chooseTag, parseTag, tagFromRef } from '../src/tag.ts'

describe('auto', () => {
  test.each([
    ['1.2.3', [], { version: '1.2.3' }],
    ['v1.2.3', ['demo'], { version: '1.2.3' }],
    ['v1.2.3-rc.1+build.5', ['demo'], { version: '1.2.3-rc.1+build.5' }],
    ['demo-1.2.3', ['demo'], { version: '1.2.3', chart: 'demo' }],
    ['demo-v1.2.3', ['demo'], { version: '1.2.3', chart: 'demo' }],
    ['demo/v1.2.3', ['demo'], { version: '1.2.3', chart: 'demo' }],
    ['demo@1.2.3-a-b', ['demo'], { version: '1.2.3-a-b', chart: 'demo' }],
    [
      'k8s-2048-game-1.2.3',
      ['k8s', 'k8s-2048-game', 'game'],
      { version: '1.2.3', chart: 'k8s-2048-game' },
    ],
    [
      'pcp-exporter-1.0.0',
      ['pcp', 'pcp-exporter'],
      { version: '1.0.0', chart: 'pcp-exporter' },
    ],
    ['pcp-1.0.0', ['pcp', 'pcp-exporter'], { version: '1.0.0', chart: 'pcp' }],
  ])('%s with charts %j', (tag, names, expected) => {
    expect(parseTag(tag, 'auto', names)).toEqual(expected)
  })

  test.each([
    ['latest', 'fits none'],
    ['v1.2', 'two numbers in front, not three'],
    ['v01.2.3', '01 has a leading zero'],
    ['1.2.3-01', 'prerelease has a leading zero'],
    ['v1.2.3.4', 'four numbers'],
    ['vv1.2.3', 'fits none'],
    ['V1.2.3', 'fits none'],
    ['demo-1.2', 'two numbers'],
    ['v1.2.3-', 'is empty'],
    ['v1.2.3+a_b', '"a_b"'],
    [`v1.2.3-${'a'.repeat(250)}`, '256 characters'],
    ['v99999999999999999999.0.0', 'too large'],
  ])('%s is TAG_INVALID with the reason and a valid tag', (tag, why) => {
    expect(() => parseTag(tag, 'auto', ['demo'])).toThrow(
      expect.objectContaining({
        code: 'TAG_INVALID',
        message: expect.stringMatching(/valid tag looks like v1\.2\.3/),
      }),
    )
    expect(() => parseTag(tag, 'auto', ['demo'])).toThrow(why)
  })

  test('a tag that fits no chart says which charts and formats were tried', () => {
    expect(() => parseTag('app-1.2.3', 'auto', ['pcp', 'demo'])).toThrow(
      /Charts tried: demo, pcp\. Formats tried: .*\{chart\}-v\{version\}/,
    )
  })

  test('a tag that fits two charts names both', () => {
    expect(() => parseTag('a-1.0.0-2.0.0', 'auto', ['a', 'a-1.0.0'])).toThrow(
      expect.objectContaining({
        code: 'TAG_INVALID',
        message: expect.stringMatching(
          /a-1\.0\.0 at 2\.0\.0, and a at 1\.0\.0-2\.0\.0/,
        ),
      }),
    )
  })
})

describe('a template', () => {
  test.each([
    ['helm-chart-1.2.3', 'helm-chart-{version}', { version: '1.2.3' }],
    [
      'demo-chart-1.2.3',
      '{chart}-chart-{version}',
      { version: '1.2.3', chart: 'demo' },
    ],
    ['1.2.3/demo', '{version}/{chart}', { version: '1.2.3', chart: 'demo' }],
  ])('%s by %s', (tag, format, expected) => {
    expect(parseTag(tag, format, ['demo', 'other'])).toEqual(expected)
  })

  test.each(['v1.2.3', 'helm-chart-v1.2.3', 'helm-chart-'])(
    'refuses %s, and shows a tag of its form',
    (tag) => {
      expect(() => parseTag(tag, 'helm-chart-{version}', ['demo'])).toThrow(
        expect.objectContaining({
          code: 'TAG_INVALID',
          message: expect.stringContaining('looks like helm-chart-1.2.3'),
        }),
      )
    },
  )
})

test('only refs/tags/ is a tag', () => {
  expect(tagFromRef('refs/tags/demo/v1.2.3')).toBe('demo/v1.2.3')
  expect(tagFromRef('refs/heads/v1.2.3')).toBeUndefined()
})

test('the asked tag wins over that of the event; none at all is TAG_MISSING', () => {
  expect(chooseTag('v1.0.0', 'v2.0.0')).toBe('v1.0.0')
  expect(chooseTag(undefined, 'v2.0.0')).toBe('v2.0.0')
  expect(() => chooseTag(undefined, undefined)).toThrow(
    expect.objectContaining({ code: 'TAG_MISSING' }),
  )
})

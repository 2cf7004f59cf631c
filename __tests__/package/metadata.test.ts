import { describe, expect, test } from '@jest/globals'
import { readMetadata } from '../../src/package/metadata.ts'

function filesOf(
  texts: Readonly<Record<string, string>>,
): ReadonlyMap<string, Uint8Array> {
  return new Map(
    Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]),
  )
}

describe('readMetadata', () => {
  test('reads as Helm does: YAML 1.1, dates and 1:20 as text', () => {
    const files = filesOf({
      'demo/Chart.yaml':
        'apiVersion: v2\nname: demo\nkeywords: [2026-01-02, 1:20]\ndeprecated: yes\nversion: 1.0.0\n',
    })
    expect(readMetadata(files, 'demo')).toEqual({
      apiVersion: 'v2',
      name: 'demo',
      keywords: ['2026-01-02', '1:20'],
      deprecated: true,
      version: '1.0.0',
    })
  })

  test('a chart without apiVersion is v1, with its requirements', () => {
    const files = filesOf({
      'demo/Chart.yaml': 'name: demo\n',
      'demo/requirements.yaml': 'dependencies:\n- name: lib\n',
    })
    expect(readMetadata(files, 'demo')).toEqual({
      apiVersion: 'v1',
      name: 'demo',
      dependencies: [{ name: 'lib' }],
    })
  })

  test.each([
    {},
    { 'other/Chart.yaml': 'name: demo\n' },
    { 'demo/Chart.yaml': '- a list\n' },
    { 'demo/Chart.yaml': 'a: [\n' },
  ])('P11: %j is CHART_INVALID', (texts) => {
    expect(() => readMetadata(filesOf(texts), 'demo')).toThrow(
      expect.objectContaining({ code: 'CHART_INVALID' }),
    )
  })
})

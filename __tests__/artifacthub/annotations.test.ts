import { describe, expect, test } from '@jest/globals'
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkAnnotations } from '../../src/artifacthub/annotations.ts'
import { parseChart } from '../../src/charts/chart-file.ts'

function chartFile(annotations: Readonly<Record<string, string>>): string {
  const lines = Object.entries(annotations).map(
    ([name, value]) => `  artifacthub.io/${name}: ${JSON.stringify(value)}`,
  )
  return `apiVersion: v2\nname: demo\nversion: 1.2.3\nannotations:\n${lines.join('\n')}\n`
}

function check(text: string, file = 'demo/Chart.yaml') {
  const chart = parseChart(
    { directory: 'demo', chartFile: { file, text }, locked: false },
    { strictVersion: false, lint: false },
  )
  return checkAnnotations(chart, text)
}

describe('annotations that ArtifactHub takes', () => {
  test.each([
    ['category', 'networking'],
    ['category', 'skip-prediction'],
    ['changes', '- Fixed a thing\n- "Added: another"\n'],
    [
      'changes',
      '- kind: Added\n  description: x\n  links:\n    - name: y\n      url: https://example.com\n- description: no kind\n',
    ],
    ['changes', ''],
    ['changes', '- 2024\n- plain text\n'],
    [
      'images',
      '- image: localhost:5000/a_b/c-d:V1.0_x@sha256:' + 'a'.repeat(64),
    ],
    ['images', '- image: nginx\n- image: docker.io/library/nginx:1\n'],
    ['containsSecurityUpdates', 'true'],
    ['prerelease', 'F'],
    ['operator', '0'],
    ['operatorCapabilities', 'Full Lifecycle'],
    ['crds', '- kind: X\n  version: v1\n'],
    ['images', '- name: a\n  image: ghcr.io/a/b:1\n'],
    ['links', '- name: support\n  url: https://example.com\n'],
    ['maintainers', '- name: me\n  email: me@example.com\n'],
    ['recommendations', '- url: https://artifacthub.io/packages/helm/a/b\n'],
    ['screenshots', '- title: x\n  url: https://example.com/a.png\n'],
    ['signKey', 'fingerprint: ABC\nurl: https://example.com/key.asc\n'],
    ['license', 'anything'],
    ['made-up', '[what ever'],
  ])('%s: %j', (name, value) => {
    expect(check(chartFile({ [name]: value }))).toEqual([])
  })
})

describe('annotations that would drop the version', () => {
  test.each([
    ['category', 'web', /none of its values: ai-machine-learning, /],
    ['category', '', /none of its values/],
    ['changes', 'fixed a thing', /no YAML list/],
    ['changes', '- kind: mended\n  description: x\n', /"mended" is none of/],
    ['changes', '- kind: fixed\n', /no "description"/],
    ['changes', '- description: x\n  links:\n    - name: y\n', /no "url"/],
    ['changes', '- a\n- [b]\n', /item 2: it is no map, but a list/],
    ['changes', '- a: [\n', /no YAML/],
    ['containsSecurityUpdates', 'yes', /no boolean/],
    ['operator', '', /no boolean/],
    ['prerelease', 'TrUe', /no boolean/],
    ['operatorCapabilities', 'some', /basic install, /],
    ['crds', 'kind: X', /no YAML list/],
    ['changes', '- a\n- kind: fixed\n  description: b\n', /all in one way/],
    ['changes', '- ""\n', /item 1: it is empty/],
    ['images', '- name: a\n', /no "image"/],
    ['images', '- image: ghcr.io/Acme/demo:1\n', /"Acme\/demo" is no repo/],
    ['images', '- image: "a/b: 1"\n', /" 1" is no tag/],
    ['images', '- image: "{{ .Values.image }}"\n', /no image reference/],
    ['images', '- image: a/b@sha256:12\n', /no digest/],
    ['images', '- image: "a b.io/c"\n', /no host/],
    ['links', '- name: a\n  url: [x]\n', /"url" is a list/],
    ['maintainers', 'me', /no YAML list/],
    ['signKey', 'fingerprint: ABC\n', /no "url"/],
    ['signKey', 'https://example.com', /no map/],
  ])('%s: %j', (name, value, why) => {
    const [failure, ...others] = check(
      chartFile({ license: 'MIT', [name]: value }),
    )
    expect(others).toEqual([])
    expect(failure).toMatchObject({
      code: 'METADATA_INVALID',
      message: expect.stringMatching(why),
      at: { file: 'demo/Chart.yaml', line: 6 },
    })
  })

  test('are told all at once', () => {
    const text = chartFile({ category: 'web', prerelease: 'no', crds: 'x' })
    expect(check(text).map(({ at }) => at?.line)).toEqual([5, 7, 6])
  })
})

const corpus = path.resolve(import.meta.dirname, '../../../shared/corpus')

if (existsSync(corpus))
  describe('charts that ArtifactHub lists', () => {
    const files = globSync('{charts,pcp}/**/Chart.yaml', { cwd: corpus })

    test.each(files)('%s passes', (file) => {
      expect(
        check(readFileSync(path.join(corpus, file), 'utf8'), file),
      ).toEqual([])
    })
  })

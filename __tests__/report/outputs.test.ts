import { describe, expect, test } from '@jest/globals'
import { outputsOf } from '../../src/report/outputs.ts'
import {
  manifestDigest,
  oci,
  openContext,
  packageDigest,
  pages,
  receiptOf,
  release,
} from '../../testing/receipts.ts'

const throughPages =
  'helm repo add repo https://owner.github.io/repo && helm install demo repo/demo --version 1.2.3'

describe('the outputs', () => {
  test('name the first chart, its references and the shortest command', () => {
    const receipts = [receiptOf([oci, release, pages])]
    expect(outputsOf(receipts, openContext)).toEqual({
      released: 'true',
      name: 'demo',
      version: '1.2.3',
      'app-version': '7.0',
      package: '/tmp/demo-1.2.3.tgz',
      digest: packageDigest,
      'oci-reference': oci.reference,
      'oci-digest': manifestDigest,
      'release-url': release.target,
      'package-url': release.reference,
      'index-url': pages.target,
      'install-command':
        'helm install demo oci://ghcr.io/owner/repo/demo --version 1.2.3',
      charts: JSON.stringify(receipts),
    })
  })

  test('released is false when everything was there already', () => {
    const receipts = [
      receiptOf([
        { ...oci, status: 'unchanged', detail: 'added: alias v1.2.3' },
        { ...release, status: 'unchanged' },
      ]),
    ]
    expect(outputsOf(receipts, openContext).released).toBe('false')
  })

  test('the install command leaves out a registry that strangers may not pull from', () => {
    const receipts = [receiptOf([oci, release, pages])]
    expect(
      outputsOf(receipts, {
        ...openContext,
        privateRegistries: new Set(['ghcr.io/owner/repo']),
      })['install-command'],
    ).toBe(throughPages)
  })

  test('P9: the install command is one that works, else one that will, else none', () => {
    const command = (...receipts: Parameters<typeof receiptOf>[0]): string =>
      outputsOf([receiptOf(receipts)], openContext)['install-command']
    expect(command({ ...oci, verified: 'broken' }, pages)).toBe(throughPages)
    expect(
      command(
        { ...oci, verified: 'broken' },
        { ...pages, verified: 'pending' },
      ),
    ).toBe(throughPages)
    expect(
      command(
        { ...oci, verified: 'pending' },
        { ...pages, verified: 'skipped' },
      ),
    ).toBe(throughPages)
    expect(command({ ...oci, verified: 'broken' })).toBe('')
  })

  test('without a chart every output but released and charts is empty', () => {
    const { released, charts, ...rest } = outputsOf([], openContext)
    expect({ released, charts }).toEqual({ released: 'false', charts: '[]' })
    expect(new Set(Object.values(rest))).toEqual(new Set(['']))
  })
})

import { describe, expect, test } from '@jest/globals'
import { ReleaseError } from '../../src/errors.ts'
import type { PublicationReceipt, Receipt } from '../../src/model.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { renderSummary } from '../../src/report/summary.ts'
import type { InstallContext } from '../../src/report/install.ts'

const digest = `sha256:${'a'.repeat(64)}` as const

const oci: PublicationReceipt = {
  channel: 'oci',
  target: 'oci://ghcr.io/owner/repo/demo',
  reference: 'ghcr.io/owner/repo/demo:1.2.3',
  digest: `sha256:${'b'.repeat(64)}`,
  aliases: ['v1.2.3'],
  status: 'published',
  verified: 'skipped',
}
const release: PublicationReceipt = {
  channel: 'github-release',
  target: 'https://github.com/owner/repo/releases/tag/v1.2.3',
  reference:
    'https://github.com/owner/repo/releases/download/v1.2.3/demo-1.2.3.tgz',
  digest,
  status: 'unchanged',
  verified: 'skipped',
}
const pages: PublicationReceipt = {
  channel: 'pages',
  target: 'https://owner.github.io/repo/index.yaml',
  reference: release.reference,
  digest,
  status: 'published',
  verified: 'skipped',
}

function receiptOf(
  publications: readonly PublicationReceipt[],
  more: Partial<Receipt> = {},
): Receipt {
  return {
    name: 'demo',
    version: '1.2.3',
    appVersion: '7.0',
    tag: 'v1.2.3',
    directory: 'demo',
    package: {
      path: '/tmp/demo-1.2.3.tgz',
      digest,
      size: 512,
      provenance: null,
    },
    publications,
    ...more,
  }
}

const open: InstallContext = {
  repositoryName: 'repo',
  libraries: new Set(),
  privateRegistries: new Set(),
}

function summaryOf(
  receipts: readonly Receipt[],
  context: InstallContext = open,
): string {
  return renderSummary({ receipts, leftOut: [], failures: [], context })
}

describe('the job summary', () => {
  test('shows a table with every channel, and the install commands, OCI first', () => {
    const summary = summaryOf([receiptOf([release, pages, oci])])
    expect(summary).toContain(
      `| OCI registry | <code>ghcr.io/owner/repo/demo:1.2.3</code> | <code>${oci.digest}</code> | published |`,
    )
    expect(summary).toContain('| GitHub Release |')
    expect(summary).toContain('| Helm repository |')
    const commands = [
      'helm install demo oci://ghcr.io/owner/repo/demo --version 1.2.3',
      'helm repo add repo https://owner.github.io/repo\nhelm install demo repo/demo --version 1.2.3',
      `helm install demo ${release.reference}`,
    ].map((command) => summary.indexOf(command))
    expect(commands.every((at) => at > 0)).toBe(true)
    expect(commands).toEqual(commands.toSorted((a, b) => a - b))
  })

  test('offers no command for a channel that does not serve the version', () => {
    const summary = summaryOf([
      receiptOf([{ ...oci, status: 'failed', detail: 'it is down' }, release]),
    ])
    expect(summary).toContain('failed: it is down')
    expect(summary).not.toContain('oci://ghcr.io/owner/repo/demo --version')
  })

  test('a library chart is pulled, for it cannot be installed', () => {
    const summary = summaryOf([receiptOf([oci])], {
      ...open,
      libraries: new Set(['demo']),
    })
    expect(summary).toContain('helm pull oci://ghcr.io/owner/repo/demo')
    expect(summary).not.toContain('helm install')
  })

  test('P11: values from the repository stay text', () => {
    const hostile = '<img src=x onerror=1> | `a` [b](http://evil) @team\n# c'
    const summary = renderSummary({
      receipts: [
        receiptOf([{ ...oci, status: 'failed', detail: hostile }], {
          name: hostile,
        }),
      ],
      leftOut: [{ name: hostile, reason: hostile }],
      failures: [new ReleaseError('CHART_INVALID', hostile)],
      context: open,
    })
    expect(summary).not.toContain('<img')
    expect(summary).not.toContain('](http')
    expect(summary).not.toMatch(/(^|[^&;\w])@team/)
    expect(summary).not.toMatch(/^# c/m)
    for (const line of summary.split('\n').filter((one) => one.startsWith('|')))
      expect(line.replaceAll(String.raw`\|`, '').match(/\|/g)).toHaveLength(5)
  })
})

describe('the outputs', () => {
  test('name the first chart, its references and the shortest command', () => {
    const receipts = [receiptOf([oci, release, pages])]
    expect(outputsOf(receipts, open)).toMatchObject({
      released: 'true',
      name: 'demo',
      version: '1.2.3',
      'app-version': '7.0',
      digest,
      'oci-reference': oci.reference,
      'oci-digest': oci.digest,
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
        release,
      ]),
    ]
    expect(outputsOf(receipts, open).released).toBe('false')
  })

  test('the install command leaves out a registry that strangers may not pull from', () => {
    const receipts = [receiptOf([oci, release, pages])]
    expect(
      outputsOf(receipts, {
        ...open,
        privateRegistries: new Set(['ghcr.io/owner/repo']),
      })['install-command'],
    ).toBe(
      'helm repo add repo https://owner.github.io/repo && helm install demo repo/demo --version 1.2.3',
    )
  })

  test('without a chart every output but released and charts is empty', () => {
    const { released, charts, ...rest } = outputsOf([], open)
    expect({ released, charts }).toEqual({ released: 'false', charts: '[]' })
    expect(new Set(Object.values(rest))).toEqual(new Set(['']))
  })
})

import { describe, expect, test } from '@jest/globals'
import { ReleaseError } from '../../src/errors.ts'
import type { PublicationReceipt } from '../../src/model.ts'
import type { Outcome } from '../../src/report/outcome.ts'
import { renderSummary } from '../../src/report/summary.ts'
import {
  manifestDigest,
  nothingIn,
  oci,
  openContext,
  outcomeOf,
  packageDigest,
  pages,
  receiptOf,
  release,
  troubled,
} from '../../testing/receipts.ts'

const settings =
  'https://github.com/orgs/owner/packages/container/repo%2Fdemo/settings'
const privately = troubled(oci, {
  verified: 'broken',
  reason: 'The package is private.',
  remedy: `Open ${settings}, and make it public.`,
})

/** The cells of every table, without its head. */
function tablesOf(markdown: string): string[][][] {
  return [...markdown.matchAll(/^\|.*\n\| --- .*\n((?:\|.*(?:\n|$))*)/gm)].map(
    ([, rows = '']) =>
      rows
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(2, -2).split(' | ')),
  )
}

/** One row a channel: its name and its state. */
function statesOf(...publications: readonly PublicationReceipt[]): string[][] {
  return (
    tablesOf(renderSummary(outcomeOf([receiptOf(publications)])))[0] ?? []
  ).map((cells) => cells.slice(0, 2))
}

describe('the job summary', () => {
  test('is one page: sentence, chart, table, commands, package', () => {
    expect(
      renderSummary(
        outcomeOf([
          receiptOf([oci, release, pages], {
            package: {
              path: '/tmp/demo-1.2.3.tgz',
              digest: packageDigest,
              size: 5142,
              provenance: '/tmp/demo-1.2.3.tgz.prov',
            },
          }),
        ]),
      ),
    )
      .toBe(`## ✔ demo 1.2.3 is released: a stranger can install it from all 3 channels

### demo 1.2.3, app version 7.0

| Channel | State | Where | Digest |
| --- | --- | --- | --- |
| OCI registry | ✔\u00a0installable, published | <code>ghcr.io/owner/repo/demo:1.2.3</code>, also <code>v1.2.3</code> | <code>sha256:bbbbbbbbbbbb…</code> |
| GitHub Release | ✔\u00a0installable, published | [v1.2.3](${release.target}), [demo-1.2.3.tgz](${release.reference}) | <code>sha256:aaaaaaaaaaaa…</code> |
| Helm repository | ✔\u00a0installable, published | [owner.github.io/repo/index.yaml](${pages.target}) | <code>sha256:aaaaaaaaaaaa…</code> |

#### Install

From the OCI registry:

\`\`\`sh
helm install demo oci://ghcr.io/owner/repo/demo --version 1.2.3
\`\`\`

From the Helm repository:

\`\`\`sh
helm repo add repo https://owner.github.io/repo
helm install demo repo/demo --version 1.2.3
\`\`\`

By direct download:

\`\`\`sh
helm install demo ${release.reference}
\`\`\`

#### Package

<code>demo-1.2.3.tgz</code>, 5,142 bytes, tag <code>v1.2.3</code>, signed, with the provenance file <code>demo-1.2.3.tgz.prov</code>.

- Package, GitHub Release, Helm repository: <code>${packageDigest}</code>
- OCI registry (manifest): <code>${manifestDigest}</code>
`)
  })

  test('every state has its sign and its words', () => {
    const skipped = { verified: 'skipped' } as const
    expect(
      statesOf(
        oci,
        { ...release, verified: 'pending', status: 'unchanged' },
        { ...pages, verified: 'broken' },
      ),
    ).toEqual([
      ['OCI registry', '✔\u00a0installable, published'],
      ['GitHub Release', '●\u00a0pending, unchanged'],
      ['Helm repository', '✖\u00a0broken, published'],
    ])
    expect(
      statesOf(
        { ...oci, ...skipped },
        { ...release, ...skipped, status: 'conflict' },
        { ...pages, ...skipped, status: 'failed' },
      ),
    ).toEqual([
      ['OCI registry', '○\u00a0published, not verified'],
      ['GitHub Release', '✖\u00a0conflict'],
      ['Helm repository', '✖\u00a0failed'],
    ])
    expect(
      statesOf(
        { ...oci, ...skipped, status: 'planned' },
        { ...release, ...skipped, status: 'unknown' },
        { ...pages, ...skipped, status: 'proposed' },
      ),
    ).toEqual([
      ['OCI registry', '○\u00a0planned'],
      ['GitHub Release', '○\u00a0unknown'],
      ['Helm repository', '●\u00a0proposed'],
    ])
  })

  test('P9: what a stranger meets and what to do stand there once, with the link', () => {
    const summary = renderSummary(
      outcomeOf([receiptOf([privately.publication, release, pages])], {
        attention: [privately.attention],
        failures: privately.failures,
      }),
    )
    expect(summary).toContain(
      [
        '> [!CAUTION]',
        '> **✖ OCI registry: a stranger cannot install it** (`VERIFY_BROKEN`)',
        '>',
        '> The package is private.',
        '>',
        `> **What to do:** Open [${settings}](${settings}), and make it public.`,
      ].join('\n'),
    )
    expect(summary.split('The package is private.')).toHaveLength(2)
    expect(summary).not.toContain('What failed')
  })

  test('P9: a command that does not work is not offered', () => {
    const summary = renderSummary(
      outcomeOf([receiptOf([privately.publication, release, pages])], {
        attention: [privately.attention],
        failures: privately.failures,
      }),
    )
    expect(summary).not.toContain('helm install demo oci://')
    expect(summary).toContain(
      'Not from the OCI registry, until that is put right.',
    )
    expect(summary).toContain('helm install demo repo/demo --version 1.2.3')
  })

  test('P9: a command that will work comes after those that do, and says so', () => {
    const late = troubled(oci, {
      verified: 'pending',
      reason: 'The registry limits the rate.',
      remedy: 'Re-run this job.',
    })
    const summary = renderSummary(
      outcomeOf([receiptOf([late.publication, release])], {
        attention: [late.attention],
      }),
    )
    expect(summary).toContain(
      '> [!WARNING]\n> **● OCI registry: a stranger cannot install it yet**\n>',
    )
    const commands = [
      'By direct download:',
      'From the OCI registry, once it is served:',
    ].map((label) => summary.indexOf(label))
    expect(commands.every((at) => at > 0)).toBe(true)
    expect(commands).toEqual(commands.toSorted((one, two) => one - two))
  })

  test('a broken optional channel is told as one', () => {
    const optional = troubled(
      oci,
      { verified: 'broken', reason: 'Private.', remedy: 'Open it.' },
      { optional: true },
    )
    expect(
      renderSummary(
        outcomeOf([receiptOf([optional.publication, release])], {
          attention: [optional.attention],
        }),
      ),
    ).toContain('cannot install it** (optional: the run goes on)')
  })

  test('what else was done in a channel with trouble is told without the trouble', () => {
    const added = troubled(
      { ...oci, status: 'unchanged', detail: 'added: alias v1.2.3' },
      { verified: 'broken', reason: 'Private.', remedy: 'Open it.' },
    )
    const summary = renderSummary(
      outcomeOf([receiptOf([added.publication])], {
        attention: [added.attention],
        failures: added.failures,
      }),
    )
    expect(summary).toMatch(/^- OCI registry: added: alias v1\.2\.3$/m)
  })

  test('P9: that it took credentials is told, and where to log in', () => {
    const detail = 'pulled with credentials: strangers cannot'
    const summary = renderSummary(
      outcomeOf([receiptOf([{ ...oci, detail }, release])], {
        context: {
          ...openContext,
          privateRegistries: new Set(['ghcr.io/owner/repo']),
        },
      }),
    )
    expect(summary).toMatch(new RegExp(`^- OCI registry: ${detail}$`, 'm'))
    expect(summary).toContain('after <code>helm registry login ghcr.io</code>')
  })

  test('failures come before the charts, each once', () => {
    const message = 'The branch refuses the commit.'
    const summary = renderSummary(
      outcomeOf([receiptOf([oci, nothingIn(pages, 'failed', message)])], {
        failures: [new ReleaseError('PAGES_REJECTED', message)],
      }),
    )
    expect(summary).toContain(`- **PAGES_REJECTED**: ${message}`)
    expect(summary.split(message)).toHaveLength(2)
    expect(summary.indexOf(message)).toBeLessThan(summary.indexOf('### demo'))
  })

  test('why an optional channel failed is told, since nothing else tells it', () => {
    expect(
      renderSummary(
        outcomeOf([receiptOf([nothingIn(oci, 'failed', 'it is down'), pages])]),
      ),
    ).toMatch(/^- OCI registry: it is down$/m)
  })

  test('lines of a message that are to be copied stay lines', () => {
    expect(
      renderSummary(
        outcomeOf([], {
          failures: [
            new ReleaseError('TAG_MISMATCH', 'Give it\n  with:\n    ref: v1'),
          ],
        }),
      ),
    ).toContain(
      '- **TAG_MISMATCH**: Give it\n\n  ```\n    with:\n      ref: v1\n  ```',
    )
  })

  test('charts that the tag left out are named', () => {
    expect(
      renderSummary(
        outcomeOf([], { leftOut: [{ name: 'other', reason: 'it is 2.0.0' }] }),
      ),
    ).toContain('### Left out by this tag\n\n- **other**: it is 2.0.0')
  })

  test('each of several charts has its own sign, table and package', () => {
    const summary = renderSummary(
      outcomeOf(
        [
          receiptOf([privately.publication, release, pages]),
          receiptOf([oci, release, pages], { name: 'other', appVersion: null }),
        ],
        { attention: [privately.attention], failures: privately.failures },
      ),
    )
    expect(summary.match(/^### .*/gm)).toEqual([
      '### ✖ demo 1.2.3, app version 7.0',
      '### ✔ other 1.2.3',
    ])
    expect(tablesOf(summary)).toHaveLength(2)
    expect(summary.match(/^#### .*/gm)).toEqual([
      '#### Install',
      '#### Package',
      '#### Install',
      '#### Package',
    ])
    expect(summary.match(/^> \[!/gm)).toHaveLength(1)
  })

  test('a library chart is to be pulled', () => {
    expect(
      renderSummary(
        outcomeOf([receiptOf([oci])], {
          context: { ...openContext, libraries: new Set(['demo']) },
        }),
      ),
    ).toContain('#### Pull')
  })
})

const hostile = [
  '<img src=x onerror=alert(1)> </code></details> | `a` **b** $c$',
  '[d](javascript:alert(1)) ![e](https://evil.example/e.png) @owner/team',
  'a@evil.example www.evil.example http://me@evil.example/ \u001b[31m \u202e',
  '',
  '# f',
  '| g | h |',
  '| --- | --- |',
  '```\r```` \u001b[31m\u202e',
  '> [!NOTE]',
].join('\n')

/** A chart of which every value is hostile. */
function hostileOutcome(): Outcome {
  const trouble = troubled(
    { ...oci, reference: hostile, target: hostile, aliases: [hostile] },
    { verified: 'broken', reason: hostile, remedy: hostile },
    { name: hostile, version: hostile },
  )
  return outcomeOf(
    [
      receiptOf(
        [
          trouble.publication,
          {
            ...release,
            target: 'javascript:alert(1)',
            reference: `https://a.example/${hostile}`,
            detail: hostile,
          },
          nothingIn(pages, 'failed', hostile),
        ],
        {
          name: hostile,
          version: hostile,
          appVersion: hostile,
          tag: hostile,
        },
      ),
    ],
    {
      attention: [trouble.attention],
      failures: [
        ...trouble.failures,
        new ReleaseError('CHART_INVALID', hostile),
      ],
      leftOut: [{ name: hostile, reason: hostile }],
    },
  )
}

/** Without the fenced blocks, in which everything is text. */
function outsideCode(markdown: string): string {
  return markdown.replaceAll(/^( *)(`{3,})[^`\n]*\n[^]*?\n\1\2$/gm, '')
}

describe('P11: hostile values in the job summary', () => {
  const summary = renderSummary(hostileOutcome())
  const open = outsideCode(summary)

  test('add no heading, no table, no cell, no alert', () => {
    expect(open.match(/^#+ /gm)).toEqual([
      '## ',
      '### ',
      '### ',
      '#### ',
      '#### ',
      '### ',
    ])
    expect(tablesOf(open)).toHaveLength(1)
    for (const line of open.split('\n').filter((one) => one.startsWith('|')))
      expect(line.replaceAll(/\\./g, '').match(/\|/g)).toHaveLength(5)
    expect(open.match(/^> \[!.*/gm)).toEqual(['> [!CAUTION]'])
  })

  test('add no tag of their own', () => {
    const tags = new Set(open.match(/<[^>]*>?/g))
    expect(tags).toEqual(new Set(['<code>', '</code>', '<wbr>']))
    expect(open.match(/<code>/g)).toHaveLength(
      open.match(/<\/code>/g)?.length ?? -1,
    )
  })

  test('add no link but to the http(s) address that it shows, and no image', () => {
    const links = [
      ...open.matchAll(/(!?)(?<!\\)\[((?:\\.|[^\]\\])*)\]\(([^)]*)\)/g),
    ]
    expect(links.length).toBeGreaterThan(0)
    for (const [, , label = '', url = ''] of links) {
      expect(url).toMatch(/^https?:\/\/[\w.-]+\//)
      expect(label.replaceAll('\\', '')).toBe(url)
    }
    expect(open.replaceAll(/\\./g, '')).not.toMatch(/!\[/)
  })

  test('add no mention, no address, no formula and no control character', () => {
    expect(open).not.toMatch(/@(?!<wbr>)/)
    const unlinked = open.replaceAll(/(?<!\\)\[[^\]]*\]\(http[^)]*\)/g, '')
    expect(unlinked).not.toContain('://')
    expect(unlinked).not.toMatch(/www\./)
    expect(open).not.toMatch(/(?<!\\)\$/)
    expect(summary.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
  })
})

describe('a summary that is too large for GitHub', () => {
  test('is cut between its parts, and says how many are missing', () => {
    const failures = Array.from(
      { length: 400 },
      (_, at) =>
        new ReleaseError('CHART_INVALID', `${at}: ${'<'.repeat(5000)}`),
    )
    const summary = renderSummary(outcomeOf([receiptOf([oci])], { failures }))
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024)
    const items = summary.match(/^- \*\*CHART_INVALID\*\*: \d+: (&lt;)+…$/gm)
    // The page of the chart is small enough to be kept.
    expect(summary).toContain('#### Package')
    expect(summary).toContain(
      `**${400 - (items?.length ?? 0)} more parts of this page are left out**`,
    )
  })

  test('forty charts that fail with long messages fit whole', () => {
    const message = 'It failed because of this and that. '.repeat(500)
    const receipts = Array.from({ length: 40 }, (_, at) =>
      receiptOf([nothingIn(oci, 'failed', message)], { name: `chart-${at}` }),
    )
    const failures = receipts.map(
      () => new ReleaseError('REGISTRY_FAILED', message),
    )
    const summary = renderSummary(outcomeOf(receipts, { failures }))
    expect(summary.match(/^### chart-|^### ✖ chart-/gm)).toHaveLength(40)
    expect(summary).not.toContain('left out')
  })
})

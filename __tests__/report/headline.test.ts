import { describe, expect, test } from '@jest/globals'
import { ReleaseError } from '../../src/errors.ts'
import { renderHeadline } from '../../src/report/headline.ts'
import {
  nothingIn,
  oci,
  outcomeOf,
  pages,
  receiptOf,
  release,
  troubled,
} from '../../testing/receipts.ts'

const all = [oci, release, pages]
const down = new ReleaseError('PAGES_FAILED', 'it is down')
const privately = troubled(oci, {
  verified: 'broken',
  reason: 'The package is private.',
  remedy: 'Make it public.',
})
const late = troubled(pages, {
  verified: 'pending',
  reason: 'Pages does not serve it.',
  remedy: 'Re-run this job.',
})

describe('the headline', () => {
  test('P9: claims a release only when a stranger can install it', () => {
    expect(renderHeadline(outcomeOf([receiptOf(all)]))).toBe(
      '✔ demo 1.2.3 is released: a stranger can install it from all 3 channels',
    )
  })

  test('names the channels when there are one or two', () => {
    expect(renderHeadline(outcomeOf([receiptOf([oci])]))).toBe(
      '✔ demo 1.2.3 is released: a stranger can install it from the OCI registry',
    )
    expect(renderHeadline(outcomeOf([receiptOf([oci, pages])]))).toBe(
      '✔ demo 1.2.3 is released: a stranger can install it from the OCI registry and the Helm repository',
    )
  })

  test('tells a release that was there already', () => {
    const unchanged = all.map((one) =>
      Object.assign({}, one, { status: 'unchanged' as const }),
    )
    expect(renderHeadline(outcomeOf([receiptOf(unchanged)]))).toBe(
      '✔ demo 1.2.3 was already released, unchanged: a stranger can install it from all 3 channels',
    )
  })

  test('P9: names the channel that a stranger cannot install from', () => {
    expect(
      renderHeadline(
        outcomeOf([receiptOf([privately.publication, release, pages])], {
          attention: [privately.attention],
          failures: privately.failures,
        }),
      ),
    ).toBe(
      '✖ demo 1.2.3 is published, but a stranger cannot install it from the OCI registry',
    )
  })

  test('P9: tells apart what is broken and what is not served yet', () => {
    expect(
      renderHeadline(
        outcomeOf([receiptOf([oci, release, late.publication])], {
          attention: [late.attention],
        }),
      ),
    ).toBe(
      '● demo 1.2.3 is released, but a stranger cannot install it from the Helm repository yet',
    )
    expect(
      renderHeadline(
        outcomeOf(
          [receiptOf([privately.publication, release, late.publication])],
          {
            attention: [privately.attention, late.attention],
            failures: privately.failures,
          },
        ),
      ),
    ).toBe(
      '✖ demo 1.2.3 is published, but a stranger cannot install it from the OCI registry, and not yet from the Helm repository',
    )
  })

  test('P9: does not speak of strangers where it took credentials', () => {
    expect(
      renderHeadline(
        outcomeOf([receiptOf([{ ...oci, access: 'credentials' }])]),
      ),
    ).toBe(
      '✔ demo 1.2.3 is released and can be installed from the OCI registry: see the notes',
    )
  })

  test('P9: does not claim what nobody verified', () => {
    const skipped = all.map((one) =>
      Object.assign({}, one, { verified: 'skipped' as const }),
    )
    expect(renderHeadline(outcomeOf([receiptOf(skipped)]))).toBe(
      '○ demo 1.2.3 is released; that a stranger can install it was not verified',
    )
  })

  test('counts the channels when an optional one failed', () => {
    expect(
      renderHeadline(
        outcomeOf([
          receiptOf([nothingIn(oci, 'failed', 'down'), release, pages]),
        ]),
      ),
    ).toBe(
      '✔ demo 1.2.3 is released: a stranger can install it from 2 of 3 channels',
    )
  })

  test('an optional failure does not hide what made the run fail', () => {
    const optional = { ...oci, target: 'oci://quay.io/owner/demo' }
    expect(
      renderHeadline(
        outcomeOf(
          [
            receiptOf([
              privately.publication,
              { ...nothingIn(optional, 'failed', 'down') },
            ]),
          ],
          { attention: [privately.attention], failures: privately.failures },
        ),
      ),
    ).toMatch(/but a stranger cannot install it/)
  })

  test('tells a release in part, and what failed', () => {
    expect(
      renderHeadline(
        outcomeOf(
          [receiptOf([oci, release, nothingIn(pages, 'failed', 'it is down')])],
          { failures: [down] },
        ),
      ),
    ).toBe('✖ demo 1.2.3 is released only in part: the Helm repository failed')
  })

  test('tells a failure that no channel shows', () => {
    expect(
      renderHeadline(
        outcomeOf([receiptOf(all)], {
          failures: [new ReleaseError('VERIFY_BROKEN', 'Helm cannot read it')],
        }),
      ),
    ).toBe('✖ demo 1.2.3 is published, but the run failed')
  })

  test('tells that nothing was released, and why when the version is taken', () => {
    const failed = receiptOf([nothingIn(oci, 'failed', 'x')])
    const taken = receiptOf([nothingIn(oci, 'conflict', 'x')], {
      name: 'other',
    })
    expect(renderHeadline(outcomeOf([]))).toBe('○ Nothing was released')
    expect(renderHeadline(outcomeOf([], { failures: [down] }))).toBe(
      '✖ Nothing was released',
    )
    expect(renderHeadline(outcomeOf([failed], { failures: [down] }))).toBe(
      '✖ Nothing was released',
    )
    expect(
      renderHeadline(outcomeOf([failed, taken], { failures: [down] })),
    ).toBe(
      '✖ Nothing was released: other 1.2.3 is published already, with other content',
    )
  })

  test('tells a dry run and a pull request from a release', () => {
    const planned = all.map((one) =>
      Object.assign({}, one, {
        status: 'planned' as const,
        verified: 'skipped' as const,
      }),
    )
    expect(renderHeadline(outcomeOf([receiptOf(planned)]))).toBe(
      '○ demo 1.2.3 would be released to the OCI registry, the GitHub Release and the Helm repository (dry run)',
    )
    expect(
      renderHeadline(
        outcomeOf([
          receiptOf([
            { ...oci, status: 'unknown', verified: 'skipped' },
            { ...pages, status: 'planned', verified: 'skipped' },
          ]),
        ]),
      ),
    ).toBe(
      '○ demo 1.2.3 would be released to the Helm repository, could not be looked up in the OCI registry (dry run)',
    )
    expect(
      renderHeadline(
        outcomeOf([
          receiptOf([
            oci,
            { ...pages, status: 'proposed', verified: 'skipped' },
          ]),
        ]),
      ),
    ).toBe(
      '● demo 1.2.3 is released; the Helm repository waits for its pull request to be merged',
    )
  })

  test('tells charts with the same fate together, the worst first', () => {
    const named = (name: string): ReturnType<typeof receiptOf> =>
      receiptOf(all, { name })
    expect(renderHeadline(outcomeOf([named('a'), named('b')]))).toBe(
      '✔ a 1.2.3 and b 1.2.3 are released: a stranger can install them from all 3 channels',
    )
    expect(
      renderHeadline(
        outcomeOf(
          [
            ...['a', 'b', 'c', 'd'].map((name) => named(name)),
            receiptOf([privately.publication, release, pages]),
          ],
          { attention: [privately.attention], failures: privately.failures },
        ),
      ),
    ).toBe(
      '✖ demo 1.2.3 is published, but a stranger cannot install it from the OCI registry; 4 charts are released: a stranger can install them from all 3 channels',
    )
  })

  test('tells two registries on one host apart by their paths', () => {
    const nightly = { ...oci, target: 'oci://ghcr.io/owner/nightly/demo' }
    expect(renderHeadline(outcomeOf([receiptOf([oci, nightly])]))).toBe(
      '✔ demo 1.2.3 is released: a stranger can install it from the OCI registry ghcr.io/owner/repo and the OCI registry ghcr.io/owner/nightly',
    )
  })

  test('does not take what was added for a word about credentials', () => {
    const added = { ...oci, status: 'unchanged' as const, detail: 'added: x' }
    expect(renderHeadline(outcomeOf([receiptOf([added])]))).toContain(
      'a stranger can install it',
    )
  })

  test('tells two registries apart by their hosts', () => {
    const quay = { ...oci, target: 'oci://quay.io/owner/demo' }
    expect(renderHeadline(outcomeOf([receiptOf([oci, quay])]))).toBe(
      '✔ demo 1.2.3 is released: a stranger can install it from the OCI registry ghcr.io and the OCI registry quay.io',
    )
  })
})

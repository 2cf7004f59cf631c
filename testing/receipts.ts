import { ReleaseError } from '../src/errors.ts'
import type { PublicationReceipt, Receipt, Verification } from '../src/model.ts'
import type { InstallContext } from '../src/report/install.ts'
import type { Attention, Outcome } from '../src/report/outcome.ts'

export const packageDigest = `sha256:${'a'.repeat(64)}` as const
export const manifestDigest = `sha256:${'b'.repeat(64)}` as const

/** A chart named `demo`, found installable in every channel. */
export const oci: PublicationReceipt = {
  channel: 'oci',
  target: 'oci://ghcr.io/owner/repo/demo',
  reference: 'ghcr.io/owner/repo/demo:1.2.3',
  digest: manifestDigest,
  aliases: ['v1.2.3'],
  status: 'published',
  verified: 'installable',
}
export const release: PublicationReceipt = {
  channel: 'github-release',
  target: 'https://github.com/owner/repo/releases/tag/v1.2.3',
  reference:
    'https://github.com/owner/repo/releases/download/v1.2.3/demo-1.2.3.tgz',
  digest: packageDigest,
  status: 'published',
  verified: 'installable',
}
export const pages: PublicationReceipt = {
  channel: 'pages',
  target: 'https://owner.github.io/repo/index.yaml',
  reference: release.reference,
  digest: packageDigest,
  status: 'published',
  verified: 'installable',
}

/** What `publish` says of a channel that it did nothing in. */
export function nothingIn(
  { channel }: PublicationReceipt,
  status: 'failed' | 'conflict',
  detail: string,
): PublicationReceipt {
  return {
    channel,
    target: channel === 'oci' ? 'oci://ghcr.io/owner/repo' : 'gh-pages',
    reference: '',
    digest: null,
    status,
    verified: 'skipped',
    detail,
  }
}

export function receiptOf(
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
      digest: packageDigest,
      size: 5142,
      provenance: null,
    },
    publications,
    ...more,
  }
}

export const openContext: InstallContext = {
  repositoryName: 'repo',
  libraries: new Set(),
  privateRegistries: new Set(),
}

export function outcomeOf(
  receipts: readonly Receipt[],
  more: Partial<Outcome> = {},
): Outcome {
  return {
    receipts,
    leftOut: [],
    failures: [],
    attention: [],
    remarks: [],
    context: openContext,
    ...more,
  }
}

type Trouble = Exclude<Verification, { readonly verified: 'installable' }>

/** What verifying makes of a publication that a stranger cannot install. */
export function troubled(
  publication: PublicationReceipt,
  verification: Trouble,
  { name = 'demo', version = '1.2.3', optional = false } = {},
): {
  readonly publication: PublicationReceipt
  readonly attention: Attention
  readonly failures: readonly ReleaseError[]
} {
  const { verified, reason, remedy } = verification
  const after: PublicationReceipt = {
    ...publication,
    verified,
    detail: [publication.detail, `${reason} ${remedy}`]
      .filter((detail) => detail !== undefined)
      .join('; '),
  }
  const failures =
    verified === 'broken' && !optional
      ? [new ReleaseError('VERIFY_BROKEN', `${name}. ${reason} ${remedy}`)]
      : []
  return {
    publication: after,
    failures,
    attention: {
      name,
      version,
      publication: after,
      verification,
      ...(failures[0] === undefined ? {} : { failure: failures[0] }),
    },
  }
}

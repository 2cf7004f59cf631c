import type { ChannelKind, PublicationReceipt, Receipt } from '../model.ts'
import { shortestCommand, type InstallContext } from './install.ts'

/** The outputs of the action, as in `action.yml`. */
export const outputNames = [
  'released',
  'charts',
  'name',
  'version',
  'app-version',
  'package',
  'digest',
  'oci-reference',
  'oci-digest',
  'release-url',
  'package-url',
  'index-url',
  'install-command',
] as const

export type OutputName = (typeof outputNames)[number]

/** The value of every output; what does not apply is empty. */
export function outputsOf(
  receipts: readonly Receipt[],
  context: InstallContext,
): Readonly<Record<OutputName, string>> {
  const receipt = receipts[0]
  const through = (kind: ChannelKind): PublicationReceipt | undefined =>
    receipt?.publications.find(
      ({ channel, status }) =>
        channel === kind && (status === 'published' || status === 'unchanged'),
    )
  const oci = through('oci')
  const release = through('github-release')
  return {
    released: String(
      receipts.some(({ publications }) =>
        publications.some(({ status }) => status === 'published'),
      ),
    ),
    charts: JSON.stringify(receipts),
    name: receipt?.name ?? '',
    version: receipt?.version ?? '',
    'app-version': receipt?.appVersion ?? '',
    package: receipt?.package.path ?? '',
    digest: receipt?.package.digest ?? '',
    'oci-reference': oci?.reference ?? '',
    'oci-digest': oci?.digest ?? '',
    'release-url': release?.target ?? '',
    'package-url': release?.reference ?? '',
    'index-url': through('pages')?.target ?? '',
    'install-command':
      receipt === undefined ? '' : shortestCommand(receipt, context),
  }
}

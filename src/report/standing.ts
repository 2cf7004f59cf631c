import type { ChannelKind, PublicationReceipt } from '../model.ts'

/** Where a publication stands, for a stranger: its status and what came of verifying it. */
export type Standing =
  | 'installable'
  | 'pending'
  | 'broken'
  | 'failed'
  | 'conflict'
  | 'proposed'
  | 'unverified'
  | 'planned'
  | 'unknown'

/** ✔ works for a stranger, ● does not yet, ✖ does not, ○ nobody looked. */
export type Sign = '✔' | '●' | '✖' | '○'

export const signs: Readonly<Record<Standing, Sign>> = {
  installable: '✔',
  pending: '●',
  proposed: '●',
  broken: '✖',
  failed: '✖',
  conflict: '✖',
  unverified: '○',
  planned: '○',
  unknown: '○',
}

export function standingOf({ status, verified }: PublicationReceipt): Standing {
  switch (status) {
    case 'published':
    case 'unchanged':
      return verified === 'skipped' ? 'unverified' : verified
    case 'planned':
    case 'unknown':
    case 'proposed':
    case 'conflict':
    case 'failed':
      return status
  }
}

/** Is this version published there, with the content of this release? */
export function isThere({ status }: PublicationReceipt): boolean {
  return status === 'published' || status === 'unchanged'
}

/** Did nothing come of it? */
export function isVain({ status }: PublicationReceipt): boolean {
  return status === 'failed' || status === 'conflict'
}

/** The sign, and the same in words, not torn apart: `✔ installable, published`. */
export function tellStanding(publication: PublicationReceipt): string {
  const standing = standingOf(publication)
  const { status } = publication
  const words =
    standing === status
      ? status
      : standing === 'unverified'
        ? `${status}, not verified`
        : `${standing}, ${status}`
  return `${signs[standing]}\u00a0${words}`
}

const channelNames: Readonly<Record<ChannelKind, string>> = {
  oci: 'OCI registry',
  'github-release': 'GitHub Release',
  pages: 'Helm repository',
}

/**
 * What people call a channel; with its host where there are several of a kind,
 * and with the path there where the host is the same, too.
 */
export function channelName(
  { channel, target }: PublicationReceipt,
  all: readonly PublicationReceipt[],
): string {
  const alike = all.filter((other) => other.channel === channel)
  if (alike.length === 1) return channelNames[channel]
  const place = placeOf(target)
  const host = hostOf(place)
  const onHost = alike.filter((other) => hostOf(placeOf(other.target)) === host)
  return `${channelNames[channel]} ${onHost.length === 1 ? host : place.replace(/\/[^/]*$/, '')}`
}

function placeOf(target: string): string {
  return target.replace(/^[a-z]+:\/\//, '')
}

function hostOf(place: string): string {
  return place.split('/')[0] ?? ''
}

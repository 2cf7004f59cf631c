import type { ChannelKind, PublicationReceipt, Receipt } from '../model.ts'
import { isLoopback } from '../loopback.ts'
import { shellArgument } from './escape.ts'

/** How a user installs a chart through one channel. */
export interface InstallCommand {
  readonly channel: ChannelKind
  /** Lines of a POSIX shell. */
  readonly lines: readonly string[]
}

/** What the commands need to know beyond the receipt. */
export interface InstallContext {
  /** What a user calls the Helm repository: this repository's name. */
  readonly repositoryName: string
  /** Names of library charts: those cannot be installed, they are pulled. */
  readonly libraries: ReadonlySet<string>
  /** `host/path` of the registries that strangers may not pull from. */
  readonly privateRegistries: ReadonlySet<string>
}

const served = new Set(['published', 'unchanged'])

/**
 * The commands that install this version, one for each channel that serves it,
 * in the order in which a user should try them.
 */
export function installCommands(
  receipt: Receipt,
  context: InstallContext,
): readonly InstallCommand[] {
  const rank = (publication: PublicationReceipt): number =>
    publication.channel === 'oci'
      ? isPrivate(publication, context)
        ? 3
        : 0
      : publication.channel === 'pages'
        ? 1
        : 2
  return receipt.publications
    .filter(({ status }) => served.has(status))
    .toSorted((one, other) => rank(one) - rank(other))
    .map((publication) => ({
      channel: publication.channel,
      lines: commandLines(publication, receipt, context),
    }))
}

/** The shortest command that works for a stranger; empty when none does. */
export function shortestCommand(
  receipt: Receipt,
  context: InstallContext,
): string {
  const open = {
    ...receipt,
    publications: receipt.publications.filter(
      (publication) => !isPrivate(publication, context),
    ),
  }
  return installCommands(open, context)[0]?.lines.join(' && ') ?? ''
}

function isPrivate(
  { channel, target }: PublicationReceipt,
  { privateRegistries }: InstallContext,
): boolean {
  return (
    channel === 'oci' &&
    [...privateRegistries].some((registry) =>
      target.startsWith(`oci://${registry}/`),
    )
  )
}

function commandLines(
  publication: PublicationReceipt,
  receipt: Receipt,
  { repositoryName, libraries }: InstallContext,
): readonly string[] {
  const verb = libraries.has(receipt.name)
    ? ['pull']
    : ['install', receipt.name]
  const version = ['--version', receipt.version]
  switch (publication.channel) {
    case 'oci': {
      const host = publication.reference.split('/')[0] ?? ''
      const plain = isLoopback(host) ? ['--plain-http'] : []
      return [helm(...verb, publication.target, ...version, ...plain)]
    }
    case 'pages': {
      const url = publication.target.replace(/\/index\.yaml$/, '')
      return [
        helm('repo', 'add', repositoryName, url),
        helm(...verb, `${repositoryName}/${receipt.name}`, ...version),
      ]
    }
    case 'github-release':
      return [helm(...verb, publication.reference)]
  }
}

function helm(...args: readonly string[]): string {
  return ['helm', ...args.map(shellArgument)].join(' ')
}

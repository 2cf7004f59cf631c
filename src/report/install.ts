import type {
  ChannelKind,
  PublicationReceipt,
  Receipt,
  Verified,
} from '../model.ts'
import { isLoopback } from '../loopback.ts'
import { shellArgument } from './escape.ts'

/** How a user installs a chart through one channel. */
export interface InstallCommand {
  readonly channel: ChannelKind
  /** Lines of a POSIX shell. */
  readonly lines: readonly string[]
  /** The registry that wants a login first; absent: none does. */
  readonly login?: string | undefined
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

/** Where a user gets a chart: one publication, made or to be made. */
export interface Door extends Pick<
  PublicationReceipt,
  'channel' | 'target' | 'reference'
> {
  /** Strangers do not get in. */
  readonly access?: 'credentials' | undefined
}

/** A chart version and every place where it is. */
export interface InstallableChart {
  readonly name: string
  readonly version: string
  readonly doors: readonly Door[]
}

const served = new Set(['published', 'unchanged'])

/** The commands for what this run found or made published. */
export function installCommands(
  { name, version, publications }: Receipt,
  context: InstallContext,
): readonly InstallCommand[] {
  const doors = publications.filter(({ status }) => served.has(status))
  return commandsThrough({ name, version, doors }, context)
}

/**
 * The commands that install this version, one for each of its doors, in the
 * order in which a user should try them. An asset that only credentials fetch is
 * left out: Helm has no way to send them.
 */
export function commandsThrough(
  chart: InstallableChart,
  context: InstallContext,
): readonly InstallCommand[] {
  const isClosed = (door: Door): boolean =>
    isRestricted(door, chart.name, context)
  const rank = (door: Door): number =>
    isClosed(door)
      ? 3
      : ['oci', 'pages', 'github-release'].indexOf(door.channel)
  return chart.doors
    .filter((door) => door.channel === 'oci' || !isClosed(door))
    .toSorted((one, other) => rank(one) - rank(other))
    .map((door) => ({
      channel: door.channel,
      lines: commandLines(door, chart, context),
      login: isClosed(door) ? hostOf(door) : undefined,
    }))
}

/** The shortest command that works for a stranger; empty when none does. */
export function shortestCommand(
  receipt: Receipt,
  context: InstallContext,
): string {
  const shortest = (verified: readonly Verified[]): string | undefined =>
    installCommands(
      {
        ...receipt,
        publications: receipt.publications.filter(
          (publication) =>
            !isRestricted(publication, receipt.name, context) &&
            verified.includes(publication.verified),
        ),
      },
      context,
    )[0]?.lines.join(' && ')
  return shortest(['installable', 'skipped']) ?? shortest(['pending']) ?? ''
}

/** Does it take credentials, as was seen or as the inputs say? */
function isRestricted(
  { channel, target, access }: Door,
  name: string,
  { privateRegistries }: InstallContext,
): boolean {
  return (
    access === 'credentials' ||
    (channel === 'oci' &&
      [...privateRegistries].some(
        (registry) => target === `oci://${registry}/${name}`,
      ))
  )
}

/** Of the registry; only an OCI reference starts with it. */
function hostOf({ reference }: Door): string {
  return reference.split('/')[0] ?? ''
}

function commandLines(
  door: Door,
  { name, version }: InstallableChart,
  { repositoryName, libraries }: InstallContext,
): readonly string[] {
  const verb = libraries.has(name) ? ['pull'] : ['install', name]
  const exact = ['--version', version]
  switch (door.channel) {
    case 'oci': {
      const plain = isLoopback(hostOf(door)) ? ['--plain-http'] : []
      return [helm(...verb, door.target, ...exact, ...plain)]
    }
    case 'pages': {
      const url = door.target.replace(/\/index\.yaml$/, '')
      return [
        helm('repo', 'add', repositoryName, url),
        helm(...verb, `${repositoryName}/${name}`, ...exact),
      ]
    }
    case 'github-release':
      return [helm(...verb, door.reference)]
  }
}

function helm(...args: readonly string[]): string {
  return ['helm', ...args.map(shellArgument)].join(' ')
}

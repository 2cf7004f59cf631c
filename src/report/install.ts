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
export type Door = Pick<PublicationReceipt, 'channel' | 'target' | 'reference'>

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
 * order in which a user should try them.
 */
export function commandsThrough(
  chart: InstallableChart,
  context: InstallContext,
): readonly InstallCommand[] {
  const rank = (door: Door): number =>
    door.channel === 'oci'
      ? isPrivate(door, context)
        ? 3
        : 0
      : door.channel === 'pages'
        ? 1
        : 2
  return chart.doors
    .toSorted((one, other) => rank(one) - rank(other))
    .map((door) => ({
      channel: door.channel,
      lines: commandLines(door, chart, context),
      login: isPrivate(door, context) ? hostOf(door) : undefined,
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
            !isPrivate(publication, context) &&
            verified.includes(publication.verified),
        ),
      },
      context,
    )[0]?.lines.join(' && ')
  return shortest(['installable', 'skipped']) ?? shortest(['pending']) ?? ''
}

function isPrivate(
  { channel, target }: Door,
  { privateRegistries }: InstallContext,
): boolean {
  return (
    channel === 'oci' &&
    [...privateRegistries].some((registry) =>
      target.startsWith(`oci://${registry}/`),
    )
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

import type { ChannelKind } from '../model.ts'
import { shellArgument } from '../report/escape.ts'
import {
  commandsThrough,
  type Door,
  type InstallCommand,
  type InstallContext,
} from '../report/install.ts'
import { webAddress } from './address.ts'
import type { SiteChart } from './catalog.ts'
import type { KnownChart } from './memory.ts'

/** One way to get a chart, as commands to copy. */
export interface Way {
  readonly title: string
  /** The registry that wants a login first; absent: none does. */
  readonly login?: string | undefined
  /** Lines of a POSIX shell. */
  readonly lines: readonly string[]
}

export interface WaysFacts {
  readonly chart: SiteChart
  /** What a release knew of it; `undefined`: it was released by other means. */
  readonly known: KnownChart | undefined
  /** Where the index is served, without `/` at the end. */
  readonly baseUrl: string
  /** Of the git repository, for people. */
  readonly repositoryUrl: string
  /** What a user calls the Helm repository. */
  readonly repositoryName: string
}

const titles: Readonly<Record<ChannelKind, string>> = {
  oci: 'From the OCI registry',
  pages: 'From the Helm repository',
  'github-release': 'By direct download',
}

/**
 * Every way to the version that is shown: the registry first, then the Helm
 * repository, the file, and a clone. The commands are those of the release
 * notes. A registry is named only where this version is known to be in it.
 */
export function waysTo(facts: WaysFacts): readonly Way[] {
  const { chart, known } = facts
  const { isLibrary } = chart.about
  const ways = commandsFor(facts, isLibrary).map(
    ({ channel, lines, login }): Way => ({
      title: titles[channel],
      login,
      lines,
    }),
  )
  return known?.version === chart.shown.version && !isLibrary
    ? [...ways, fromClone(facts, known)]
    : ways
}

/** The first way as commands that only fetch the archive. */
export function pullLines(facts: WaysFacts): readonly string[] {
  return commandsFor(facts, true)[0]?.lines ?? []
}

/** Libraries are not installed, but fetched. */
function commandsFor(
  facts: WaysFacts,
  isLibrary: boolean,
): readonly InstallCommand[] {
  const { name, shown } = facts.chart
  const context: InstallContext = {
    repositoryName: facts.repositoryName,
    libraries: new Set(isLibrary ? [name] : []),
    privateRegistries: new Set(),
  }
  return commandsThrough(
    { name, version: shown.version, doors: doorsOf(facts) },
    context,
  )
}

function doorsOf({ chart, known, baseUrl }: WaysFacts): readonly Door[] {
  const { shown, about } = chart
  const file = webAddress(about.url, `${baseUrl}/`)
  const registries = known?.version === shown.version ? known.registries : []
  return [
    ...registries.map(({ target, reference, login }): Door => ({
      channel: 'oci',
      target,
      reference,
      access: login ? 'credentials' : undefined,
    })),
    { channel: 'pages', target: `${baseUrl}/index.yaml`, reference: '' },
    ...(file === null
      ? []
      : [
          { channel: 'github-release', target: file, reference: file } as const,
        ]),
  ]
}

function fromClone(
  { chart, repositoryUrl }: WaysFacts,
  { tag, directory }: KnownChart,
): Way {
  const folder = repositoryUrl.split('/').at(-1) ?? ''
  const at = directory === '.' ? `./${folder}` : `./${folder}/${directory}`
  return {
    title: 'From a clone',
    lines: [
      command('git', 'clone', '--depth', '1', '--branch', tag, repositoryUrl),
      ...(chart.about.hasDependencies
        ? [command('helm', 'dependency', 'update', at)]
        : []),
      command('helm', 'install', chart.name, at),
    ],
  }
}

function command(...args: readonly string[]): string {
  return args.map(shellArgument).join(' ')
}

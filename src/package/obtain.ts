import path from 'node:path'
import { failuresOf } from '../failures.ts'
import type { Located } from '../findings.ts'
import type { Helm } from '../helm/cli.ts'
import type { ChartRelease, Package } from '../model.ts'
import { packageChart } from './package.ts'
import type { Request } from '../request.ts'
import type { RunFolder } from '../run-folder.ts'
import { takeOver } from './take-over.ts'
import type { World } from '../world.ts'

export interface PackageOrder {
  readonly world: World
  readonly request: Request
  readonly folder: RunFolder
  readonly helm: Helm
  readonly helmHome: string
  readonly release: ChartRelease
  readonly located: readonly Located[]
  readonly commitTime: Date
}

/**
 * The packages at hand, made one after the other: they share the Helm home. The
 * faults of all charts are thrown together, before anything is published.
 */
export async function obtainPackages(
  checked: readonly Pick<PackageOrder, 'release' | 'located'>[],
  order: Omit<PackageOrder, 'release' | 'located'>,
): Promise<readonly Package[]> {
  const made: Package[] = []
  const failures: unknown[] = []
  for (const one of checked)
    try {
      made.push(await obtainPackage({ ...order, ...one }))
    } catch (thrown) {
      failures.push(...failuresOf(thrown))
    }
  if (failures.length === 1) throw failures[0]
  if (failures.length > 1)
    throw new AggregateError(failures, `${failures.length} failures`)
  return made
}

/**
 * The package at hand: the one in our own draft for this commit, when an
 * earlier run got as far as that, so that nothing is built differently (P4);
 * else a new one.
 */
async function obtainPackage(order: PackageOrder): Promise<Package> {
  const { world, request, folder, release, commitTime } = order
  const { inputs, event } = request
  const { log } = world
  const wanted = { name: release.chart.name, version: release.version }
  for (const { channel, location } of order.located) {
    if (location.state !== 'draft' || release.settledBy !== undefined) continue
    log.info(`The draft of ${channel.name} holds the package: nothing is built`)
    return await takeOver({
      wanted,
      download: await channel.download(wanted, location.publication),
      destination: path.join(folder.scratch, 'draft'),
      commitTime,
    })
  }
  const made = await packageChart({
    release,
    workspace: event.workspace,
    helm: order.helm,
    helmHome: order.helmHome,
    exec: world.exec,
    log,
    dependencies: inputs.dependencies,
    lint: inputs.lint,
    appVersion: inputs.appVersion,
    commitTime,
    stagingRoot: path.join(folder.scratch, 'staging'),
    destination: path.join(folder.scratch, 'built'),
    fromStranger: event.mayBeForks,
    // What is private here is not for a chart that anybody may propose.
    logins: event.mayBeForks ? [] : inputs.registryCredentials,
  })
  log.info(`${made.fileName}, ${made.size} bytes, ${made.digest}`)
  return made
}

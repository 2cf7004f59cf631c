import { check, type Checked } from './check.ts'
import { decide, type Decided } from './decide.ts'
import { failuresOf } from './failures.ts'
import { createGitHub } from './github/client.ts'
import type { Package } from './model.ts'
import { obtainPackage } from './package/obtain.ts'
import { publishEverywhere, withhold } from './publish.ts'
import { receiptOf } from './receipt.ts'
import { nothingReleased, type Outcome } from './report/outcome.ts'
import { report } from './report/report.ts'
import { readRequest, type Request } from './request.ts'
import { resolve } from './resolve.ts'
import { createRetry } from './retry.ts'
import { openRunFolder, type RunFolder } from './run-folder.ts'
import { prepareTools } from './tools.ts'
import type { World } from './world.ts'

/** One run of the action. Never rejects: the report tells what failed. */
export async function main(world: World): Promise<void> {
  await report(world, await run(world))
}

async function run(world: World): Promise<Outcome> {
  try {
    const request = await world.log.group(
      'Read',
      async () => await readRequest(world),
    )
    const folder = await openRunFolder(request.event.temp)
    try {
      return await release(world, request, folder)
    } finally {
      await folder.remove()
    }
  } catch (thrown) {
    return nothingReleased(failuresOf(thrown))
  }
}

/** The way of a release. What it throws, it throws before it publishes. */
async function release(
  world: World,
  request: Request,
  folder: RunFolder,
): Promise<Outcome> {
  const { log, http, clock } = world
  const { inputs, event } = request
  const retry = createRetry(clock, log)
  const github = createGitHub({
    ...event,
    token: inputs.token,
    http,
    retry,
    clock,
  })

  const resolved = await log.group(
    'Resolve',
    async () => await resolve(world, request, github),
  )
  const { channels, helm, helmHome } = await log.group(
    'Prepare',
    async () =>
      await prepareTools({ world, request, folder, resolved, github, retry }),
  )
  const located = await log.group(
    'Check',
    async () => await check(world, { request, resolved, channels }),
  )
  const packages = await log.group('Package', async () => {
    const made: Package[] = []
    // One after the other: they share the Helm home.
    for (const one of located)
      made.push(
        await obtainPackage({
          ...one,
          world,
          request,
          folder,
          helm,
          helmHome,
          commitTime: resolved.commitTime,
        }),
      )
    return made
  })
  const decided = await log.group('Plan', async () => {
    const made: Decided[] = []
    for (const [at, atHand] of packages.entries())
      made.push(
        await decide({
          ...(located[at] as Checked),
          atHand,
          folder,
          commitTime: resolved.commitTime,
          log,
        }),
      )
    return made
  })
  const conflicts = decided.flatMap(({ conflict }) => conflict ?? [])
  const refused = inputs.onConflict === 'fail' && conflicts.length > 0
  const published = await log.group('Publish', async () => {
    if (!refused)
      for (const { message, at } of conflicts) log.warning(message, at)
    const work = decided.map((one) => one.work)
    return await publishEverywhere(
      channels,
      refused ? withhold(work, 'not published: a version is taken') : work,
      log,
    )
  })
  return {
    receipts: resolved.released.map((one, at) =>
      receiptOf(one, decided[at] as Decided, published.receipts[at] ?? []),
    ),
    leftOut: resolved.leftOut.map(({ chart, reason }) => ({
      name: chart.name,
      reason,
    })),
    failures: refused ? conflicts : published.failures,
    context: {
      repositoryName: event.repo,
      libraries: new Set(
        resolved.released
          .filter(({ chart }) => chart.type === 'library')
          .map(({ chart }) => chart.name),
      ),
      privateRegistries: new Set(
        inputs.registries
          .filter((registry) => registry.private)
          .map(({ host, path }) => (path === '' ? host : `${host}/${path}`)),
      ),
    },
  }
}

import { check } from './check.ts'
import { createNewTags } from './create-tags.ts'
import { decide, type Decided } from './decide.ts'
import { createGitHub } from './github/client.ts'
import type { Package } from './model.ts'
import { obtainPackages } from './package/obtain.ts'
import { publishEverywhere, withhold } from './publish.ts'
import { receiptOf } from './receipt.ts'
import { rehearse } from './rehearse.ts'
import type { Outcome } from './report/outcome.ts'
import { outcomeContext } from './report/context.ts'
import type { Request } from './request.ts'
import { resolve } from './resolve.ts'
import { createRetry } from './retry.ts'
import type { RunFolder } from './run-folder.ts'
import { prepareTools } from './tools.ts'
import { judgeConflicts } from './verdict.ts'
import { notVerified, verifyEverywhere } from './verify.ts'
import type { World } from './world.ts'

/**
 * The way of a release, as a table of contents. What it throws, it throws before
 * it publishes.
 */
export async function release(
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
    log,
  })

  const resolved = await log.group(
    'Resolve',
    async () => await resolve(world, request, github),
  )
  const { commitTime } = resolved
  const { channelsOf, isStore, strangers, ...helm } = await log.group(
    'Prepare',
    async () =>
      await prepareTools({ world, request, folder, resolved, github, retry }),
  )
  const located = await log.group(
    'Check',
    async () => await check(world, { request, resolved, channelsOf }),
  )
  const packages = await log.group(
    'Package',
    async () =>
      await obtainPackages(located, {
        world,
        request,
        folder,
        ...helm,
        commitTime,
      }),
  )
  const decided = await log.group('Plan', async () => {
    const made: Decided[] = []
    for (const [at, checked] of located.entries())
      made.push(
        await decide({
          ...checked,
          atHand: packages[at] as Package,
          createsTags:
            request.target.kind === 'commit' && inputs.createTags !== false,
          dryRun: inputs.dryRun,
          isStore,
          folder,
          commitTime,
          log,
        }),
      )
    return made
  })
  const conflicts = judgeConflicts(decided, request, log)
  const published = await log.group(
    inputs.dryRun ? 'What would be published' : 'Publish',
    async () => {
      const work = decided.map((one) => one.work)
      if (inputs.dryRun) return { deliveries: rehearse(work), failures: [] }
      if (conflicts.length === 0) return await publishEverywhere(work, log)
      const withheld = withhold(work, 'not published: a version is taken')
      return await publishEverywhere(withheld, log)
    },
  )
  const charts = resolved.released.map((one, at) => ({
    release: one,
    package: (decided[at] as Decided).package,
    settled: (decided[at] as Decided).settled,
    deliveries: published.deliveries[at] ?? [],
  }))
  const quiet = inputs.dryRun || conflicts.length > 0
  const tagFailures = quiet ? [] : await createNewTags(charts, github, log)
  const verified =
    inputs.verify && !quiet
      ? await log.group(
          'Verify',
          async () => await verifyEverywhere({ charts, strangers, log }),
        )
      : notVerified(charts)
  return {
    receipts: charts.map(({ release: one, package: made }, at) =>
      receiptOf(one, made, verified.receipts[at] ?? []),
    ),
    leftOut: resolved.leftOut.map(({ chart, reason }) => ({
      name: chart.name,
      reason,
    })),
    failures: [
      ...conflicts,
      ...published.failures,
      ...tagFailures,
      ...verified.failures,
    ],
    attention: verified.attention,
    remarks: verified.remarks,
    context: outcomeContext(request, resolved),
  }
}

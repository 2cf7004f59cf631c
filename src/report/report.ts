import type { Receipt } from '../model.ts'
import type { World } from '../world.ts'
import { installCommands } from './install.ts'
import { standingOf } from './standing.ts'
import type { Outcome } from './outcome.ts'
import { outputNames, outputsOf } from './outputs.ts'
import { renderSummary } from './summary.ts'

/**
 * Tells how the run ended: in the log, in the outputs and in the job summary.
 * Each failure is one `::error`, and the last line of the log is the first.
 */
export async function report(world: World, outcome: Outcome): Promise<void> {
  const { log } = world
  await log.group('Report', async () => {
    for (const receipt of outcome.receipts)
      reportReceipt(world, receipt, outcome)
    const outputs = outputsOf(outcome.receipts, outcome.context)
    for (const name of outputNames) world.setOutput(name, outputs[name])
    await world.addSummary(renderSummary(outcome))
  })
  for (const { code, message, at, cause } of outcome.failures.toReversed()) {
    if (cause instanceof Error) log.debug(cause.stack ?? cause.message)
    log.error(message, code, at)
  }
  if (outcome.failures.length > 0) world.fail()
}

function reportReceipt(
  { log }: World,
  receipt: Receipt,
  { context }: Outcome,
): void {
  log.info(`${receipt.name} ${receipt.version}, ${receipt.package.digest}`)
  for (const {
    channel,
    target,
    reference,
    status,
    verified,
    detail,
  } of receipt.publications)
    log.info(
      `  ${status}${verified === 'skipped' ? '' : `, ${verified}`} ${channel}: ${reference === '' ? target : reference}${detail === undefined ? '' : ` (${detail})`}`,
    )
  const publications = receipt.publications.filter(
    (one) => standingOf(one) !== 'broken',
  )
  for (const { lines } of installCommands(
    { ...receipt, publications },
    context,
  ))
    log.info(`  $ ${lines.join(' && ')}`)
}

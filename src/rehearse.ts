import type { Work } from './publish.ts'
import { plannedReceipt } from './publication-receipt.ts'
import type { Delivery } from './publish.ts'

/** What publishing would do, told instead of done. */
export function rehearse(
  work: readonly Work[],
): readonly (readonly Delivery[])[] {
  return work.map(({ steps }) =>
    steps.map(({ channel, action, package: made }) => ({
      channel,
      receipt: plannedReceipt(channel, action),
      package: made,
    })),
  )
}

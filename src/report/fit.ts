/** GitHub shows nothing of a step's summary that is larger, in bytes. */
const LIMIT = 1024 * 1024

/** Kept free for the sentence that says what is missing. */
const RESERVE = 512

/**
 * Joins blocks of Markdown; those that would make the page larger than GitHub
 * takes are left out whole, so what is left is sound, and their number is told.
 */
export function fitBlocks(blocks: readonly string[]): string {
  const kept: string[] = []
  let size = 0
  for (const block of blocks) {
    const more = Buffer.byteLength(block) + 2
    if (size + more > LIMIT - RESERVE) continue
    kept.push(block)
    size += more
  }
  const missing = blocks.length - kept.length
  if (missing > 0)
    kept.push(
      `**${missing} more parts of this page are left out**, because GitHub shows at most 1 MiB. The log of the run has them.`,
    )
  return `${kept.join('\n\n')}\n`
}

import type { Decided } from './decide.ts'
import type { ReleaseError } from './errors.ts'
import type { Log } from './log.ts'
import type { Request } from './request.ts'

/**
 * What becomes of versions that are taken by other content: failures that keep
 * everything from being published, or words in the log. On a pull request the
 * version may well be raised yet; a branch run finds most versions released.
 */
export function judgeConflicts(
  decided: readonly Decided[],
  { inputs, event }: Request,
  log: Log,
): readonly ReleaseError[] {
  const failures: ReleaseError[] = []
  for (const { conflict, settled } of decided) {
    if (conflict === undefined) continue
    const { message, at } = conflict
    if (inputs.dryRun && event.name.startsWith('pull_request'))
      log.warning(message, at)
    else if (settled && inputs.createTags !== false) log.notice(message, at)
    else if (!inputs.dryRun && inputs.onConflict === 'skip')
      log.warning(message, at)
    else failures.push(conflict)
  }
  return failures
}

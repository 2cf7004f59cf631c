import { messageOf } from '../../src/errors.ts'
import type { Result } from './table.ts'
import type { Case, Verdict } from './verdict.ts'

/**
 * Does the cases, so many side by side; each result is told as it comes. The
 * results, in the order of the cases.
 */
export async function doCases(
  cases: readonly Case[],
  jobs: number,
  tell: (result: Result) => void,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const left = cases.entries()
  const work = async (): Promise<void> => {
    for (const [at, one] of left) {
      const result = { case: one, verdict: await verdictOf(one) }
      results[at] = result
      tell(result)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return results
}

async function verdictOf(one: Case): Promise<Verdict> {
  try {
    return await one.run()
  } catch (thrown) {
    return {
      ending: 'lost',
      met: true,
      words: [`the case itself failed: ${messageOf(thrown)}`],
    }
  }
}

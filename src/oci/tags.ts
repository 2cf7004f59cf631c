import { ReleaseError } from '../errors.ts'
import { wordsOf } from './denial.ts'
import { readObject } from './manifest.ts'
import { referenceOf, type Repository } from './reference.ts'
import type { Session } from './session.ts'

/** 100 pages of 1,000: a registry whose list has no end is broken. */
const MOST_PAGES = 100

/**
 * Every tag of a repository, none when it is absent.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 */
export async function listTags(
  session: Session,
  at: Repository,
): Promise<readonly string[]> {
  const what = `tags of ${referenceOf(at)}`
  const tags: string[] = []
  let page: string | undefined = 'tags/list?n=1000'
  for (let read = 0; page !== undefined; read++) {
    const answer = await session.ask({ at, method: 'GET', path: page, what })
    if (answer.status === 404) return tags
    const found = readObject(answer.body)?.['tags'] ?? []
    if (answer.status !== 200 || !Array.isArray(found) || read >= MOST_PAGES)
      throw new ReleaseError(
        'REGISTRY_FAILED',
        `The ${what} cannot be listed: the registry answered ${wordsOf(answer)}.`,
      )
    tags.push(...found.filter((tag) => typeof tag === 'string'))
    page = nextPage(answer.header('link'))
  }
  return tags
}

/** Only the query of `<…>; rel="next"` counts: the place is known. */
function nextPage(link: string | null): string | undefined {
  const query = /<[^>?]*(\?[^>]*)>\s*;\s*rel="?next\b/.exec(link ?? '')?.[1]
  return query === undefined ? undefined : `tags/list${query}`
}

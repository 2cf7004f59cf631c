/**
 * A request's path without what differs from run to run: numbers, digests,
 * secrets of one upload. Of the query, only what a token is asked for stays.
 */
export function kindOf(path: string): string {
  const { pathname, searchParams } = new URL(path, 'http://any')
  const scope = searchParams.get('scope')?.split(':').at(-1)
  const kind = decodeURIComponent(pathname)
    .replace(/^\/api\/(?:v3|uploads)\//, '/')
    .replace(/^\/(?:repos|v2)\/[^/]+\/[^/]+(?=\/)/, '')
    .replaceAll(/sha256:[0-9a-f]{64}/g, '{digest}')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{id}')
    .replaceAll(/[0-9a-f]{40}/g, '{sha}')
    .replaceAll(/\/\d+(?=\/|$)/g, '/{number}')
  return scope === undefined ? kind : `${kind} ${scope}`
}

/** One request of a release: the so-many-th of its kind. */
export interface Point {
  readonly door: string
  readonly method: string
  readonly kind: string
  /** From 1. */
  readonly nth: number
}

/** The requests that one door was asked, in their order. */
export function pointsOf(
  door: string,
  requests: readonly { readonly method: string; readonly path: string }[],
): readonly Point[] {
  const seen = new Map<string, number>()
  return requests.map(({ method, path }) => {
    const kind = kindOf(path)
    const nth = (seen.get(`${method} ${kind}`) ?? 0) + 1
    seen.set(`${method} ${kind}`, nth)
    return { door, method, kind, nth }
  })
}

export function namePoint({ door, method, kind, nth }: Point): string {
  return `${door} ${method} ${kind}${nth === 1 ? '' : ` #${nth}`}`
}

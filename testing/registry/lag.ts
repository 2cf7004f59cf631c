import type { DoorRequest, DoorResponse } from '../door.ts'

/**
 * ghcr.io's read-after-write lag: the first so many reads of a tag after it
 * was written say 404. Reads by digest are not late.
 */
export function createLag(reads: number) {
  const left = new Map<string, number>()
  return (
    { method, url: { pathname } }: DoorRequest,
    answer: DoorResponse,
  ): DoorResponse => {
    if (!/\/manifests\/(?!sha256:)/.test(pathname)) return answer
    if (method === 'PUT') {
      if (answer.status < 400) left.set(pathname, reads)
      return answer
    }
    const count = left.get(pathname) ?? 0
    if (count === 0) return answer
    left.set(pathname, count - 1)
    return {
      status: 404,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN' }] }),
    }
  }
}

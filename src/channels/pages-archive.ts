import { isLoopback } from '../loopback.ts'
import type { Digest, Verification } from '../model.ts'
import type { IndexEntry } from '../repository/index-file.ts'
import type { Expected } from './channel.ts'
import { buildsUrl, type PagesPlace } from './pages-place.ts'
import { again } from './pages-words.ts'

/** As Helm resolves it (`repo.ResolveReferenceURL`); `null`: no HTTP address. */
export function archiveUrl(
  { baseUrl }: PagesPlace,
  { urls: [reference = ''] }: IndexEntry,
): string | null {
  const root = `${baseUrl}/`
  if (reference === '' || !URL.canParse(reference, root)) return null
  const { href, protocol } = new URL(reference, root)
  return /^https?:$/.test(protocol) ? href : null
}

/** Is the archive in a registry on this machine, which speaks plain HTTP? */
export function isLocalRegistry({ urls: [url = ''] }: IndexEntry): boolean {
  const [, host] = /^oci:\/\/([^/]+)/.exec(url) ?? []
  return host !== undefined && isLoopback(host)
}

/** Other bytes arrived. */
export function otherBytes(
  place: PagesPlace,
  expected: Expected,
  arrived: { readonly digest: Digest; readonly from: string | null },
): Verification {
  return {
    verified: 'broken',
    reason: `Helm gets another archive for ${nameOf(expected)} from ${place.baseUrl} than was published: its digest is ${arrived.digest}, expected was ${expected.digest}.`,
    remedy: `Somebody, or something in between, replaced ${arrived.from ?? 'it'}: find out who may write there. Put the right archive back, ${again} Or raise the chart's version: then this one stays broken, and the next is right.`,
  }
}

/** The served index has the version with another digest, for good. */
export function otherEntry(
  place: PagesPlace,
  expected: Expected,
  digest: Digest | null,
): Verification {
  return {
    verified: 'broken',
    reason: `${place.baseUrl}/index.yaml lists ${nameOf(expected)} with ${digest === null ? 'no digest' : `the digest ${digest}`}, published was ${expected.digest}.`,
    remedy: `Compare with index.yaml on the branch "${place.branch}" and with ${buildsUrl(place)}. Somebody else's entry must go, there and in whatever else writes to the site; ${again}`,
  }
}

export function nameOf({ name, version }: Expected): string {
  return `${name} ${version}`
}

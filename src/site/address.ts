/**
 * An address that a browser may be sent to, in the form of the URL standard:
 * http(s) with a host, and without a user's name before it, which would hide
 * where it leads. Relative to `base` if that is given. `null` for all others:
 * `javascript:`, `data:`, `oci://…` (P11).
 */
export function webAddress(text: string, base?: string): string | null {
  const trimmed = text.trim()
  if (trimmed === '' || !URL.canParse(trimmed, base)) return null
  const url = new URL(trimmed, base)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  return url.username === '' && url.password === '' && url.href.length <= 2000
    ? url.href
    : null
}

/** The address of a link that writes to somebody; `null` for what is no address. */
export function mailAddress(text: string): string | null {
  const address = text.replace(/^mailto:/i, '')
  return /^[\w.+-]{1,100}@[\w-]+(?:\.[\w-]+)+$/.test(address)
    ? `mailto:${address}`
    : null
}

/** The host, for people: `github.com`. */
export function hostOf(address: string): string {
  return new URL(address).hostname.replace(/^www\./, '')
}

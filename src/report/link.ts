import { escapeLabel, escapeMarkdown, inlineCode } from './escape.ts'

/**
 * What a browser may be sent to: http(s), without a user's name before the
 * host, which would hide where a link leads, and without a character that
 * means something to Markdown.
 */
const followable =
  /^https?:\/\/[\w.-]+(?::\d+)?(?:[/?#][\w@%+=:,./~?#&;()-]*)?$/i

/** A Markdown link, or only its escaped text where a browser cannot follow. */
export function link(text: string, url: string): string {
  return followable.test(url)
    ? `[${escapeLabel(text)}](${url
        .replaceAll('(', '%28')
        .replaceAll(')', '%29')
        .replaceAll('&', '&amp;')})`
    : escapeMarkdown(text)
}

/**
 * Sentences as Markdown: escaped, but http(s) URLs are links that read as where
 * they lead, and digests are code.
 */
export function renderProse(text: string): string {
  let markdown = ''
  let end = 0
  for (const { 0: found, index } of text.matchAll(
    /https?:\/\/[^\s<>"'`]+|\bsha256:[0-9a-f]{64}\b/gi,
  )) {
    const isUrl = found.includes('://')
    const whole = isUrl ? trimUrl(found) : found
    markdown +=
      escapeMarkdown(text.slice(end, index)) +
      (isUrl ? link(whole, whole) : inlineCode(whole))
    end = index + whole.length
  }
  return markdown + escapeMarkdown(text.slice(end))
}

/** The sentence around a URL ends after it: `(see https://example.com/a).` */
function trimUrl(found: string): string {
  const url = found.replace(/[.,;:!?]+$/, '')
  const unopened =
    url.endsWith(')') && url.split(')').length > url.split('(').length
  if (unopened) return trimUrl(url.slice(0, -1))
  return url
}

/**
 * Text from a repository as text in GitHub's Markdown: nothing of it becomes a
 * tag, a link, an image, a mention or a table cell of its own (P11).
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~-]/g, '\\$&')
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
}

/** Text as inline code of a table cell; HTML, since `|` ends a cell in Markdown code. */
export function inlineCode(text: string): string {
  return `<code>${escapeHtml(oneLine(text)).replaceAll('|', '&#124;')}</code>`
}

/** A fenced code block that the text cannot close. */
export function codeBlock(text: string, language: string): string {
  const longest = Math.max(
    2,
    ...[...text.matchAll(/`+/g)].map(([run]) => run.length),
  )
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

/** One argument of a POSIX shell command line. */
export function shellArgument(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Control characters (ANSI escapes too) and line breaks as spaces. */
function oneLine(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu,
    ' ',
  )
}

/**
 * Text from a repository as text in GitHub's Markdown: nothing of it becomes a
 * tag, a link, an image, a mention, a formula or a table cell of its own (P11).
 *
 * GitHub looks for mentions and bare addresses after entities and backslashes
 * are gone; a `<wbr>` in the middle stops it, and is not copied with the text.
 */
export function escapeMarkdown(text: string): string {
  return escapeLabel(text)
    .replaceAll('@', '@<wbr>')
    .replaceAll('://', ':<wbr>//')
    .replaceAll(/www\./gi, (www) => `${www.slice(0, -1)}<wbr>.`)
}

/** The same for the text of a link, in which GitHub looks for nothing more. */
export function escapeLabel(text: string): string {
  return (
    oneLine(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_[\]|~$]/g, String.raw`\$&`)
      // What begins a heading, a list or an underline at the start of a block.
      .replace(/^(\s*)([-+=#])|^(\s*\d+)([.)])/, String.raw`$1$3\$2$4`)
  )
}

/** Text as inline code; HTML, since `|` ends a cell in Markdown code. */
export function inlineCode(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`
}

/** A fenced code block that the text cannot close; its lines stay lines. */
export function codeBlock(text: string, language: string): string {
  const longest = Math.max(
    2,
    ...[...text.matchAll(/`+/g)].map(([run]) => run.length),
  )
  const fence = '`'.repeat(longest + 1)
  const lines = splitLines(text).map((line) => oneLine(line))
  return [`${fence}${language}`, ...lines, fence].join('\n')
}

/** Where Markdown, too, sees a line end. */
export function splitLines(text: string): readonly string[] {
  return text.split(/\r\n|[\r\n]/)
}

/** At most so many UTF-16 units of a text; `…` says that there is more. */
export function clip(text: string, longest: number): string {
  return text.length <= longest
    ? text
    : `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** One argument of a POSIX shell command line. */
export function shellArgument(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Control characters (ANSI escapes too) and line breaks as spaces. */
function oneLine(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu,
    ' ',
  )
}

/** Markup that this action wrote, and nobody else. */
export interface Html {
  readonly html: string
}

type Part = Html | string | number | readonly Part[]

/**
 * Text from a repository as text in HTML, between tags and in quoted attributes
 * alike: the one place where that is done (P11). Control characters, and those
 * that turn the direction of what follows them, are left out.
 */
export function escapeText(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- those are left out
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
      .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
      .toWellFormed()
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  )
}

/** Markup; whatever is put into it is escaped, unless it is markup itself. */
export function html(
  strings: TemplateStringsArray,
  ...parts: readonly Part[]
): Html {
  const written = squeeze(strings)
  let markup = written[0] ?? ''
  for (const [at, part] of parts.entries())
    markup += render(part) + (written[at + 1] ?? '')
  return { html: markup }
}

const squeezed = new WeakMap<TemplateStringsArray, readonly string[]>()

/** Our own markup without its indentation; what is put into it stays as it is. */
function squeeze(strings: TemplateStringsArray): readonly string[] {
  const known = squeezed.get(strings)
  if (known !== undefined) return known
  const written = strings.map((text) => text.replaceAll(/\n\s+/g, '\n'))
  squeezed.set(strings, written)
  return written
}

export const nothing: Html = { html: '' }

/** Markup where there is something to show, with it; else nothing. */
export function when<T>(
  value: T | null | undefined | false | '',
  write: (value: T) => Html,
): Html {
  if (value === null || value === undefined) return nothing
  return value === false || value === '' ? nothing : write(value)
}

function render(part: Part): string {
  if (typeof part === 'string') return escapeText(part)
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(render).join('')
}

/** Words of a program, a file or a message. */
export function code(text: string): Html {
  return html`<code>${text}</code>`
}

import type { Token, Tokens } from 'marked'
import { mailAddress, webAddress } from './address.ts'
import { escapeText } from './html.ts'

/** Where a text's own relative addresses lead, and what its headings are. */
export interface MarkdownPlace {
  /** Of its folder, for people, with `/` at the end. */
  readonly pages: string
  /** Of its folder, for images, with `/` at the end. */
  readonly files: string
  /** Before the ids of its headings, so that they are its own. */
  readonly prefix: string
  /** The level of its highest heading. */
  readonly level: number
}

export interface Writer {
  readonly place: MarkdownPlace
  readonly ids: Map<string, number>
  /** Of the last heading. */
  level: number
}

function writeBlocks(
  tokens: readonly Token[] | undefined,
  writer: Writer,
): string {
  return (tokens ?? []).map((token) => writeBlock(token, writer)).join('')
}

export function writeBlock(token: Token, writer: Writer): string {
  switch (token.type) {
    case 'heading':
      return writeHeading(token as Tokens.Heading, writer)
    case 'paragraph':
      return wrap('p', writeInline(token.tokens, writer))
    case 'blockquote':
      return wrap('blockquote', writeBlocks(token.tokens, writer))
    case 'code':
      return `<pre><code>${escapeText((token as Tokens.Code).text)}</code></pre>`
    case 'list':
      return writeList(token as Tokens.List, writer)
    case 'table':
      return writeTable(token as Tokens.Table, writer)
    case 'hr':
      return '<hr>'
    case 'html':
      return wrap('p', textOfMarkup((token as Tokens.HTML).text))
    case 'text':
      return token.tokens === undefined
        ? proseText(String(token['text']))
        : writeInline(token.tokens, writer)
    case 'checkbox':
      return writeCheckbox(token as Tokens.Checkbox)
    default:
      return ''
  }
}

function wrap(tag: string, content: string): string {
  return content.trim() === '' ? '' : `<${tag}>${content}</${tag}>`
}

/** A level below the last one at most: headings are a table of contents. */
function writeHeading(heading: Tokens.Heading, writer: Writer): string {
  const { prefix, level: top } = writer.place
  const content = writeInline(heading.tokens, writer)
  if (content.trim() === '') return ''
  const wanted = top + Math.max(heading.depth, 2) - 2
  const level = Math.min(wanted, writer.level + 1, 6)
  writer.level = level
  const id = slugOf(heading.text)
  const count = writer.ids.get(id) ?? 0
  writer.ids.set(id, count + 1)
  const unique = count === 0 ? id : `${id}-${count}`
  return `<h${level} id="${escapeText(prefix + unique)}">${content}</h${level}>`
}

/** As GitHub names the headings of a file, which links in it count on. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}

function writeList({ ordered, start, items }: Tokens.List, writer: Writer) {
  const tag = ordered ? 'ol' : 'ul'
  const from =
    ordered && typeof start === 'number' && start !== 1
      ? ` start="${start}"`
      : ''
  const lines = items.map(
    (item) => `<li>${writeBlocks(item.tokens, writer)}</li>`,
  )
  return `<${tag}${from}>${lines.join('')}</${tag}>`
}

function writeCheckbox({ checked }: Tokens.Checkbox): string {
  return checked ? '☑ ' : '☐ '
}

/** Wide ones are scrolled by themselves, with the keyboard too. */
function writeTable({ header, rows }: Tokens.Table, writer: Writer): string {
  const row = (cells: readonly Tokens.TableCell[], tag: 'th' | 'td'): string =>
    `<tr>${cells
      .map((cell) => {
        const content = writeInline(cell.tokens, writer)
        // An empty heading is none.
        const name = tag === 'th' && content.trim() !== '' ? 'th' : 'td'
        return `<${name}>${content}`
      })
      .join('')}`
  return `<div class="scroll" role="group" aria-label="Table" tabindex="0"><table><thead>${row(header, 'th')}<tbody>${rows.map((cells) => row(cells, 'td')).join('')}</table></div>`
}

/** What stands between `<script>` and its end is nothing to read. */
function writeInline(
  tokens: readonly Token[] | undefined,
  writer: Writer,
): string {
  let markup = ''
  let hidden: string | null = null
  for (const token of tokens ?? []) {
    const [, slash, name = ''] =
      token.type === 'html'
        ? (/^<(\/?)(script|style)\b/i.exec(token.raw) ?? [])
        : []
    if (name !== '' && slash === '') hidden ??= name.toLowerCase()
    if (hidden === null) markup += writeSpan(token, writer)
    if (slash === '/' && name.toLowerCase() === hidden) hidden = null
  }
  return markup
}

function writeSpan(token: Token, writer: Writer): string {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return wrap(token.type, writeInline(token.tokens, writer))
    case 'codespan':
      return `<code>${escapeText((token as Tokens.Codespan).text)}</code>`
    case 'br':
      return '<br>'
    case 'link':
      return writeLink(token as Tokens.Link, writer)
    case 'image':
      return writeImage(token as Tokens.Image, writer)
    case 'escape':
      return escapeText((token as Tokens.Escape).text)
    case 'html':
      return /^<br\s*\/?>$/i.test(token.raw) ? '<br>' : ''
    case 'checkbox':
      return writeCheckbox(token as Tokens.Checkbox)
    case 'text':
      return token.tokens === undefined
        ? proseText((token as Tokens.Text).text)
        : writeInline(token.tokens, writer)
    default:
      return ''
  }
}

function writeLink({ href, tokens }: Tokens.Link, writer: Writer): string {
  const content = writeInline(tokens, writer)
  const target = linkTarget(href, writer.place)
  if (target === null || content.trim() === '') return content
  return `<a href="${escapeText(target)}">${content}</a>`
}

function linkTarget(href: string, place: MarkdownPlace): string | null {
  const address = href.replaceAll('&amp;', '&')
  if (address.startsWith('#'))
    return `#${place.prefix}${slugOf(decode(address.slice(1)))}`
  if (/^mailto:/i.test(address)) return mailAddress(address)
  return webAddress(address, place.pages)
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/** One without a text would be a riddle to those who do not see it. */
function writeImage({ href, text }: Tokens.Image, { place }: Writer): string {
  const source = webAddress(href.replaceAll('&amp;', '&'), place.files)
  const label = text.trim() === '' ? 'Image' : text
  return source === null
    ? proseText(text)
    : `<img src="${escapeText(source)}" alt="${escapeText(label)}" loading="lazy">`
}

/** `&copy;` is a character that a browser knows; it never is markup. */
function proseText(text: string): string {
  return escapeText(text).replaceAll(
    /&amp;(?=(?:amp|lt|gt|quot|nbsp|copy|reg|trade|hellip|mdash|ndash|rarr|larr|check|times);)/g,
    '&',
  )
}

/** What stands between the tags of raw HTML. */
function textOfMarkup(markup: string): string {
  const text = markup
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replaceAll(/<(script|style)\b[\s\S]*?(?:<\/\1[^>]*>|$)/gi, '')
    .replaceAll(/<[/!?a-z](?:[^<>"']|"[^"]*"|'[^']*')*>/gi, '')
  return proseText(text.trim())
}

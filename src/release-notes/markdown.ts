import { type Block, openBlock } from './block.ts'
import { trackElements } from './elements.ts'

/** One line of Markdown, as far as its blocks must be known. */
export interface Line {
  /** Without its line end. */
  readonly text: string
  /** Where it begins and, its line end included, ends in the whole text. */
  readonly from: number
  readonly to: number
  /** Part of a code fence or of raw HTML: nothing in it is Markdown. */
  readonly literal: boolean
  /** Does it stand in an item of a list? */
  readonly listed: boolean
  /**
   * What has to follow, if the text ended here, so that what comes behind it
   * is not swallowed; empty when nothing is open.
   */
  readonly closing: string
}

const listMarker = /^( {0,3}(?:[-+*]|\d{1,9}[.)]))( +|$)/
/** Of lists in lists. */
const DEEPEST = 100
/** What ends a paragraph; an underline makes it a heading. */
const blockStart =
  /^\s*(?:#{1,6}(?:[ \t]|$)|>|`{3}|~{3}|<[/!?a-z]|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|[-*_=]{2,}\s*$|([-*_])(?: *\1){2,} *$)/i
const heading = /^ {0,3}#{1,6}(?:[ \t]|$)/
const interrupting = /^ {0,3}(?:[-+*]|1[.)]) +\S/
const thematicBreak = /^ {0,3}([-*_])(?: *\1){2,} *$/

/**
 * The lines of a Markdown text and the blocks that span them: code fences and
 * raw HTML, which may hide what looks like a heading, and which would swallow
 * what is written behind them. Follows https://spec.commonmark.org/0.31.2 as
 * far as that takes; block quotes end by themselves.
 */
export function readLines(text: string): readonly Line[] {
  const lines: Line[] = []
  const columns: number[] = []
  let open: Block | null = null
  let inParagraph = false
  const elements: string[] = []
  for (const { 0: whole, index } of text.matchAll(
    /[^\r\n]*(?:\r\n|[\r\n]|$)/g,
  )) {
    if (whole === '') continue
    const line = whole.replace(/[\r\n]+$/, '')
    const flat = line.replace(/^[ \t]+/, (space) =>
      space.replaceAll('\t', '    '),
    )
    const isBlank = flat.trim() === ''
    const indent = flat.length - flat.trimStart().length
    // A line that stands further left ends the list item, and all that is in it,
    // unless it goes on with the item's paragraph.
    const isLazy: boolean =
      open === null && inParagraph && !blockStart.test(flat)
    if (!isBlank && !isLazy && (open === null || open.column > indent)) {
      open = null
      for (; (columns.at(-1) ?? 0) > indent; inParagraph = false) columns.pop()
    }
    const before: Block | null = open
    let content: string = isLazy
      ? flat.trimStart()
      : flat.slice(columns.at(-1) ?? 0)
    if (before === null) {
      const depth = columns.length
      if (!isBlank) content = enterItems(content, columns, inParagraph)
      if (columns.length > depth) inParagraph = false
      open = openBlock(content, columns.at(-1) ?? 0, inParagraph)
    }
    const block = open
    const literal = block !== null
    if (block === null)
      trackElements(content.replaceAll(/`[^`]*`/g, ''), elements)
    if (block?.kind === 'markup') trackElements(content, elements)
    if (block?.isEnd(content, before === null) === true) open = null
    inParagraph =
      !literal &&
      !isBlank &&
      !heading.test(content) &&
      !thematicBreak.test(content) &&
      (inParagraph || !content.startsWith('    '))
    lines.push({
      text: line,
      from: index,
      to: index + whole.length,
      literal,
      listed: columns.length > 0,
      closing: closingFor(open, elements),
    })
  }
  return lines
}

function closingFor(open: Block | null, elements: readonly string[]): string {
  const block = open === null ? '' : open.closing
  const tags = elements.map((name) => `</${name}>`)
  // The block that is open may be the innermost element, too.
  if (tags.includes(block)) tags.splice(tags.lastIndexOf(block), 1)
  return [
    ...(block === '' ? [] : [`${' '.repeat(open?.column ?? 0)}${block}`]),
    // Behind an empty line, they are a block of their own.
    ...(tags.length === 0 ? [] : [`\n${tags.toReversed().join('')}`]),
  ].join('\n')
}

/** What has to follow a text so that nothing behind it is swallowed. */
export function closingOf(text: string): string {
  return readLines(text).at(-1)?.closing ?? ''
}

/** The content behind the markers of list items that begin on this line. */
function enterItems(
  flat: string,
  columns: number[],
  inParagraph: boolean,
): string {
  let content = flat
  // Nobody nests as deep; reading more would take time with the square of it.
  while (columns.length < DEEPEST) {
    const marker = thematicBreak.test(content) ? null : listMarker.exec(content)
    if (marker === null) return content
    // In a paragraph, a line may well begin with a number.
    if (content === flat && inParagraph && !interrupting.test(content))
      return content
    const [all, sign = '', space = ''] = marker
    // Five spaces and more: an indented code block in the item.
    const width =
      space.length > 4 || space === '' ? sign.length + 1 : all.length
    columns.push((columns.at(-1) ?? 0) + width)
    content = content.slice(width)
  }
  return content
}

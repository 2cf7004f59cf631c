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

/** A block that goes on until its own end, or that of the list item around it. */
interface Open {
  readonly kind: 'code' | 'hidden' | 'markup'
  readonly closing: string
  /** Does it end on this line, which may be its first? */
  readonly isEnd: (content: string, isFirst: boolean) => boolean
  /** The column of the list item that it stands in; 0: in none. */
  readonly column: number
}

const rawEnd = /<\/(?:pre|script|style|textarea)>/i

/** https://spec.commonmark.org/0.31.2/#html-blocks, kinds 1 to 5. */
const html: readonly {
  readonly kind: Open['kind']
  readonly begin: RegExp
  readonly end: RegExp
  readonly closing: string
}[] = [
  {
    kind: 'markup',
    begin: /^ {0,3}<pre(?=[\s>]|$)/i,
    end: rawEnd,
    // As an element, it is closed with the others.
    closing: '',
  },
  ...['script', 'style', 'textarea'].map(
    (name) =>
      ({
        kind: 'hidden',
        begin: new RegExp(String.raw`^ {0,3}<${name}(?=[\s>]|$)`, 'i'),
        end: rawEnd,
        closing: `</${name}>`,
      }) as const,
  ),
  { kind: 'hidden', begin: /^ {0,3}<!--/, end: /-->/, closing: '-->' },
  { kind: 'hidden', begin: /^ {0,3}<\?/, end: /\?>/, closing: '?>' },
  {
    kind: 'hidden',
    begin: /^ {0,3}<!\[CDATA\[/,
    end: /\]\]>/,
    closing: ']]>',
  },
  { kind: 'hidden', begin: /^ {0,3}<![a-z]/i, end: />/, closing: '>' },
]

/** Kinds 6 and 7, which a blank line ends: tags that open a block, and lone ones. */
const blockTag =
  /^ {0,3}<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|source|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[\s/>]|$)/i
const loneTag = /^ {0,3}<\/?[a-z][\w-]*(?:\s[^<>]*)?>\s*$/i

const listMarker = /^( {0,3}(?:[-+*]|\d{1,9}[.)]))( +|$)/
const heading = /^ {0,3}#{1,6}(?:[ \t]|$)/
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
  let open: Open | null = null
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
    // A line that stands further left ends the list item, and all that is in it.
    if (!isBlank && (open === null || open.column > indent)) {
      open = null
      while ((columns.at(-1) ?? 0) > indent) columns.pop()
    }
    const before: Open | null = open
    let content = flat.slice(columns.at(-1) ?? 0)
    if (before === null) {
      const depth = columns.length
      if (!isBlank) content = enterItems(content, columns)
      if (columns.length > depth) inParagraph = false
      open = openBlock(content, columns.at(-1) ?? 0, inParagraph)
    }
    const block = open
    const literal = block !== null
    if (block === null) track(content.replaceAll(/`[^`]*`/g, ''), elements)
    if (block?.kind === 'markup') track(content, elements)
    if (block?.isEnd(content, before === null) === true) open = null
    inParagraph =
      !literal &&
      !isBlank &&
      !heading.test(content) &&
      !thematicBreak.test(content)
    lines.push({
      text: line,
      from: index,
      to: index + whole.length,
      literal,
      listed: columns.length > 0,
      closing: [
        ...(open === null || open.closing === ''
          ? []
          : [`${' '.repeat(open.column)}${open.closing}`]),
        ...(elements.length === 0
          ? []
          : [
              `\n${elements
                .toReversed()
                .map((name) => `</${name}>`)
                .join('')}`,
            ]),
      ].join('\n'),
    })
  }
  return lines
}

/** What has to follow a text so that nothing behind it is swallowed. */
export function closingOf(text: string): string {
  return readLines(text).at(-1)?.closing ?? ''
}

/** The content behind the markers of list items that begin on this line. */
function enterItems(flat: string, columns: number[]): string {
  let content = flat
  for (;;) {
    const marker = thematicBreak.test(content) ? null : listMarker.exec(content)
    if (marker === null) return content
    const [all, sign = '', space = ''] = marker
    // Five spaces and more: an indented code block in the item.
    const width =
      space.length > 4 || space === '' ? sign.length + 1 : all.length
    columns.push((columns.at(-1) ?? 0) + width)
    content = content.slice(width)
  }
}

function openBlock(
  content: string,
  column: number,
  inParagraph: boolean,
): Open | null {
  const fence = /^( {0,3})(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(content)
  if (fence !== null) {
    const run = fence[2] ?? fence[3] ?? ''
    const end = new RegExp(String.raw`^ {0,3}${run[0]}{${run.length},}\s*$`)
    return {
      kind: 'code',
      closing: run,
      isEnd: (line, isFirst) => !isFirst && end.test(line),
      column,
    }
  }
  for (const { kind, begin, end, closing } of html) {
    const begun = begin.exec(content)?.[0]
    if (begun === undefined) continue
    return {
      kind,
      closing,
      isEnd: (line, isFirst) =>
        end.test(isFirst ? line.slice(begun.length) : line),
      column,
    }
  }
  if (blockTag.test(content) || (!inParagraph && loneTag.test(content)))
    return {
      kind: 'markup',
      closing: '',
      isEnd: (line) => line.trim() === '',
      column,
    }
  return null
}

/** Elements that would go on in what is written behind them. */
const spanning =
  /<(\/?)(details|pre|table|ul|ol|dl|blockquote|div|center|h[1-6]|sub|sup|b|strong|i|em|u|s|del|ins|code|kbd|a)(?:\s[^<>]*)?>/gi

/** Follows which of them are open, as a browser would. */
function track(markup: string, elements: string[]): void {
  for (const [, slash, tag = ''] of markup.matchAll(spanning)) {
    const name = tag.toLowerCase()
    if (slash === '') elements.push(name)
    else if (elements.includes(name))
      elements.splice(elements.lastIndexOf(name))
  }
}

/** A block that goes on until its own end, or that of the list item around it. */
export interface Block {
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
  readonly kind: Block['kind']
  readonly begin: RegExp
  readonly end: RegExp
  readonly closing: string
}[] = [
  {
    kind: 'markup',
    begin: /^ {0,3}<pre(?=[\s>]|$)/i,
    end: rawEnd,
    closing: '</pre>',
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

/**
 * The code fence or raw HTML that begins on this line. `content`: the line
 * behind the markers of the list items it stands in.
 */
export function openBlock(
  content: string,
  column: number,
  inParagraph: boolean,
): Block | null {
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

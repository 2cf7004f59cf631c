/**
 * A scalar that may go on in the lines below it, and the value on the line
 * where it begins. Only forms whose end is certain are known.
 */
export interface OpenScalar {
  readonly form: 'block' | 'plain' | '"' | "'"
  /** Its lines stand to the right of this column. */
  readonly parent: number
  /** Do empty lines at its end belong to it? (`|+`) */
  readonly keep: boolean
}

/** What stands after a key or a dash. */
export interface LineValue {
  /** As written, without its comment; empty for nothing. */
  readonly text: string
  /** `null` when no later line can belong to it. */
  readonly open: OpenScalar | null
}

const blockHeader = /^[|>](?:[1-9]?[+-]?|[+-][1-9])(?: +#.*| *)$/
/** An empty map, or a list of words on one line. */
const flow =
  /^(?:\{ *\}|\[(?:[^[\]{}"'#&*!|>%@`:?]|:(?=[^\s,\]]))*\])(?: +#.*| *)$/
const notPlain = /^[,[\]{}#&*!|>'"%@`\t]|^[-?:](?:[ \t]|$)/
const endsPlain = /:(?:[ \t]|$)|[ \t]#/
const afterQuote = /^(?: +#.*| *)$/

/** `null` for a value in a form that is not known. */
export function readLineValue(text: string, parent: number): LineValue | null {
  const first = text[0]
  if (first === undefined || first === '#') return { text: '', open: null }
  if (first === '|' || first === '>') {
    const keep = /^.[1-9]?\+/.test(text)
    const open: OpenScalar = { form: 'block', parent, keep }
    return blockHeader.test(text) ? { text, open } : null
  }
  if (first === '"' || first === "'") {
    const close = closingQuote(text, 1, first)
    if (close === -1)
      return { text, open: { form: first, parent, keep: false } }
    if (!afterQuote.test(text.slice(close + 1))) return null
    return { text: text.slice(0, close + 1), open: null }
  }
  const comment = text.search(/[ \t]#/)
  const value = (comment === -1 ? text : text.slice(0, comment)).trimEnd()
  if (flow.test(text)) return { text: value, open: null }
  if (notPlain.test(value) || endsPlain.test(value)) return null
  const open: OpenScalar = { form: 'plain', parent, keep: false }
  return { text: value, open: comment === -1 ? open : null }
}

/**
 * Does this line, which is not empty, belong to the scalar? `unclear` when
 * that cannot be said.
 */
export function readContinuation(
  scalar: OpenScalar,
  column: number,
  content: string,
): 'goes on' | 'ends here' | 'ended before' | 'unclear' {
  const isInside = column > scalar.parent
  switch (scalar.form) {
    case 'block':
      return isInside ? 'goes on' : 'ended before'
    case 'plain':
      if (!isInside || content.startsWith('#')) return 'ended before'
      return endsPlain.test(content) ? 'unclear' : 'goes on'
    case '"':
    case "'": {
      // Helm's parser takes quoted lines at any column: too odd to follow.
      if (!isInside) return 'unclear'
      const close = closingQuote(content, 0, scalar.form)
      if (close === -1) return 'goes on'
      return afterQuote.test(content.slice(close + 1)) ? 'ends here' : 'unclear'
    }
  }
}

function closingQuote(text: string, from: number, quote: '"' | "'"): number {
  const inside = quote === '"' ? /\\.|(")/g : /''|(')/g
  inside.lastIndex = from
  for (let match = inside.exec(text); match; match = inside.exec(text))
    if (match[1] !== undefined) return match.index
  return -1
}

import { lexer, type Token, type Tokens } from 'marked'
import type { Html } from './html.ts'
import { type MarkdownPlace, type Writer, writeBlock } from './markdown.ts'

export interface ReadmePlace extends MarkdownPlace {
  /** How many characters of markup, at most. */
  readonly longest: number
}

export interface RenderedReadme extends Html {
  /** Was it longer than there is room for? */
  readonly isCut: boolean
}

/** More of a README is not looked at: one page shall hold it. */
export const LONGEST_README = 40_000

/**
 * A README in Markdown as markup. Nothing of it is taken over: it is read into
 * tokens, and only what is known here is written again, its text escaped. Raw
 * HTML goes, the text between stays; links lead to http(s) and mail addresses
 * only, images come from http(s) only (P11).
 */
export function renderReadme(
  markdown: string,
  place: ReadmePlace,
): RenderedReadme {
  const text = markdown.slice(0, LONGEST_README)
  const writer: Writer = { place, level: place.level - 1, ids: new Map() }
  let html = ''
  let isCut = markdown.length > LONGEST_README
  try {
    for (const token of withoutTitle(lexer(text))) {
      const block = writeBlock(token, writer)
      if (html.length + block.length > place.longest) {
        isCut = true
        break
      }
      html += block
    }
  } catch (thrown) {
    // Nested so deep that nobody wrote it by hand.
    if (!(thrown instanceof RangeError)) throw thrown
    isCut = true
  }
  return { html, isCut }
}

/** The page has the chart's name as its own title. */
function withoutTitle(tokens: readonly Token[]): readonly Token[] {
  const first = tokens.findIndex(({ type }) => type !== 'space')
  const token = tokens[first]
  return token?.type === 'heading' && (token as Tokens.Heading).depth === 1
    ? tokens.toSpliced(first, 1)
    : tokens
}

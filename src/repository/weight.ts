import { Lexer } from 'yaml'

/**
 * What a text of this many tokens is parsed into, twice for an insertion, takes
 * up to 700 MB (measured; 15,000 entries in JSON are as many).
 */
const MOST_TOKENS = 750_000

/** A text of 16 MiB is refused unseen: counting it takes seconds. */
const LONGEST = 16 * 1024 * 1024

/** Would a YAML parser need more memory for this text than a runner can spare? */
export function isTooHeavy(text: string): boolean {
  if (text.length > LONGEST) return true
  // Two of a flow list's tokens share a character with what marks them.
  if (text.length * 2 < MOST_TOKENS) return false
  let tokens = 0
  for (const _ of new Lexer().lex(text)) {
    tokens += 1
    if (tokens > MOST_TOKENS) return true
  }
  return false
}

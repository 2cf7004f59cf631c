/**
 * Do Helm's words tell of the network or of a server that is busy, rather than
 * of the chart? They are no contract, so they only ever make a verdict milder.
 */
export function isPassing(words: string): boolean {
  return /\b(?:429|50[0234])\b|too ?many ?requests|time-?out|timed out|deadline exceeded|connection (?:reset|refused)|broken pipe|no such host|network is unreachable|unexpected EOF|: EOF\b|TLS handshake|proxyconnect|server misbehaving/i.test(
    // A chart, a version or a path may hold any of these.
    words.replaceAll(/\S*\/\S*|"[^"]*"/g, ''),
  )
}

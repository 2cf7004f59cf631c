/**
 * The order in which Helm writes the keys of a map: letters come last, digits
 * count as numbers (`a-9` before `a-10`). It is that of go-yaml v2, which
 * sigs.k8s.io/yaml writes with. Negative when `a` stands before `b`.
 */
export function compareKeys(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)]
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const [x = '', y = ''] = [left[at], right[at]]
    if (x === y) continue
    const [xIsLetter, yIsLetter] = [isLetter(x), isLetter(y)]
    if (xIsLetter && yIsLetter) return compareRunes(x, y)
    if (xIsLetter || yIsLetter) return yIsLetter ? -1 : 1
    return compareNumbers(left, right, at)
  }
  return left.length - right.length
}

/** `left` and `right` first differ at `at`, and neither has a letter there. */
function compareNumbers(
  left: readonly string[],
  right: readonly string[],
  at: number,
): number {
  // 10 and 1: a zero counts only when a number stands before it.
  const carried =
    (left[at] === '0' || right[at] === '0') && endsInNumber(left.slice(0, at))
      ? '1'
      : ''
  const [x, y] = [digitsFrom(left, at), digitsFrom(right, at)]
  const [a, b] = [BigInt(carried + x || '0'), BigInt(carried + y || '0')]
  if (a !== b) return a < b ? -1 : 1
  if (x.length !== y.length) return x.length - y.length
  return compareRunes(left[at] ?? '', right[at] ?? '')
}

function endsInNumber(runes: readonly string[]): boolean {
  return /[1-9][0-9]*$/.test(runes.join(''))
}

function digitsFrom(runes: readonly string[], at: number): string {
  return /^[0-9]*/.exec(runes.slice(at).join(''))?.[0] ?? ''
}

function isLetter(rune: string): boolean {
  return /^\p{L}$/u.test(rune)
}

function compareRunes(a: string, b: string): number {
  return (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)
}

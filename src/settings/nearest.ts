/** The candidate that takes the fewest edits to become `word`. */
export function findNearest(
  word: string,
  candidates: readonly string[],
): string | undefined {
  return candidates.toSorted(
    (one, other) => distance(word, one) - distance(word, other),
  )[0]
}

/** Levenshtein's distance. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let line = 0; line < one.length; line++) {
    const next = [line + 1]
    for (let at = 0; at < other.length; at++)
      next.push(
        Math.min(
          (row[at + 1] ?? 0) + 1,
          (next[at] ?? 0) + 1,
          (row[at] ?? 0) + (one[line] === other[at] ? 0 : 1),
        ),
      )
    row = next
  }
  return row.at(-1) ?? 0
}

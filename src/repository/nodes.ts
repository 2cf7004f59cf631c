import {
  type Document,
  isNode,
  isScalar,
  type Pair,
  type ParsedNode,
  visit,
  type YAMLMap,
} from 'yaml'

export type ParsedMap = YAMLMap.Parsed
export type ParsedPair = Pair<ParsedNode, ParsedNode | null>

/** A key as Helm sees it: unquoted, `on` is the boolean `true`. */
export function keyText(key: unknown): string | null {
  return isScalar(key) ? String(key.value) : null
}

export function pairOf<P extends { readonly key: unknown }>(
  map: { readonly items: readonly P[] },
  key: string,
): P | undefined {
  return map.items.find((pair) => keyText(pair.key) === key)
}

/** Is there nothing, or a null, after the key? */
export function isEmptyNode(node: ParsedNode | null): boolean {
  return node === null || (isScalar(node) && node.value === null)
}

/**
 * The first key that stands twice in its map, and its offset. The parser's own
 * check, `uniqueKeys`, compares every key with every other.
 */
export function findRepeatedKey(
  document: Document.Parsed,
): { readonly key: string; readonly offset: number } | undefined {
  let found: ReturnType<typeof findRepeatedKey>
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>()
      for (const { key } of map.items) {
        const text = keyText(key)
        // Several merges are as good as one.
        if (text === null || text === '<<') continue
        if (seen.has(text)) {
          const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0
          found = { key: text, offset }
          return visit.BREAK
        }
        seen.add(text)
      }
      return undefined
    },
  })
  return found
}

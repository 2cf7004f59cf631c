import { isScalar, type Pair, type ParsedNode, type YAMLMap } from 'yaml'

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

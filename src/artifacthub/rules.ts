import { parse } from 'yaml'
import { explainImage } from './image-reference.ts'

/** Why ArtifactHub would refuse a value; `null`: it takes it. */
export type Rule = (value: string) => string | null

/** https://artifacthub.io/docs/topics/annotations/helm/#supported-annotations */
const categories = [
  'ai-machine-learning',
  'database',
  'integration-delivery',
  'monitoring-logging',
  'networking',
  'security',
  'skip-prediction',
  'storage',
  'streaming-messaging',
]
const kinds = ['added', 'changed', 'deprecated', 'removed', 'fixed', 'security']
const capabilities = [
  'basic install',
  'seamless upgrades',
  'full lifecycle',
  'deep insights',
  'auto pilot',
]

/**
 * The annotations below `artifacthub.io/` whose value ArtifactHub checks. One
 * that it refuses drops the whole version from its listing (artifacthub/hub,
 * `internal/tracker/source/helm/helm.go`).
 */
export const rules: Readonly<Record<string, Rule>> = {
  category: oneOf(categories),
  changes: listOf(explainChange, explainMixture),
  containsSecurityUpdates: explainBoolean,
  crds: listOf(() => null),
  crdsExamples: listOf(() => null),
  images: listOf(
    (item) =>
      texts(item, { image: true, name: false }) ??
      explainImage(String((item as { readonly image: unknown }).image)),
  ),
  links: listOf((item) => texts(item, { name: false, url: false })),
  maintainers: listOf((item) => texts(item, { name: false, email: false })),
  operator: explainBoolean,
  operatorCapabilities: (value) => oneOf(capabilities)(value.toLowerCase()),
  prerelease: explainBoolean,
  recommendations: listOf((item) => texts(item, { url: false })),
  screenshots: listOf((item) => texts(item, { title: false, url: false })),
  signKey: (value) => {
    const found = readYaml(value)
    if ('why' in found) return found.why
    return texts(found.value, { fingerprint: false, url: true })
  },
}

function oneOf(allowed: readonly string[]): Rule {
  return (value) =>
    allowed.includes(value)
      ? null
      : `${JSON.stringify(value)} is none of its values: ${allowed.join(', ')}`
}

/** As Go's `strconv.ParseBool` reads it. */
function explainBoolean(value: string): string | null {
  return /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)
    ? null
    : `${JSON.stringify(value)} is no boolean: write "true" or "false"`
}

/** An empty value is an empty list. */
function listOf(
  explain: (item: unknown) => string | null,
  explainAll: (items: readonly unknown[]) => string | null = () => null,
): Rule {
  return (value) => {
    const found = readYaml(value)
    if ('why' in found) return found.why
    if (found.value === null) return null
    if (!Array.isArray(found.value))
      return `it is no YAML list, but ${kindOf(found.value)}: start each item with "- "`
    for (const [at, item] of found.value.entries()) {
      const why = explain(item)
      if (why !== null) return `item ${at + 1}: ${why}`
    }
    return explainAll(found.value)
  }
}

/** It is read as a list of maps, or else as a list of texts. */
function explainMixture(items: readonly unknown[]): string | null {
  return items.some(isScalar) && !items.every(isScalar)
    ? 'some items are texts and some are maps: write all in one way'
    : null
}

function isScalar(item: unknown): boolean {
  return item !== null && typeof item !== 'object'
}

function explainChange(item: unknown): string | null {
  if (item === '') return 'it is empty'
  // A number is taken as the text that it is written as.
  if (isScalar(item)) return null
  const why = texts(item, { kind: false, description: true })
  if (why !== null)
    return `${why} (quote texts that hold any of {}:[],&*#?|-<>=!%@)`
  const { kind, links } = item as Readonly<Record<string, unknown>>
  if (
    typeof kind === 'string' &&
    kind !== '' &&
    !kinds.includes(kind.toLowerCase())
  )
    return `its kind ${JSON.stringify(kind)} is none of ${kinds.join(', ')}`
  if (links === undefined || links === null) return null
  if (!Array.isArray(links)) return 'its links are no list'
  for (const link of links) {
    const fault = texts(link, { name: true, url: true })
    if (fault !== null) return `of its links, one is wrong: ${fault}`
  }
  return null
}

/** A map with these fields as text; `true`: it must be there. */
function texts(
  item: unknown,
  fields: Readonly<Record<string, boolean>>,
): string | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return `it is no map, but ${kindOf(item)}`
  const map = item as Readonly<Record<string, unknown>>
  for (const [name, required] of Object.entries(fields)) {
    const value = map[name]
    if (value === undefined || value === null || value === '') {
      if (required) return `it has no "${name}"`
    } else if (typeof value === 'object')
      return `its "${name}" is ${kindOf(value)}, not text`
  }
  return null
}

function readYaml(
  text: string,
): { readonly value: unknown } | { readonly why: string } {
  try {
    return {
      value: parse(text, {
        maxAliasCount: 100,
        uniqueKeys: false,
        logLevel: 'error',
      }) as unknown,
    }
  } catch (thrown) {
    const [first = ''] = String(
      thrown instanceof Error ? thrown.message : thrown,
    ).split('\n')
    return { why: `it is no YAML: ${first.replace(/:$/, '')}` }
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object'
    ? 'a map'
    : `the text ${JSON.stringify(value)}`
}

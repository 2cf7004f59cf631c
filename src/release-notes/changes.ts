import { parse } from 'yaml'
import { escapeMarkdown } from '../report/escape.ts'
import { link } from '../report/link.ts'

/** In the order of https://keepachangelog.com */
const kinds = [
  'added',
  'changed',
  'deprecated',
  'removed',
  'fixed',
  'security',
] as const

interface Change {
  /** `''`: of no kind, or of one that nobody knows. */
  readonly kind: string
  readonly markdown: string
}

/**
 * The annotation `artifacthub.io/changes` as Markdown, grouped by kind; `null`:
 * it lists no change. A list of texts, or of maps
 * (https://artifacthub.io/docs/topics/annotations/helm/). Whoever writes it is
 * not trusted: descriptions are text, and links lead to http(s) only (P11).
 */
export function renderChanges(annotation: string): string | null {
  const changes = readList(annotation).flatMap(readChange)
  const groups = ['', ...kinds].flatMap((kind) => {
    const items = changes.filter((change) => change.kind === kind)
    if (items.length === 0) return []
    const list = items.map(({ markdown }) => `- ${markdown}`).join('\n')
    return [kind === '' ? list : `### ${titleOf(kind)}\n\n${list}`]
  })
  return groups.length === 0 ? null : groups.join('\n\n')
}

function readList(annotation: string): readonly unknown[] {
  try {
    const value: unknown = parse(annotation, {
      maxAliasCount: 100,
      uniqueKeys: false,
      logLevel: 'error',
    })
    return Array.isArray(value) ? value : []
  } catch {
    // What is wrong with it is told where the chart's metadata is checked.
    return []
  }
}

function readChange(value: unknown): readonly Change[] {
  if (typeof value !== 'object' || value === null) {
    const text = plainText(value)
    return text === '' ? [] : [{ kind: '', markdown: escapeMarkdown(text) }]
  }
  const { kind, description, links } = value as Readonly<
    Record<string, unknown>
  >
  const text = plainText(description)
  if (text === '') return []
  const known = plainText(kind).toLowerCase()
  const refs = (Array.isArray(links) ? (links as unknown[]) : []).flatMap(
    readLink,
  )
  return [
    {
      kind: (kinds as readonly string[]).includes(known) ? known : '',
      markdown:
        escapeMarkdown(text) +
        (refs.length === 0 ? '' : ` (${refs.join(', ')})`),
    },
  ]
}

/** Only where it leads to http(s): another one is left out. */
function readLink(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const { name, url } = value as Readonly<Record<string, unknown>>
  const address = plainText(url)
  if (!/^https?:\/\//i.test(address)) return []
  return [link(plainText(name) || address, address)]
}

function plainText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value).trim()
    : ''
}

function titleOf(kind: string): string {
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
}

import type { DoorResponse } from '../door.ts'
import type { Asker } from './access.ts'
import { Refusal, json } from './answer.ts'
import type { Hub, Scope } from './hub.ts'

/** A request to the API, as a route sees it. */
export interface Call {
  readonly asker: Asker
  /** What stands in the braces of the route's path, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below `/repos/OWNER/REPO`. `{name}` is one segment, `{name+}` several. */
  readonly path: string
  readonly scope: Scope
  readonly handle: (
    hub: Hub,
    call: Call,
  ) => DoorResponse | Promise<DoorResponse>
}

/** The values of the braces; `null` when the path is another one. */
export function matchPath(
  pattern: string,
  path: string,
): Record<string, string> | null {
  const expression = pattern
    .replaceAll('.', String.raw`\.`)
    .replaceAll(/\{(\w+)\+\}/g, '(?<$1>.+)')
    .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  const found = new RegExp(`^${expression}$`).exec(path)
  if (found === null) return null
  return Object.fromEntries(
    Object.entries(found.groups ?? {}).map(([name, value]) => [
      name,
      decode(value),
    ]),
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Refusal(400, 'Problems parsing the URL')
  }
}

/** The body as a JSON object. */
export function bodyOf(call: Call): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(call.body.toString() || '{}')
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new Refusal(400, 'Body should be a JSON object')
}

/** A field that must be a string, or `undefined` when it is not there. */
export function textField(
  body: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw invalidRequest(name, value, 'a string')
}

/** A field that must be a boolean, or `undefined` when it is not there. */
export function flagField(
  body: Readonly<Record<string, unknown>>,
  name: string,
): boolean | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean') return value
  throw invalidRequest(name, value, 'a boolean')
}

/** The words of GitHub's JSON schema check. */
export function invalidRequest(
  name: string,
  value: unknown,
  wanted: string,
): Refusal {
  return new Refusal(
    422,
    `Invalid request.\n\nFor 'properties/${name}', ${JSON.stringify(value)} is not ${wanted}.`,
  )
}

/** One page of a list, with the `Link` header that leads to the others. */
export function listPage(call: Call, items: readonly unknown[]): DoorResponse {
  const number = (name: string, otherwise: number): number => {
    const value = Number(call.url.searchParams.get(name))
    return Number.isInteger(value) && value > 0 ? value : otherwise
  }
  const size = Math.min(100, number('per_page', 30))
  const page = number('page', 1)
  const last = Math.max(1, Math.ceil(items.length / size))
  const link = (to: number, rel: string): string => {
    const url = new URL(call.url)
    url.searchParams.set('page', String(to))
    return `<${url.href}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
  ]
  return json(
    200,
    items.slice((page - 1) * size, page * size),
    links.length === 0 ? {} : { link: links.join(', ') },
  )
}

/** Was this media type asked for (`raw`, `sha`), with or without a version? */
export function wants(call: Call, type: string): boolean {
  return new RegExp(
    String.raw`application/vnd\.github\.(v3\.)?${type}(\+json)?(,|;|$)`,
  ).test(call.headers['accept'] ?? '')
}

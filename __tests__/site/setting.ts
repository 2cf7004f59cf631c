import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { JsonObject } from '../../src/model.ts'
import { emptyMemory, type Released } from '../../src/site/memory.ts'
import { renderSite, type SiteOrder } from '../../src/site/site.ts'

export const facts: SiteOrder['facts'] = {
  owner: 'acme',
  repositoryName: 'charts',
  repositoryUrl: 'https://github.com/acme/charts',
  baseUrl: 'https://acme.github.io/charts',
}

export function entryOf(
  version: string,
  more: JsonObject = {},
): JsonObject & { version: string } {
  return {
    apiVersion: 'v2',
    name: 'demo',
    version,
    created: '2026-01-02T03:04:05Z',
    digest: 'ab12'.repeat(16),
    urls: [
      `https://github.com/acme/charts/releases/download/v${version}/demo-${version}.tgz`,
    ],
    ...more,
  }
}

export function releaseOf(
  version: string,
  more: Partial<Released> = {},
): Released {
  return {
    name: 'demo',
    version,
    tag: `v${version}`,
    directory: 'demo',
    registries: [
      {
        target: 'oci://ghcr.io/acme/charts/demo',
        reference: `ghcr.io/acme/charts/demo:${version}`,
        login: false,
      },
    ],
    readme: '',
    isSigned: false,
    ...more,
  }
}

/** The files of a site as texts. */
export function render(
  index: string,
  order: Partial<SiteOrder> = {},
): Readonly<Record<string, string>> {
  const files = renderSite(index, {
    facts,
    memory: emptyMemory,
    released: [],
    ...order,
  })
  return Object.fromEntries(
    Array.from(files, ([name, bytes]) => [name, Buffer.from(bytes).toString()]),
  )
}

/** The markup of the page as text: its tags gone, its entities read. */
export function textOf(page: string): string {
  return page
    .replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

/** Served indexes of real repositories, where this machine has them. */
export function realIndexes(): readonly { name: string; text: string }[] {
  const folder = path.resolve(
    import.meta.dirname,
    '../../../shared/corpus/index',
  )
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((name) => ({
    name,
    text: readFileSync(path.join(folder, name), 'utf8'),
  }))
}

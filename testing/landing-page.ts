import { entryLines, helmStyle } from '../src/repository/emit.ts'
import { scalarInLine } from '../src/repository/scalar.ts'
import type { JsonObject } from '../src/model.ts'
import { emptyMemory, type Released } from '../src/site/memory.ts'
import { renderSite } from '../src/site/site.ts'
import { type Door, openDoor } from './door.ts'
import { serveFile } from './pages/files.ts'

/** A landing page on loopback, at `/charts/` of a server. */
export interface ServedSite {
  /** Of the site, with a slash at the end. */
  readonly url: string
  readonly door: Door
  close(): Promise<void>
}

export type Charts = Readonly<Record<string, readonly JsonObject[]>>

export interface SiteWish {
  /** Versions of each chart, the newest first, by their names. */
  readonly charts: Charts
  readonly released?: readonly Released[]
  /** Path before the site; default: `/charts/`. */
  readonly prefix?: string
  /** Other files of the site, by their paths. */
  readonly files?: Readonly<Record<string, string>>
  /** What the page calls its own address; default: where it is served. */
  readonly baseUrl?: string
}

/** An index of these charts, as Helm writes it. */
export function writeIndex(charts: Charts): string {
  const lines = ['apiVersion: v1', 'entries:']
  for (const [name, entries] of Object.entries(charts)) {
    lines.push(`  ${scalarInLine(name)}:`)
    for (const entry of entries) lines.push(...entryLines(entry, helmStyle))
  }
  return `${lines.join('\n')}\n`
}

/** Serves what GitHub Pages would serve of such a branch. */
export async function serveSite({
  charts,
  released = [],
  prefix = '/charts/',
  files = {},
  baseUrl,
}: SiteWish): Promise<ServedSite> {
  const served = new Map<string, Buffer>()
  const door = await openDoor(async ({ url }) =>
    url.pathname.startsWith(prefix)
      ? await serveFile(
          url.pathname.slice(prefix.length),
          async (file) => served.get(file) ?? null,
        )
      : { status: 404 },
  )
  // An icon is an address, and which one is only known now.
  const index = writeIndex(charts).replaceAll('SITE/', `${door.url}${prefix}`)
  const site = renderSite(index, {
    facts: {
      owner: 'harbour',
      repositoryName: 'charts',
      repositoryUrl: 'https://github.com/harbour/charts',
      baseUrl: baseUrl ?? `${door.url}${prefix}`.replace(/\/$/, ''),
    },
    memory: emptyMemory,
    released,
  })
  for (const [name, bytes] of site) served.set(name, Buffer.from(bytes))
  served.set('index.yaml', Buffer.from(index))
  served.set('.nojekyll', Buffer.alloc(0))
  for (const [name, text] of Object.entries(files))
    served.set(name, Buffer.from(text))
  return {
    url: `${door.url}${prefix}`,
    door,
    close: async () => {
      await door.close()
    },
  }
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#0f5c6e"/><path d="M8 40c8 0 8-6 16-6s8 6 16 6 8-6 16-6" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round"/><path d="M8 28c8 0 8-6 16-6s8 6 16 6 8-6 16-6" fill="none" stroke="#7fd0dd" stroke-width="5" stroke-linecap="round"/></svg>'

const readme = `# tidepool

Tidepool keeps **queues of small jobs** close to the services that work on them: one process in each namespace, no broker to look after.

## What it installs

- a StatefulSet with a queue, and a Service in front of it
- a ServiceMonitor, where Prometheus’ operator is there
- a PodDisruptionBudget, with more than one replica

## Values

| Key | Type | Default | Description |
| --- | ---- | ------- | ----------- |
| \`replicas\` | int | \`1\` | Processes; three survive the loss of one |
| \`storage.size\` | string | \`"1Gi"\` | Room for jobs that wait |
| \`metrics.enabled\` | bool | \`false\` | Makes a ServiceMonitor |

See [the values file](values.yaml) for all of them, and [what it installs](#what-it-installs).

\`\`\`yaml
replicas: 3
metrics:
  enabled: true
\`\`\`
`

/** A chart with all that a page can tell of one. */
export function sampleChart(): SiteWish {
  const versions = [
    ['3.0.0-rc.1', '2.0.0-rc.1', '>=1.29.0-0', '2026-09-30'],
    ['2.4.1', '1.9.3', '>=1.27.0-0', '2026-09-12'],
    ['2.4.0', '1.9.0', '>=1.27.0-0', '2026-08-28'],
    ['2.3.0', '1.8.2', '>=1.25.0-0', '2026-06-02'],
    ['2.2.0', '1.8.0', '>=1.25.0-0', '2026-04-17'],
    ['2.1.0', '1.7.1', '>=1.25.0-0', '2026-02-09'],
    ['2.0.0', '1.7.0', '>=1.25.0-0', '2026-01-20'],
    ['1.9.2', '1.6.4', '>=1.23.0-0 <1.31.0-0', '2025-11-03'],
    ['1.9.1', '1.6.3', '>=1.23.0-0 <1.31.0-0', '2025-10-14'],
    ['1.9.0', '1.6.3', '', '2025-09-30'],
    ['1.8.0', '1.6.0', '', '2025-07-08'],
    ['0.3.0', '0.9.0', '', '2024-12-01'],
  ] as const
  const digest = (version: string): string =>
    Buffer.from(version.padEnd(32, '·')).toString('hex').slice(0, 64)
  return {
    files: { 'icon.svg': icon },
    charts: {
      tidepool: versions.map(([version, appVersion, kubeVersion, date]) => ({
        apiVersion: 'v2',
        name: 'tidepool',
        version,
        appVersion,
        kubeVersion,
        description: 'Queues of small jobs, close to the services that work',
        icon: 'SITE/icon.svg',
        home: 'https://tidepool.example.com/',
        sources: ['https://github.com/harbour/tidepool'],
        keywords: ['queue', 'jobs'],
        maintainers: [
          { name: 'Ada Marlow', email: 'ada@example.com' },
          { name: 'Ines Okafor', url: 'https://example.com/ines' },
        ],
        annotations: { 'artifacthub.io/license': 'Apache-2.0' },
        created: `${date}T09:00:00Z`,
        digest: digest(version),
        urls: [
          `https://github.com/harbour/charts/releases/download/v${version}/tidepool-${version}.tgz`,
        ],
      })),
    },
    released: [
      {
        name: 'tidepool',
        version: '2.4.1',
        tag: 'v2.4.1',
        directory: 'tidepool',
        registries: [
          {
            target: 'oci://ghcr.io/harbour/charts/tidepool',
            reference: 'ghcr.io/harbour/charts/tidepool:2.4.1',
            login: false,
          },
        ],
        readme,
        isSigned: true,
      },
    ],
  }
}

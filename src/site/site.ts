import { readCatalog } from '../repository/index-file.ts'
import { type SiteChart, toSiteCharts, toSlug } from './catalog.ts'
import { renderChart } from './chart.ts'
import { renderDocument } from './document.ts'
import type { SiteFacts } from './facts.ts'
import { html, type Html, nothing, when } from './html.ts'
import {
  type KnownRegistry,
  type Memory,
  type Released,
  remember,
  writeMemory,
} from './memory.ts'
import { renderOverview } from './overview.ts'
import { renderIcon } from './people.ts'
import { renderTroubleshooting } from './troubleshooting.ts'

/** The landing page's own files, beside the index. */
export const PAGE = 'index.html'
export const MEMORY = 'landing-page.json'
export const CHARTS = 'charts'

/** With more charts than these, each gets a page of its own. */
const MOST_SECTIONS = 4

export interface SiteOrder {
  readonly facts: Omit<SiteFacts, 'memory'>
  /** What was remembered until now. */
  readonly memory: Memory
  /** What is released into this index. */
  readonly released: readonly Released[]
}

/**
 * The landing page of an index: its files by their paths from the index on. The
 * same index and facts give the same bytes. `INDEX_INVALID` as `readCatalog`.
 */
export function renderSite(
  index: string,
  order: SiteOrder,
): ReadonlyMap<string, Uint8Array> {
  const charts = toSiteCharts(readCatalog(index))
  const remembered = remember(order.memory, charts, order.released)
  const hasPages = remembered.hasPages || charts.length > MOST_SECTIONS
  const memory = { ...remembered, hasPages }
  const facts = { ...order.facts, memory }
  const files = new Map<string, Uint8Array>()
  files.set(PAGE, renderHome(charts, facts, hasPages))
  files.set(MEMORY, Buffer.from(writeMemory(memory)))
  if (!hasPages) return files
  for (const chart of charts)
    if (chart.slug !== null)
      files.set(
        `${CHARTS}/${chart.slug}.html`,
        renderWhole(chart, facts, '../'),
      )
  for (const name of memory.charts.keys())
    if (!charts.some((chart) => chart.name === name) && toSlug(name) !== null)
      files.set(`${CHARTS}/${name}.html`, renderGone(name, facts))
  return files
}

/** One chart is the page; several are listed, with all of each or a link. */
function renderHome(
  charts: readonly SiteChart[],
  facts: SiteFacts,
  hasPages: boolean,
): Uint8Array {
  const [only, second] = charts
  if (only !== undefined && second === undefined && !hasPages)
    return renderWhole(only, facts, '')
  const title = `Helm charts of ${facts.owner}`
  const description = `Charts in ${facts.repositoryUrl}, and how to install them`
  return renderDocument({
    title,
    description,
    header: html`<div class="hero">
      <div>
        <p class="eyebrow">
          <a href="${facts.repositoryUrl}"
            >${facts.owner}/${facts.repositoryName}</a
          >
        </p>
        <h1>${title}</h1>
      </div>
    </div>`,
    content: html`${renderOverview(charts, facts, hasPages)}
    ${hasPages ? nothing : charts.map((chart, at) => renderSection(chart, facts, { at, of: charts.length }))}
    ${renderHelp(charts, facts)}`,
    footer: renderFooter(facts, ''),
  })
}

function renderSection(
  chart: SiteChart,
  facts: SiteFacts,
  { at, of }: { readonly at: number; readonly of: number },
): Html {
  const { name, about } = chart
  const id = `chart-${at + 1}`
  return html`<article class="chart" aria-labelledby="${id}">
    <div class="hero">
      ${renderIcon(about.icon, 48)}
      <div>
        <h2 id="${id}"><bdi>${name}</bdi></h2>
        ${when(about.description, (text) => html`<p class="lead" dir="auto">${text}</p>`)}
      </div>
    </div>
    ${renderChart({ facts, chart, root: '', level: 3, prefix: `${id}-`, share: 1 / of })}
  </article> `
}

/** A page about one chart; `root` leads from it to the index. */
function renderWhole(
  chart: SiteChart,
  facts: SiteFacts,
  root: string,
): Uint8Array {
  const { name, about } = chart
  const up =
    root === ''
      ? html`<a href="${facts.repositoryUrl}"
          >${facts.owner}/${facts.repositoryName}</a
        >`
      : html`<a href="${root}">All charts of ${facts.owner}</a>`
  return renderDocument({
    title: `${name}: Helm chart of ${facts.owner}`,
    description: about.description,
    header: html`<div class="hero">
      ${renderIcon(about.icon, 72)}
      <div>
        <p class="eyebrow">${up}</p>
        <h1><bdi>${name}</bdi></h1>
        ${when(about.description, (text) => html`<p class="lead" dir="auto">${text}</p>`)}
      </div>
    </div>`,
    content: html`${renderChart({ facts, chart, root, level: 2, prefix: '', share: 1 })}
    ${renderHelp([chart], facts)}`,
    footer: renderFooter(facts, root),
  })
}

/** For those who come back to a chart that the index has no more. */
function renderGone(name: string, facts: SiteFacts): Uint8Array {
  return renderDocument({
    title: `${name}: no longer listed`,
    description: '',
    header: html`<div class="hero">
      <div>
        <p class="eyebrow"><a href="../">All charts of ${facts.owner}</a></p>
        <h1><bdi>${name}</bdi></h1>
      </div>
    </div>`,
    content: html`<p>
      This chart is no longer in the Helm repository. What is there now is on
      <a href="../">the list of all charts</a>.
    </p>`,
    footer: renderFooter(facts, '../'),
  })
}

/** With the commands of the chart that can be had in most ways. */
function renderHelp(charts: readonly SiteChart[], facts: SiteFacts): Html {
  const registryOf = ({
    name,
    shown,
  }: SiteChart): KnownRegistry | undefined => {
    const known = facts.memory.charts.get(name)
    if (known?.version !== shown.version) return undefined
    return known.registries.find(({ login }) => !login) ?? known.registries[0]
  }
  const chart = charts.find((one) => registryOf(one)) ?? charts[0]
  return when(
    chart,
    (one) =>
      html`<section aria-labelledby="troubleshooting" class="help">
        <h2 id="troubleshooting">Troubleshooting</h2>
        ${renderTroubleshooting({
          name: one.name,
          version: one.shown.version,
          isLibrary: one.about.isLibrary,
          registry: registryOf(one),
          baseUrl: facts.baseUrl,
          repositoryName: facts.repositoryName,
        })}
      </section>`,
  )
}

function renderFooter(facts: SiteFacts, root: string): Html {
  return html`<p>
    <a href="${root}index.yaml">index.yaml</a> is the Helm repository for
    programs. <a href="${facts.repositoryUrl}">Source and issues</a> are on
    ${new URL(facts.repositoryUrl).host}.
  </p>`
}

import { shellArgument } from '../report/escape.ts'
import type { SiteChart } from './catalog.ts'
import { renderCommand } from './command.ts'
import type { SiteFacts } from './facts.ts'
import { html, when, type Html } from './html.ts'
import { renderIcon } from './people.ts'

/** The list of charts, each with a link to all about it. */
export function renderOverview(
  charts: readonly SiteChart[],
  facts: SiteFacts,
  hasPages: boolean,
): Html {
  if (charts.length === 0)
    return html`<p>
      There are no charts here yet. The first release will list one.
    </p>`
  const add = ['helm', 'repo', 'add', facts.repositoryName, facts.baseUrl]
  return html`<section aria-labelledby="charts">
      <h2 id="charts">
        ${charts.length} ${charts.length === 1 ? 'chart' : 'charts'}
      </h2>
      <ul class="cards" data-filter>
        ${charts.map((chart, at) => renderCard(chart, addressOf(chart, at, hasPages)))}
      </ul>
    </section>
    ${when(
      hasPages,
      () =>
        html`<section aria-labelledby="repository">
          <h2 id="repository">The Helm repository</h2>
          <p>
            The page of each chart has its install commands. The repository as a
            whole:
          </p>
          ${renderCommand([add.map(shellArgument).join(' '), `helm search repo ${shellArgument(facts.repositoryName)}`], 'Copy the commands that add the Helm repository')}
        </section> `,
    )}`
}

function addressOf(
  { slug }: SiteChart,
  at: number,
  hasPages: boolean,
): string | null {
  if (!hasPages) return `#chart-${at + 1}`
  return slug === null ? null : `charts/${slug}.html`
}

function renderCard(
  { name, shown, about }: SiteChart,
  address: string | null,
): Html {
  const title =
    address === null
      ? html`<bdi>${name}</bdi>`
      : html`<a href="${address}"><bdi>${name}</bdi></a>`
  return html`<li class="card">
    ${renderIcon(about.icon, 40)}
    <div>
      <h3>
        ${title}${when(about.isDeprecated, () => html` <small class="mark">deprecated</small>`)}
      </h3>
      ${when(about.description, (text) => html`<p dir="auto">${text}</p>`)}
      <p class="meta">
        <span>${shown.version}</span
        >${when(shown.appVersion, (version) => html` <span>app ${version}</span>`)}${when(shown.isPrerelease, () => html` <span>pre-release</span>`)}
      </p>
    </div>
  </li> `
}

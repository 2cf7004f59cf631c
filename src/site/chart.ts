import type { SiteChart } from './catalog.ts'
import { renderCommand } from './command.ts'
import type { SiteFacts } from './facts.ts'
import { code, html, nothing, when, type Html } from './html.ts'
import { renderFacts } from './people.ts'
import { renderReadme } from './readme.ts'
import { renderVerification } from './verification.ts'
import { day, kubernetes, renderVersions } from './versions.ts'
import { type Way, type WaysFacts, waysTo } from './ways.ts'

/** Where a chart is shown: on a page of its own, or among others. */
export interface ChartPlace {
  readonly facts: SiteFacts
  readonly chart: SiteChart
  /** From the page to the index: `''` or `../`. */
  readonly root: string
  /** Of the headings inside: 2 on a page of its own. */
  readonly level: 2 | 3
  /** Before every id inside, so that they are unique on the page. */
  readonly prefix: string
  /** How much of the room of a page it may take. */
  readonly share: number
}

/** Characters of markup: of a README, and of that and all versions. */
const README_ROOM = 26_000
const ROOM = 75_000

/** How to install a chart, and all that is known of it. */
export function renderChart(place: ChartPlace): Html {
  const { facts, chart, root, share } = place
  const { name, shown, about } = chart
  const known = facts.memory.charts.get(name)
  const waysFacts: WaysFacts = { ...facts, chart, known }
  const isSigned = (version: string): boolean | undefined =>
    facts.memory.signed.get(`${name} ${version}`)
  const section = createSections(place)
  const readme = renderReadmeOf(place, section)
  return html`${when(
      about.isDeprecated,
      () =>
        html`<p class="warning">
          <strong>This chart is deprecated.</strong> It is kept for those who
          use it, and will get no new versions.
        </p> `,
    )}
    <div class="columns">
      <div class="main">
        ${section('install', about.isLibrary ? 'Get it' : 'Install', html`${waysTo(waysFacts).map((way) => renderWay(way, name, place.level + 1))}`)}
        ${section(
          'versions',
          'Versions',
          renderVersions({
            chart,
            isSigned,
            root,
            longest: (ROOM - readme.html.length) * share,
          }),
        )}
        ${section('verify', 'Verify', renderVerification(waysFacts, isSigned(shown.version) === true))}
      </div>
      <aside class="side" aria-label="About ${name}">
        ${renderFacts(about, [
          ['Version', html`${shown.version}`],
          ...(shown.appVersion === ''
            ? []
            : [['App version', html`${shown.appVersion}`] as const]),
          ...(shown.kubeVersion === ''
            ? []
            : [
                ['Kubernetes', html`${kubernetes(shown.kubeVersion)}`] as const,
              ]),
          ...(day(shown.created) === ''
            ? []
            : [['Released', html`${day(shown.created)}`] as const]),
        ])}
      </aside>
    </div>
    ${readme}`
}

type Section = (id: string, title: string, content: Html) => Html

function createSections({ level, prefix }: ChartPlace): Section {
  // The heading of the chart itself is the first part of the name of each.
  const within = prefix.replace(/-$/, '')
  return (id, title, content) =>
    html`<section aria-labelledby="${`${within} ${prefix}${id}`.trim()}"><h${level} id="${prefix}${id}">${title}</h${level}>
${content}</section>`
}

function renderWay(
  { title, login, lines }: Way,
  name: string,
  level: number,
): Html {
  return html`<h${level}>${title}</h${level}>
${when(login, (host) => html`<p>After ${code(`helm registry login ${host}`)}:</p>`)}${renderCommand(lines, `Copy the commands for ${name}, ${title.charAt(0).toLowerCase()}${title.slice(1)}`)}
`
}

function renderReadmeOf(place: ChartPlace, section: Section): Html {
  const { facts, chart, level, prefix, share } = place
  const known = facts.memory.charts.get(chart.name)
  if (known === undefined || known.readme.trim() === '') return nothing
  const folder = [
    encodeURIComponent(known.tag),
    ...(known.directory === '.' ? [] : known.directory.split('/')),
  ].join('/')
  const at = (kind: 'blob' | 'raw'): string =>
    `${facts.repositoryUrl}/${kind}/${folder}/`
  const { html: markup, isCut } = renderReadme(known.readme, {
    pages: at('blob'),
    files: at('raw'),
    prefix: `${prefix}readme-`,
    level: level + 1,
    longest: README_ROOM * share,
  })
  if (markup === '') return nothing
  const content = html`<div class="readme" dir="auto">${{ html: markup }}</div>
    ${when(
      isCut,
      () =>
        html`<p class="note">
          It goes on in <a href="${at('blob')}README.md">README.md</a>.
        </p>`,
    )}`
  return share === 1
    ? section('readme', 'README', content)
    : html`<details class="older">
        <summary>README <small>of ${chart.name}</small></summary>
        ${content}
      </details>`
}

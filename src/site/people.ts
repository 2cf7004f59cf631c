import type { About, Person } from './about.ts'
import { hostOf, mailAddress, webAddress } from './address.ts'
import { breakable } from './command.ts'
import { html, nothing, when, type Html } from './html.ts'

/** Who keeps a chart up, and where to read on. */
export function renderFacts(
  about: About,
  rows: readonly (readonly [string, Html])[],
): Html {
  const home = linksTo([about.home])
  const sources = linksTo(about.sources.filter((one) => one !== about.home))
  const all: readonly (readonly [string, Html])[] = [
    ...rows,
    ...(about.license === ''
      ? []
      : [['License', html`${about.license}`] as const]),
    ...(about.maintainers.length === 0
      ? []
      : [['Maintainers', list(about.maintainers.map(renderPerson))] as const]),
    ...(home.length === 0 ? [] : [['Home page', list(home)] as const]),
    ...(sources.length === 0 ? [] : [['Source', list(sources)] as const]),
    ...(about.keywords.length === 0
      ? []
      : [['Keywords', html`${about.keywords.join(', ')}`] as const]),
  ]
  return all.length === 0
    ? nothing
    : html`<dl class="facts">
        ${all.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd dir="auto">${value}</dd>
            </div>`,
        )}
      </dl>`
}

function renderPerson({ name, email, url }: Person): Html {
  const label = name === '' ? email : name
  const address = webAddress(url) ?? mailAddress(email)
  return address === null
    ? html`<bdi>${label}</bdi>`
    : html`<a href="${address}"><bdi>${label}</bdi></a>`
}

/** As links that read as where they lead; what no browser follows, as text. */
function linksTo(addresses: readonly string[]): readonly Html[] {
  return [...new Set(addresses)].flatMap((text) => {
    const address = webAddress(text)
    if (address !== null)
      return [
        html`<a href="${address}">${breakable(shortAddress(address))}</a>`,
      ]
    return text === '' ? [] : [html`<bdi>${text}</bdi>`]
  })
}

/** Where a link leads: the host, and for a repository its name. */
function shortAddress(address: string): string {
  const { pathname } = new URL(address)
  const [owner, repository] = pathname.split('/').filter(Boolean)
  const host = hostOf(address)
  return owner !== undefined && repository !== undefined
    ? `${host}/${owner}/${repository}`
    : host
}

function list(items: readonly Html[]): Html {
  return html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`
}

/** The chart's own icon; `when` it has one that a browser may fetch. */
export function renderIcon(icon: string, size: number): Html {
  return when(
    webAddress(icon),
    (source) =>
      html`<img
        class="icon"
        src="${source}"
        alt=""
        width="${size}"
        height="${size}"
        loading="lazy"
      />`,
  )
}

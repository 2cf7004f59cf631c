import { html, when, type Html } from './html.ts'
import type { SiteChart, SiteVersion } from './catalog.ts'

export interface VersionsFacts {
  readonly chart: SiteChart
  /** Is this version signed? `undefined`: nobody knows. */
  readonly isSigned: (version: string) => boolean | undefined
  /** From the page to the index: `''` or `../`. */
  readonly root: string
  /** How many characters of markup, at most. */
  readonly longest: number
}

/** As many are in sight; older ones are folded, a series each. */
const IN_SIGHT = 8

/**
 * The table of versions, the newest first. In a very long one the oldest rows go
 * without their digests, and the very oldest are left to the index.
 */
export function renderVersions(facts: VersionsFacts): Html {
  const { chart, isSigned } = facts
  const showsSigned = chart.versions.some(
    ({ version }) => isSigned(version) !== undefined,
  )
  const { rows, left } = fitRows(facts, showsSigned)
  // One or two more are not worth folding.
  const inSight = rows.length <= IN_SIGHT + 2 ? rows.length : IN_SIGHT
  const series = Map.groupBy(
    rows.slice(inSight),
    ({ version }) => version.series,
  )
  return html`${table(`Versions of ${chart.name}`, rows.slice(0, inSight), showsSigned)}
  ${[...series].map(
    ([name, older]) =>
      html`<details class="older">
        <summary>${name} <small>${countOf(older)}</small></summary>
        ${table(`Older versions ${name} of ${chart.name}`, older, showsSigned)}
      </details> `,
  )}${when(
    left > 0 && left,
    (count) =>
      html`<p class="note">
        ${count} older versions are in
        <a href="${facts.root}index.yaml">index.yaml</a>.
      </p>`,
  )}`
}

function countOf({ length }: readonly unknown[]): string {
  return length === 1 ? '1 older version' : `${length} older versions`
}

interface Row {
  readonly version: SiteVersion
  readonly markup: Html
}

/** What a digest adds to a row. */
const DIGEST = '<code></code>'.length + 64

/**
 * As many rows as there is room for. Digests are the first to go, from the
 * oldest on: they stay in the index.
 */
function fitRows(
  { chart, isSigned, longest }: VersionsFacts,
  showsSigned: boolean,
): { readonly rows: readonly Row[]; readonly left: number } {
  const write = (version: SiteVersion, withDigest: boolean): Html =>
    renderRow(version, {
      signed: showsSigned ? isSigned(version.version) : null,
      withDigest,
    })
  const bare: Html[] = []
  let length = 0
  for (const version of chart.versions) {
    const markup = write(version, false)
    length += markup.html.length
    if (length > longest) break
    bare.push(markup)
  }
  const digests = Math.max(0, (longest - length) / DIGEST)
  return {
    rows: bare.map((markup, at) => {
      const version = chart.versions[at] as SiteVersion
      return { version, markup: at < digests ? write(version, true) : markup }
    }),
    left: chart.versions.length - bare.length,
  }
}

/** Nothing that HTML does not ask for: there are hundreds of them. */
function renderRow(
  version: SiteVersion,
  {
    signed,
    withDigest,
  }: {
    /** `null`: there is no such column. */
    readonly signed: boolean | undefined | null
    readonly withDigest: boolean
  },
): Html {
  const digest = withDigest ? version.digest : null
  const cells = [
    version.appVersion,
    kubernetes(version.kubeVersion),
    day(version.created),
    digest === null ? '' : html`<code>${digest.slice('sha256:'.length)}</code>`,
    ...(signed === null ? [] : [signedWord(signed)]),
  ]
  const mark = version.isPrerelease
    ? html` <small class="mark">pre-release</small>`
    : ''
  return html`${[
    { html: '<tr><th scope=row>' },
    version.version,
    mark,
    ...cells.flatMap((cell) => [{ html: '<td>' }, cell]),
  ]}`
}

/** What nobody knows is left blank. */
function signedWord(signed: boolean | undefined): string {
  return signed === undefined ? '' : signed ? 'yes' : 'no'
}

function table(
  caption: string,
  rows: readonly Row[],
  showsSigned: boolean,
): Html {
  const titles = [
    'Version',
    'App',
    'Kubernetes',
    'Released',
    'SHA-256 digest',
    ...(showsSigned ? ['Signed'] : []),
  ]
  return html`<div
    class="scroll"
    role="group"
    aria-label="${caption}"
    tabindex="0"
  >
    <table class="versions">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${titles.map((title) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(({ markup }) => markup)}
      </tbody>
    </table>
  </div>`
}

/** `>=1.25.0-0` in words that everybody reads; others as they are. */
export function kubernetes(constraint: string): string {
  const from = /^>=\s*v?(\d+\.\d+)(?:\.0)?(?:-0)?$/.exec(constraint.trim())?.[1]
  return from === undefined ? constraint : `${from} or newer`
}

/** The day of a time in RFC 3339; nothing for Go's way to say "never". */
export function day(time: string): string {
  const found = /^(\d{4}-\d{2}-\d{2})(?:[T ]|$)/.exec(time)?.[1] ?? ''
  return found.startsWith('0001-') ? '' : found
}

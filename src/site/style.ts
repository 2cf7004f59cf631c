/** Looks: the reader's own fonts, light and dark, from the phone to the desk. */
const source = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfc; --raised: #f5f5f2; --line: #e3e2dd; --ink: #1e2124;
  --soft: #5b6067; --accent: #0b57a4; --mark: #7a4b00; --mark-paper: #fdf3dc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --raised: #1d2125; --line: #31373d; --ink: #e7e8ea;
    --soft: #a7adb4; --accent: #86bdf7; --mark: #f2cf8a; --mark-paper: #33290f;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; padding: 0 1.25rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  overflow-wrap: break-word;
}
header, main, footer { max-width: 66rem; margin: 0 auto; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; font-weight: 650; text-wrap: balance; letter-spacing: -0.011em; }
h1 { margin: 0; font-size: clamp(1.9rem, 1.4rem + 2.2vw, 2.75rem); letter-spacing: -0.025em; }
h2 { margin: 3rem 0 1rem; font-size: 1.4rem; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; }
h4, h5, h6 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
p, ul, ol, dl, pre, blockquote { margin: 0 0 1rem; }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre { font-family: ui-monospace, SFMono-Regular, "Cascadia Code", Menlo, Consolas, "Liberation Mono", monospace; font-size: .875em; }
code { overflow-wrap: anywhere; }
pre { font-size: .875rem; line-height: 1.65; }
pre code { font-size: inherit; }
p code, li code, summary code, td code { padding: .1em .3em; border-radius: 4px; background: var(--raised); }
small { font-size: .8125rem; }
img { max-width: 100%; height: auto; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
blockquote { padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }

.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--paper); }
.skip:focus { left: 1rem; top: 1rem; z-index: 1; }
.said { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.hero { display: flex; gap: 1.25rem; align-items: center; }
header { padding-top: clamp(2rem, 6vw, 4.5rem); }
.icon { flex: none; border-radius: 8px; object-fit: contain; }
.eyebrow { margin: 0 0 .25rem; font-size: .9375rem; }
.lead { margin: .5rem 0 0; max-width: 40rem; color: var(--soft); font-size: 1.125rem; line-height: 1.5; text-wrap: pretty; }
.note, .meta { color: var(--soft); font-size: .875rem; }
.mark { padding: .1em .5em; border-radius: 1em; background: var(--mark-paper); color: var(--mark); font-size: .75rem; font-weight: 500; white-space: nowrap; letter-spacing: 0; }
.warning { margin: 1.5rem 0 0; padding: .75rem 1rem; border-radius: 8px; background: var(--mark-paper); color: var(--mark); }

.columns { display: grid; gap: 0 4rem; }
.main { min-width: 0; }
.main > section:first-child > :first-child { margin-top: 2.5rem; }
.side { margin-top: 2.5rem; padding-top: 2rem; border-top: 1px solid var(--line); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 0 1.5rem; margin: 0; font-size: .9375rem; }
.facts > div { margin-bottom: 1rem; }
.facts dt { color: var(--soft); font-size: .8125rem; }
.facts dd { margin: 0; }
.facts ul { margin: 0; padding: 0; list-style: none; }
@media (min-width: 60rem) {
  .columns { grid-template-columns: minmax(0, 1fr) 14rem; }
  .side { border: 0; padding-top: 0; margin-top: 2.6rem; }
  .facts { display: block; }
}

.command { margin: 0 0 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); }
.command pre, .trouble pre { margin: 0; padding: .85rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.command .line { display: block; padding-left: 2ch; text-indent: -2ch; }
.command .line span { display: inline-block; max-width: 100%; text-indent: 0; }
.trouble pre { margin-bottom: 1rem; border-radius: 8px; background: var(--raised); }
button { float: right; margin: .36rem .45rem 0 .75rem; min-width: 4.25rem; min-height: 1.85rem; padding: .1rem .6rem; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); color: var(--ink); font: inherit; font-size: .8125rem; cursor: pointer; }
button:hover { border-color: var(--soft); }

.scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.45; }
th, td { padding: .5rem 1.25rem .5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-size: .8125rem; font-weight: 500; }
.versions { width: 100%; min-width: 37rem; table-layout: fixed; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.versions thead th:nth-child(1) { width: 25%; }
.versions thead th:nth-child(3) { width: 18%; }
.versions thead th:nth-child(2) { width: 15%; }
.versions thead th:nth-child(4) { width: 16%; }
.versions thead th:nth-child(5) { width: 17%; }
.versions thead th:nth-child(6) { width: 9%; }
.versions .mark { margin-left: .35rem; }
.versions caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.versions tbody th { font-weight: 600; }
.versions code { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; padding: 0; background: none; color: var(--soft); font-size: .8125rem; line-height: 1.27rem; user-select: all; }
.versions td:last-child, .versions th:last-child { padding-right: 0; }

details { border-bottom: 1px solid var(--line); }
summary { padding: .7rem 0; cursor: pointer; }
summary::marker { color: var(--soft); }
summary small { color: var(--soft); }
details[open] > summary { margin-bottom: .25rem; }
.older { border-top: 1px solid var(--line); border-bottom: 0; }
.versions tbody tr:last-child > * { border-bottom: 0; }
.versions th, .versions td { padding-right: .75rem; }
.help > details, .help > p { max-width: 48rem; }
.help h2 { margin-top: 3.5rem; }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); gap: .75rem; padding: 0; list-style: none; }
.card { position: relative; display: flex; gap: .9rem; padding: 1rem; border: 1px solid var(--line); border-radius: 10px; }
.card:hover { border-color: var(--soft); }
.card[hidden] { display: none; }
.card > div { min-width: 0; flex: 1; }
.card h3 { margin: 0; }
.card h3 a { text-decoration: none; }
.card:hover h3 a { text-decoration: underline; }
.card h3 a::after { position: absolute; inset: 0; content: ""; }
.card p { margin: .2rem 0 0; font-size: .9375rem; line-height: 1.45; }
.card .meta { display: flex; flex-wrap: wrap; gap: 0 .9rem; margin-top: .4rem; font-size: .8125rem; font-variant-numeric: tabular-nums; }
.filter { display: block; margin-bottom: 1rem; color: var(--soft); font-size: .875rem; }
.filter input { width: min(20rem, 100%); margin-left: .4rem; padding: .45rem .7rem; border: 1px solid var(--soft); border-radius: 8px; background: var(--paper); color: var(--ink); font: inherit; font-size: 1rem; }
.chart { margin-top: 3.5rem; padding-top: 2.5rem; border-top: 1px solid var(--line); }
.chart h2 { margin: 0; font-size: 1.75rem; }
.chart h3 { margin-top: 2.25rem; font-size: 1.125rem; }
.chart h4 { font-size: 1rem; }

.readme { max-width: 48rem; }
.readme pre { padding: .85rem 1rem; border-radius: 8px; background: var(--raised); white-space: pre-wrap; overflow-wrap: anywhere; }
.readme td code { white-space: normal; }
.readme img { vertical-align: middle; }
footer { margin-top: 4rem; padding: 1.5rem 0 3rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
`

/** One line for each rule: less to send, and the same bytes each time. */
export const style = source
  .replaceAll(/\s*\n\s*/g, '\n')
  .replaceAll(/ ?([{};,]) ?/g, '$1')
  .replaceAll(/: /g, ':')
  .replaceAll(/;\}/g, '}')
  .trim()

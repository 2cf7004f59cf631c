import { html, type Html } from './html.ts'

/**
 * Lines to copy. The button is added by the page's script: without it, there is
 * none that does nothing. `what` names it for those who do not see the lines.
 */
export function renderCommand(lines: readonly string[], what: string): Html {
  const written = lines.map((line, at) =>
    renderLine(at === lines.length - 1 ? line : `${line}\n`),
  )
  return html`<div class="command" data-copy="${what}">
    <pre><code>${written}</code></pre>
  </div>`
}

/**
 * Each word is kept together where there is room for it, so that a narrow screen
 * does not break a line at the dashes of an option.
 */
function renderLine(line: string): Html {
  const words = line
    .split(/([ \n]+)/)
    .map((word) =>
      /^[ \n]*$/.test(word) ? word : html`<span>${breakable(word)}</span>`,
    )
  return html`<span class="line">${words}</span>`
}

/** A long address had better be broken behind a slash. */
export function breakable(word: string): Html {
  const parts = word.split(/(?<=[^/]\/)(?!\/)/)
  return html`${parts.map((part, at) => (at === 0 ? part : [wordBreak, part]))}`
}

const wordBreak: Html = { html: '<wbr>' }

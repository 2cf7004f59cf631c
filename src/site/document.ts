import { createHash } from 'node:crypto'
import { html, when, type Html } from './html.ts'
import { generator } from './memory.ts'
import { script } from './script.ts'
import { style } from './style.ts'

export interface Page {
  readonly title: string
  /** For search engines and previews; `''`: none. */
  readonly description: string
  readonly header: Html
  readonly content: Html
  readonly footer: Html
}

/**
 * Nothing but this page's own style and script runs, whatever gets into its
 * text; images may come from anywhere, as icons do.
 */
const policy = [
  "default-src 'none'",
  `style-src '${hash(style)}'`,
  `script-src '${hash(script)}'`,
  'img-src http: https:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** A whole page: no font, no file, nothing from elsewhere but images. */
export function renderDocument(page: Page): Uint8Array {
  const { title, description, header, content, footer } = page
  return Buffer.from(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content="${policy}" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="referrer" content="strict-origin-when-cross-origin" />
          <meta name="generator" content="${generator}" />
          <title>${title}</title>
          ${when(description, (text) => html`<meta name="description" content="${text}" />`)}
          ${element('style', style)}
        </head>
        <body>
          <a class="skip" href="#content">Skip to the content</a>
          <header>${header}</header>
          <main id="content">${content}</main>
          <footer>${footer}</footer>
          <p id="said" class="said" role="status"></p>
          ${element('script', script)}
        </body>
      </html> `.html,
  )
}

/** Did this action write that page? */
export function isOwnPage(page: string): boolean {
  const [head = ''] = page.split('</head>', 1)
  return head.includes(`<meta name="generator" content="${generator}"`)
}

/** Without a space more: the policy has the hash of what stands between. */
function element(name: 'style' | 'script', content: string): Html {
  return { html: `<${name}>${content}</${name}>` }
}

/** As a policy names an inline style or script: https://www.w3.org/TR/CSP3/#grammardef-hash-source */
function hash(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`
}

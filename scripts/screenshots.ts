/**
 * Takes the README's pictures of the landing page: a desktop in light, a phone
 * in dark. Needs a Chromium on `PATH`.
 */
import path from 'node:path'
import { findBrowser, startBrowser } from '../testing/browser.ts'
import { sampleChart, serveSite } from '../testing/landing-page.ts'

const docs = path.resolve(import.meta.dirname, '../docs')
const pictures = [
  { name: 'landing-page', width: 1180, height: 1120, colorScheme: 'light' },
  { name: 'landing-page-phone', width: 390, height: 844, colorScheme: 'dark' },
] as const

const program = findBrowser()
if (program === null) throw new Error('There is no Chromium on PATH.')
const site = await serveSite({
  ...sampleChart(),
  baseUrl: 'https://harbour.github.io/charts',
})
const browser = await startBrowser(program)
for (const { name, width, height, colorScheme } of pictures) {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
  })
  await page.goto(site.url, { waitUntil: 'load' })
  await page.screenshot({ path: path.join(docs, `${name}.png`) })
}
await browser.close()
await site.close()

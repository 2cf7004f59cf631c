import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { findBrowser, startBrowser } from '../../testing/browser.ts'
import {
  sampleChart,
  type ServedSite,
  serveSite,
} from '../../testing/landing-page.ts'
import { entryOf, realIndexes, releaseOf } from '../site/setting.ts'

const program = findBrowser()
const inBrowser = program === null ? test.skip : test

const widths = [360, 768, 1280] as const
const schemes = ['light', 'dark'] as const
const looks = widths.flatMap((width) =>
  schemes.map((scheme) => [width, scheme] as const),
)

let browser: Browser
const sites: ServedSite[] = []

/** A page of each kind, by what it shows. */
const kinds = new Map<string, string>()

const attack = '</style><script>globalThis.taken = true</script>'

beforeAll(async () => {
  if (program === null) return
  browser = await startBrowser(program)
  const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta']
  const hundreds = Array.from({ length: 300 }, (_, at) =>
    entryOf(`${3 - Math.floor(at / 100)}.${99 - (at % 100)}.0`),
  )
  const serve = async (
    ...wish: Parameters<typeof serveSite>
  ): Promise<string> => {
    const site = await serveSite(...wish)
    sites.push(site)
    return site.url
  }
  kinds.set('one chart', await serve(sampleChart()))
  kinds.set(
    'few charts',
    await serve({
      charts: {
        demo: [entryOf('1.2.3', { deprecated: true })],
        other: [entryOf('0.1.0', { name: 'other', type: 'library' })],
      },
      released: [
        releaseOf('1.2.3', { readme: '# demo\n\n## Use\n\nLike this.\n' }),
      ],
      prefix: '/',
    }),
  )
  const many = await serve({
    charts: Object.fromEntries(
      names.map((name) => [
        name,
        name === 'beta' ? hundreds : [entryOf('1.0.0', { name })],
      ]),
    ),
  })
  kinds.set('many charts', many)
  kinds.set('one of many', `${many}charts/beta.html`)
  kinds.set(
    'hostile metadata',
    await serve({
      charts: {
        demo: [
          entryOf('1.2.3', {
            description: attack,
            appVersion: attack,
            home: 'javascript:globalThis.taken=true',
            icon: 'javascript:globalThis.taken=true',
            keywords: ['" onmouseover="globalThis.taken=true'],
            maintainers: [{ name: attack, url: attack }],
          }),
        ],
      },
      released: [
        releaseOf('1.2.3', {
          readme: `[x](javascript:globalThis.taken=true) ${attack}\n\n<img src=x onerror="globalThis.taken=true">\n`,
        }),
      ],
    }),
  )
  kinds.set('no charts', await serve({ charts: {} }))
})
afterAll(async () => {
  await browser?.close()
  for (const site of sites) await site.close()
})

interface Opened {
  readonly page: Page
  /** What the browser complains about: the policy, scripts, files. */
  readonly complaints: readonly string[]
  /** Hosts that the page asked. */
  readonly hosts: ReadonlySet<string>
}

async function open<T>(
  url: string,
  look: (opened: Opened) => Promise<T>,
  options: BrowserContextOptions = {},
): Promise<T> {
  const context = await browser.newContext(options)
  try {
    const page = await context.newPage()
    const complaints: string[] = []
    const hosts = new Set<string>()
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('request', (request) => {
      if (request.resourceType() !== 'image')
        hosts.add(new URL(request.url()).host)
    })
    await page.goto(url, { waitUntil: 'load' })
    return await look({ page, complaints, hosts })
  } finally {
    await context.close()
  }
}

function urlOf(kind: string): string {
  return kinds.get(kind) ?? ''
}

describe.each([
  'one chart',
  'few charts',
  'many charts',
  'one of many',
  'hostile metadata',
  'no charts',
])('%s', (kind) => {
  inBrowser.each(looks)(
    'at %i pixels, %s: fits, reads well, and is accessible',
    async (width, colorScheme) => {
      await open(
        urlOf(kind),
        async ({ page, complaints, hosts }) => {
          // All that can be opened, so that all is looked at.
          await page.evaluate(
            "for (const fold of document.querySelectorAll('details')) fold.open = true",
          )
          const wide = await page.evaluate<number>(
            'document.documentElement.scrollWidth',
          )
          expect(wide).toBeLessThanOrEqual(width)
          // The page's policy forbids to add it as a script.
          await page.evaluate(axe.source)
          const found = await page.evaluate(async () => {
            const { violations } = await (
              globalThis as unknown as { axe: typeof axe }
            ).axe.run()
            return violations.map(({ id, nodes }) => [
              id,
              nodes.map(({ html }) => html).slice(0, 3),
            ])
          })
          expect(found).toEqual([])
          expect(
            complaints.filter(
              (one) => !one.includes('Failed to load resource'),
            ),
          ).toEqual([])
          expect([...hosts]).toEqual([new URL(page.url()).host])
          expect(await page.evaluate('globalThis.taken')).toBeUndefined()
          const folder = process.env['SCREENSHOTS']
          if (folder !== undefined)
            await page.screenshot({
              path: `${folder}/${kind.replaceAll(' ', '-')}-${width}-${colorScheme}.png`,
              fullPage: true,
            })
        },
        { viewport: { width, height: 800 }, colorScheme },
      )
    },
  )
})

describe('the page', () => {
  inBrowser('is dark where that is wanted', async () => {
    const paper = async (colorScheme: 'light' | 'dark'): Promise<string> =>
      await open(
        urlOf('one chart'),
        async ({ page }) =>
          await page.evaluate<string>(
            'getComputedStyle(document.body).backgroundColor',
          ),
        { colorScheme },
      )
    expect(await paper('light')).toBe('rgb(253, 253, 252)')
    expect(await paper('dark')).toBe('rgb(20, 23, 26)')
  })

  inBrowser('copies a command, with its line breaks, and says so', async () => {
    await open(
      urlOf('one chart'),
      async ({ page }) => {
        const button = page.getByRole('button', {
          name: 'Copy the commands for tidepool, from a clone',
        })
        await button.click()
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
          'git clone --depth 1 --branch v2.4.1 https://github.com/harbour/charts\nhelm install tidepool ./charts/tidepool',
        )
        await page
          .getByRole('status')
          .filter({ hasText: 'Copied' })
          .waitFor({ state: 'attached' })
        expect(await page.getByRole('button').count()).toBe(6)
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    )
  })

  inBrowser('selects it where the clipboard is closed', async () => {
    await open(urlOf('one chart'), async ({ page }) => {
      await page.evaluate(() => {
        Object.defineProperty(navigator, 'clipboard', { value: undefined })
      })
      await page.getByRole('button').first().press('Enter')
      await page
        .getByRole('status')
        .filter({ hasText: 'Selected' })
        .waitFor({ state: 'attached' })
      expect(await page.evaluate('String(getSelection())')).toBe(
        'helm install tidepool oci://ghcr.io/harbour/charts/tidepool --version 2.4.1',
      )
    })
  })

  inBrowser('leads to each chart and back, in a sub-path', async () => {
    await open(urlOf('many charts'), async ({ page }) => {
      await page.getByRole('link', { name: 'gamma' }).click()
      expect(page.url()).toBe(`${urlOf('many charts')}charts/gamma.html`)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
        'gamma',
      )
      await page.getByRole('link', { name: /^All charts/ }).click()
      expect(page.url()).toBe(urlOf('many charts'))
      await page.getByRole('link', { name: 'index.yaml' }).click()
      expect(page.url()).toBe(`${urlOf('many charts')}index.yaml`)
    })
  })

  inBrowser('every link of its own leads somewhere', async () => {
    for (const kind of kinds.keys())
      await open(urlOf(kind), async ({ page }) => {
        const links = await page.evaluate<string[]>(
          "[...document.querySelectorAll('a')].map((one) => one.href)",
        )
        const origin = new URL(urlOf(kind)).origin
        for (const link of links.filter((one) => one.startsWith(origin))) {
          const answer = await page.request.get(link)
          expect([link, answer.status()]).toEqual([link, 200])
          const { hash } = new URL(link)
          if (hash === '') continue
          const target = page.locator(
            `[id="${decodeURIComponent(hash.slice(1))}"]`,
          )
          expect([link, await target.count()]).toEqual([link, 1])
        }
      })
  })

  inBrowser('filters many charts', async () => {
    await open(urlOf('many charts'), async ({ page }) => {
      await page.getByRole('searchbox', { name: 'Filter' }).fill('ETA')
      await page
        .getByRole('status')
        .filter({ hasText: '3 of 7 charts' })
        .waitFor({ state: 'attached' })
      const names = await page.locator('.card:visible h3').allTextContents()
      expect(names.map((name) => name.trim())).toEqual(['beta', 'eta', 'zeta'])
    })
  })

  inBrowser('jumps over its head with the first key', async () => {
    await open(urlOf('one chart'), async ({ page }) => {
      await page.keyboard.press('Tab')
      const focused = page.locator(':focus')
      expect(await focused.textContent()).toBe('Skip to the content')
      expect(await focused.isVisible()).toBe(true)
      await page.keyboard.press('Enter')
      expect(new URL(page.url()).hash).toBe('#content')
    })
  })

  inBrowser('opens what a link into a fold leads to', async () => {
    await open(
      `${urlOf('few charts')}#chart-2-readme-use`,
      async ({ page }) => {
        await page.getByRole('heading', { name: 'Use' }).waitFor()
      },
    )
  })

  inBrowser(
    'works without JavaScript, with no button that does nothing',
    async () => {
      await open(
        urlOf('one chart'),
        async ({ page }) => {
          expect(await page.getByRole('button').count()).toBe(0)
          expect(await page.locator('.command').first().isVisible()).toBe(true)
          const older = page.getByText('1.8.0', { exact: true }).last()
          expect(await older.isVisible()).toBe(false)
          await page.locator('summary', { hasText: '1.x' }).click()
          expect(await older.isVisible()).toBe(true)
        },
        { javaScriptEnabled: false },
      )
    },
  )

  inBrowser('P11: shows hostile metadata as text', async () => {
    await open(urlOf('hostile metadata'), async ({ page }) => {
      expect(await page.locator('.lead').textContent()).toBe(attack)
      expect(await page.locator('script').count()).toBe(1)
      expect(await page.locator('img').count()).toBe(0)
      for (const link of await page.getByRole('link').all())
        expect(await link.getAttribute('href')).not.toMatch(/^javascript/i)
    })
  })
})

if (program !== null && realIndexes().length > 0)
  test.each(realIndexes())('a page of $name fits a phone', async ({ text }) => {
    const { parse } = await import('yaml')
    const { entries } = JSON.parse(
      JSON.stringify(parse(text, { version: '1.1' })),
    ) as { entries: Parameters<typeof serveSite>[0]['charts'] }
    const site = await serveSite({ charts: entries })
    sites.push(site)
    await open(
      site.url,
      async ({ page }) => {
        const wide = await page.evaluate<number>(
          'document.documentElement.scrollWidth',
        )
        expect(wide).toBeLessThanOrEqual(360)
      },
      { viewport: { width: 360, height: 800 } },
    )
  })

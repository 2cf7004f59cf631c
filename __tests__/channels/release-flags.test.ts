import { afterEach, describe, expect, test } from '@jest/globals'
import { endAll, only, open, ship, start, wanted } from './release-job.ts'

afterEach(endAll)

describe('the flags', () => {
  test('a prerelease is marked so, is not the latest, and frozen so', async () => {
    const site = await start({ immutable: true })
    const tag = await site.tag('v1.2.3-rc.1')
    await ship(open(site, tag), await site.pack({ version: '1.2.3-rc.1' }))
    expect(only(site)).toMatchObject({
      prerelease: true,
      latest: false,
      immutable: true,
    })
  })

  test.each([
    ['true', '1.2.3', true],
    ['false', '1.2.3-rc.1', false],
  ] as const)(
    'prerelease: %s decides for %s',
    async (prerelease, version, is) => {
      const site = await start()
      const tag = await site.tag(`v${version}`)
      await ship(open(site, tag, { prerelease }), await site.pack({ version }))
      expect(only(site).prerelease).toBe(is)
    },
  )

  const chart = (version: string, name = 'demo'): { name: string } => ({
    name: `${name}-${version}.tgz`,
  })
  test.each([
    ['a lower version is the latest', [chart('1.2.2')], true],
    ['a higher version is there', [chart('1.10.0')], false],
    ['only a higher prerelease is there', [chart('2.0.0-rc.1')], true],
    ['another chart is higher', [chart('9.0.0', 'demo-other')], true],
    ['an application is the latest', [{ name: 'app.zip' }], false],
  ])('make-latest: auto, when %s', async (_, assets, latest) => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({
      tag: 'other',
      assets: assets.map((asset) => ({ ...asset, content: 'x' })),
    })
    await ship(open(site, tag), await site.pack(wanted))
    expect(site.server.releases().at(-1)?.latest).toBe(latest)
  })

  test('make-latest: auto knows a higher version by its tag alone', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({ tag: 'demo-2.0.0' })
    await site.server.createRelease({
      tag: 'latest',
      assets: [{ ...chart('1.0.0'), content: 'x' }],
    })
    await ship(open(site, tag), await site.pack(wanted))
    expect(site.server.releases().at(-1)?.latest).toBe(false)
  })

  test.each([
    ['true', '2.0.0', true],
    ['false', '1.0.0', false],
  ] as const)(
    'make-latest: %s decides beside %s',
    async (makeLatest, other, is) => {
      const site = await start()
      const tag = await site.tag('v1.2.3')
      await site.server.createRelease({
        tag: 'other',
        makeLatest: 'true',
        assets: [{ ...chart(other), content: 'x' }],
      })
      await ship(open(site, tag, { makeLatest }), await site.pack(wanted))
      expect(site.server.releases().at(-1)?.latest).toBe(is)
    },
  )
})

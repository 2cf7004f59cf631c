import { afterEach, describe, expect, test } from '@jest/globals'
import { readMarker } from '../../src/channels/release-marker.ts'
import { digestOf } from '../../src/digest.ts'
import type { Publication } from '../../src/model.ts'
import { endAll, only, open, ship, start, wanted } from './release-job.ts'

afterEach(endAll)

describe('a tag without a release', () => {
  test('gets a draft with its assets, which is then published', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const made = await site.pack({ version: '1.2.3', provenance: 'signed' })
    const channel = open(site, tag, { title: 'Demo 1.2.3' })
    site.forget()
    expect(await channel.locate(wanted)).toEqual({ state: 'absent' })
    expect(site.mutations()).toEqual([])

    await channel.stage([{ package: made }])
    expect(only(site)).toMatchObject({ draft: true, name: 'Demo 1.2.3' })
    expect(readMarker(only(site).body)).toEqual({
      commit: tag.commit,
      packages: [{ ...wanted, digest: made.digest }],
    })
    const [publication] = await channel.publish([{ package: made }])

    const release = only(site)
    expect(release).toMatchObject({
      draft: false,
      prerelease: false,
      latest: true,
      tag: 'v1.2.3',
    })
    expect(release.assets.map(({ name }) => name)).toEqual([
      'demo-1.2.3.tgz',
      'demo-1.2.3.tgz.prov',
    ])
    expect(publication).toEqual({
      channel: 'github-release',
      target: `${site.server.serverUrl}/acme/charts/releases/tag/v1.2.3`,
      reference: `${site.server.serverUrl}/acme/charts/releases/download/v1.2.3/demo-1.2.3.tgz`,
      digest: made.digest,
      packageDigest: made.digest,
      hasProvenance: true,
    })
    const bytes = await (await fetch(publication?.reference ?? '')).bytes()
    expect(digestOf(bytes)).toBe(made.digest)
    expect(site.mutations()).toEqual([
      'POST releases',
      `POST releases/${release.id}/assets`,
      `POST releases/${release.id}/assets`,
      `PATCH releases/${release.id}`,
    ])
  })

  test('names no target, so that a token without workflows may create it', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.commitToBranch('main', { later: 'x' })
    await ship(open(site, tag), await site.pack(wanted))
    expect(only(site).target).toBe('main')
    expect(await site.github.readTagCommit('v1.2.3')).toBe(tag.commit)
  })

  test('P4: run again, nothing is changed', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const made = await site.pack(wanted)
    const [publication] = await ship(open(site, tag), made)
    site.forget()
    const channel = open(site, tag)
    expect(await channel.locate(wanted)).toEqual({
      state: 'found',
      publications: [publication],
      lacks: [],
    })
    expect(
      (await channel.download(wanted, publication as Publication)).archive,
    ).toEqual(Buffer.from('archive of demo 1.2.3'))
    await ship(channel, made)
    expect(site.mutations()).toEqual([])
  })

  test('several charts of a tag share one release', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const other = { name: 'other', version: '1.2.3' }
    const made = [await site.pack(wanted), await site.pack(other)]
    const publications = await ship(
      open(site, tag, { charts: [wanted, other] }),
      ...made,
    )
    expect(publications.map(({ digest }) => digest)).toEqual(
      made.map(({ digest }) => digest),
    )
    expect(only(site).assets).toHaveLength(2)
  })

  test('build metadata and slashes are spelled in the URL as GitHub does', async () => {
    const site = await start()
    const tag = await site.tag('demo/v1.2.3+build.5')
    const made = await site.pack({ version: '1.2.3+build.5' })
    const [publication] = await ship(open(site, tag, { charts: [made] }), made)
    expect(publication?.reference).toMatch(
      /\/download\/demo%2Fv1\.2\.3%2Bbuild\.5\/demo-1\.2\.3%2Bbuild\.5\.tgz$/,
    )
    const answer = await fetch(publication?.reference ?? '')
    expect(digestOf(await answer.bytes())).toBe(made.digest)
  })
})

describe('a published release', () => {
  const notes = 'Release notes\r\nwith <b>HTML</b>\n'

  test('P6: is joined: only the asset and our mark are added', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({ tag: 'v9.0.0' })
    await site.server.createRelease({
      tag: 'v1.2.3',
      name: 'By hand',
      body: notes,
      prerelease: true,
      assets: [{ name: 'app.bin', content: 'app' }],
    })
    const made = await site.pack(wanted)
    const channel = open(site, tag)
    expect(await channel.locate(wanted)).toEqual({ state: 'absent' })
    site.forget()
    await channel.stage([{ package: made }])
    expect(site.mutations()).toEqual([])
    await channel.publish([{ package: made }])
    const release = site.server.releases().at(-1)
    expect(release).toMatchObject({
      name: 'By hand',
      prerelease: true,
      latest: false,
      assets: [{ name: 'app.bin' }, { digest: made.digest }],
    })
    expect(release?.body?.startsWith(`${notes}\n\n<!-- chart-release: `)).toBe(
      true,
    )
    site.forget()
    await ship(open(site, tag), made)
    expect(site.mutations()).toEqual([])
  })

  test('P5: keeps an archive with other bytes', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const theirs = digestOf('theirs')
    await site.server.createRelease({
      tag: 'v1.2.3',
      assets: [{ name: 'demo-1.2.3.tgz', content: 'theirs' }],
    })
    const channel = open(site, tag)
    expect(await channel.locate(wanted)).toMatchObject({
      publications: [{ packageDigest: theirs }],
    })
    site.forget()
    await expect(ship(channel, await site.pack(wanted))).rejects.toThrow(
      expect.objectContaining({ code: 'VERSION_CONFLICT' }),
    )
    expect(site.mutations()).toEqual([])
    expect(only(site).assets).toMatchObject([{ digest: theirs }])
  })

  test('gets a missing .prov, and keeps the one it has', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const made = await site.pack({ ...wanted, provenance: 'signed' })
    const [found] = await ship(open(site, tag), { ...made, provenance: null })
    site.forget()
    const channel = open(site, tag)
    await channel.stage([{ package: made, found }])
    expect(site.mutations()).toEqual([])
    const [now] = await channel.publish([{ package: made, found }])
    expect(now?.hasProvenance).toBe(true)
    const { id } = only(site)
    expect(site.mutations()).toEqual([`POST releases/${id}/assets`])

    const again = await site.pack({ ...wanted, provenance: 'signed anew' })
    await open(site, tag).publish([{ package: again, found }])
    expect(String(only(site).assets[1]?.content)).toBe('signed')
  })

  test('that is immutable and lacks the archive is RELEASE_IMMUTABLE', async () => {
    const site = await start({ immutable: true })
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({ tag: 'v1.2.3' })
    const refusal = expect.objectContaining({ code: 'RELEASE_IMMUTABLE' })
    const channel = open(site, tag)
    site.forget()
    await expect(channel.locate(wanted)).rejects.toThrow(refusal)
    await expect(ship(channel, await site.pack(wanted))).rejects.toThrow(
      refusal,
    )
    expect(site.mutations()).toEqual([])
  })

  test('that is immutable stays without a .prov, with a warning', async () => {
    const site = await start({ immutable: true })
    const tag = await site.tag('v1.2.3')
    const made = await site.pack({ ...wanted, provenance: 'signed' })
    const [found] = await ship(open(site, tag), { ...made, provenance: null })
    expect(only(site).immutable).toBe(true)
    site.forget()
    await open(site, tag).publish([{ package: made, found }])
    expect(site.mutations()).toEqual([])
    expect(site.logged.at(-1)).toMatch(/immutable, so demo-1\.2\.3\.tgz\.prov/)
  })

  test('a tag that an immutable release had is refused with the remedy', async () => {
    const site = await start({ immutable: true })
    const tag = await site.tag('v1.2.3')
    const { id } = await site.server.createRelease({ tag: 'v1.2.3' })
    await site.github.octokit.rest.repos.deleteRelease({
      ...site.github.at,
      release_id: id,
    })
    await expect(
      ship(open(site, tag), await site.pack(wanted)),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'RELEASE_IMMUTABLE',
        message: expect.stringContaining('raise "version:"'),
      }),
    )
  })
})

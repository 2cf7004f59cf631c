import { afterEach, describe, expect, test } from '@jest/globals'
import { readMarker, writeMarker } from '../../src/channels/release-marker.ts'
import { digestOf } from '../../src/digest.ts'
import type { Publication } from '../../src/model.ts'
import { endAll, only, open, ship, start, wanted } from './release-job.ts'

afterEach(endAll)

describe('a draft', () => {
  test('P4: of an earlier run is taken up: its archive is the package', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const made = await site.pack({ ...wanted, provenance: 'signed' })
    await open(site, tag).stage([{ package: made }])
    site.forget()

    const channel = open(site, tag)
    const found = await channel.locate(wanted)
    expect(found).toMatchObject({
      state: 'draft',
      publication: { packageDigest: made.digest, hasProvenance: true },
    })
    const { publication } = found as { publication: Publication }
    const { archive, provenance } = await channel.download(wanted, publication)
    expect(digestOf(archive)).toBe(made.digest)
    expect(String(provenance)).toBe('signed')
    await ship(channel, made)
    const { id } = only(site)
    expect(site.mutations()).toEqual([`PATCH releases/${id}`])
  })

  test('P4: without its archive is completed, with an archive built anew', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const { id } = await site.server.createRelease({
      tag: tag.name,
      draft: true,
      body: writeMarker({
        commit: tag.commit,
        packages: [{ ...wanted, digest: digestOf('built before') }],
      }),
    })
    const channel = open(site, tag)
    expect(await channel.locate(wanted)).toEqual({ state: 'absent' })
    const made = await site.pack(wanted)
    await ship(channel, made)
    expect(only(site)).toMatchObject({
      id,
      draft: false,
      assets: [{ digest: made.digest }],
    })
    expect(readMarker(only(site).body)?.packages).toEqual([
      { ...wanted, digest: made.digest },
    ])
  })

  test('an archive that is not the marked one does not count, and is replaced', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({
      tag: tag.name,
      draft: true,
      body: writeMarker({ commit: tag.commit, packages: [] }),
      assets: [{ name: 'demo-1.2.3.tgz', content: 'other bytes' }],
    })
    const channel = open(site, tag)
    expect(await channel.locate(wanted)).toEqual({ state: 'absent' })
    const made = await site.pack(wanted)
    await ship(channel, made)
    expect(only(site).assets).toMatchObject([{ digest: made.digest }])
  })

  test('an archive that this run saw may give way to the published one', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const staged = await site.pack({ ...wanted, content: 'staged' })
    await open(site, tag).stage([{ package: staged }])
    const channel = open(site, tag)
    expect(await channel.locate(wanted)).toMatchObject({ state: 'draft' })
    const published = await site.pack({ ...wanted, content: 'in a registry' })
    await ship(channel, published)
    expect(only(site).assets).toMatchObject([{ digest: published.digest }])
  })

  test('for another commit is replaced', async () => {
    const site = await start()
    const earlier = await site.tag('v1.2.3')
    const old = await site.pack({ ...wanted, content: 'old' })
    await open(site, earlier).stage([{ package: old }])
    const { id } = only(site)
    const commit = await site.server.commitToBranch('main', { b: 'b' })
    await site.github.octokit.rest.git.updateRef({
      ...site.github.at,
      ref: 'tags/v1.2.3',
      sha: commit,
    })
    const channel = open(site, { name: 'v1.2.3', commit })
    expect(await channel.locate(wanted)).toEqual({ state: 'absent' })
    const made = await site.pack(wanted)
    await ship(channel, made)
    expect(only(site)).toMatchObject({
      draft: false,
      assets: [{ digest: made.digest }],
    })
    expect(only(site).id).not.toBe(id)
  })

  test('of somebody else stops the check', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({
      tag: 'v1.2.3',
      draft: true,
      body: 'Mine',
    })
    site.forget()
    const channel = open(site, tag)
    const refusal = expect.objectContaining({
      code: 'RELEASE_FAILED',
      message: expect.stringMatching(/did not make.*github-release: adopt/),
    })
    await expect(channel.locate(wanted)).rejects.toThrow(refusal)
    await expect(ship(channel, await site.pack(wanted))).rejects.toThrow(
      refusal,
    )
    expect(site.mutations()).toEqual([])
  })

  test('of somebody else, far down the list, is found too', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({ tag: 'v1.2.3', draft: true })
    for (let made = 0; made < 101; made++)
      await site.server.createRelease({ tag: `d${made}`, draft: true })
    await expect(open(site, tag).locate(wanted)).rejects.toThrow(
      expect.objectContaining({ code: 'RELEASE_FAILED' }),
    )
  })

  test('P6: of somebody else is adopted with its text, name and files', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const { id } = await site.server.createRelease({
      tag: 'v1.2.3',
      draft: true,
      name: 'Spring',
      body: 'Written by hand.\r\n',
      prerelease: true,
      assets: [{ name: 'notes.pdf', content: 'pdf' }],
    })
    const made = await site.pack(wanted)
    const channel = open(site, tag, { adopt: true })
    expect(await channel.locate(wanted)).toEqual({ state: 'absent' })
    await ship(channel, made)
    const release = only(site)
    expect(release).toMatchObject({
      id,
      name: 'Spring',
      draft: false,
      prerelease: true,
    })
    expect(release.body).toMatch(/^Written by hand\.\r\n\n\n<!-- chart-release/)
    expect(release.assets.map(({ name }) => name)).toEqual([
      'notes.pdf',
      'demo-1.2.3.tgz',
    ])
  })

  test('P6: that was adopted for another commit is emptied of ours, and kept', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const { id } = await site.server.createRelease({
      tag: 'v1.2.3',
      draft: true,
      body: 'By hand',
      assets: [{ name: 'notes.pdf', content: 'pdf' }],
    })
    const old = await site.pack({ ...wanted, content: 'old' })
    const before = { name: tag.name, commit: 'a'.repeat(40) }
    await open(site, before, { adopt: true }).stage([{ package: old }])
    const made = await site.pack(wanted)
    await ship(open(site, tag), made)
    const release = only(site)
    expect(release).toMatchObject({ id, draft: false })
    expect(release.body).toMatch(/^By hand\n\n<!--/)
    expect(release.assets).toMatchObject([
      { name: 'notes.pdf' },
      { name: 'demo-1.2.3.tgz', digest: made.digest },
    ])
  })

  test('P6: that was adopted keeps an archive of its own', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({
      tag: 'v1.2.3',
      draft: true,
      assets: [{ name: 'demo-1.2.3.tgz', content: 'by hand' }],
    })
    await expect(
      ship(open(site, tag, { adopt: true }), await site.pack(wanted)),
    ).rejects.toThrow(/has its own demo-1\.2\.3\.tgz/)
    expect(only(site).assets).toMatchObject([{ digest: digestOf('by hand') }])
  })
})

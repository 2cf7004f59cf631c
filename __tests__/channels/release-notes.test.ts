import { afterEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ReleaseChannelOptions } from '../../src/channels/github-release.ts'
import { readMarker, writeMarker } from '../../src/channels/release-marker.ts'
import { createHttp } from '../../src/http.ts'
import type { Chart, Publication, Tag } from '../../src/model.ts'
import { findSection } from '../../src/release-notes/install-section.ts'
import {
  prepareReleaseText,
  type ReleaseText,
  type ReleaseTextOptions,
} from '../../src/release-notes/release-text.ts'
import type { RegistryTarget } from '../../src/settings/registry.ts'
import type { Site } from '../github/site.ts'
import {
  endAll,
  only,
  open,
  type ReleaseChannel,
  ship,
  start,
  wanted,
} from './release-job.ts'

const folders: string[] = []

afterEach(async () => {
  await endAll()
  for (const folder of folders.splice(0))
    await rm(folder, { recursive: true, force: true })
})

const begin = '<!-- chart-release:install demo -->'
const end = '<!-- /chart-release:install demo -->'

function registry(host: string): RegistryTarget {
  return { host, path: 'acme', optional: false, private: false }
}

function chart(name: string): Chart {
  return {
    name,
    version: '1.2.3',
    apiVersion: 'v2',
    type: 'application',
    dependencies: [],
    sources: [],
    annotations: { 'artifacthub.io/changes': `- Change of ${name}` },
    directory: name,
    versionAt: { file: `${name}/Chart.yaml` },
    locked: false,
  }
}

async function textOf(
  site: Site,
  tag: Tag,
  changes: Partial<ReleaseTextOptions> = {},
): Promise<ReleaseText> {
  const workspace = await mkdtemp(path.join(tmpdir(), 'notes-'))
  folders.push(workspace)
  return await prepareReleaseText({
    github: site.github,
    source: { from: 'auto' },
    workspace,
    charts: [{ chart: chart('demo'), version: '1.2.3', tag }],
    registries: [registry('ghcr.io')],
    pagesUrl: 'https://acme.github.io/charts',
    isPublic: true,
    context: {
      repositoryName: 'charts',
      libraries: new Set(),
      privateRegistries: new Set(),
    },
    log: site.log,
    ...changes,
  })
}

/** A channel whose releases have a text. */
async function openWith(
  site: Site,
  tag: Tag,
  changes: Partial<ReleaseTextOptions> &
    Partial<Pick<ReleaseChannelOptions, 'adopt' | 'text'>> = {},
): Promise<ReleaseChannel> {
  return open(site, tag, {
    charts: [wanted],
    ...(changes.adopt === undefined ? {} : { adopt: changes.adopt }),
    text: changes.text ?? (await textOf(site, tag, changes)),
  })
}

const twoRegistries = [registry('ghcr.io'), registry('quay.io')]

function bodyOf(site: Site): string {
  return only(site).body ?? ''
}

/** The text without the section and the marker: what people wrote. */
function around(body: string): string {
  const place = findSection(body, 'demo')
  const cut =
    place.state === 'intact'
      ? body.slice(0, place.from) + body.slice(place.to)
      : body
  return cut.replace(/<!-- chart-release: .* -->/, '')
}

/** What a run does that found something. */
async function rerun(channel: ReleaseChannel, site: Site): Promise<unknown> {
  const found = await channel.locate(wanted)
  if (found.state !== 'found') throw new Error(`it is ${found.state}`)
  if (found.lacks.length > 0) {
    const shipment = {
      package: await site.pack(wanted),
      found: found.publications[0] as Publication,
    }
    await channel.stage([shipment])
    await channel.publish([shipment])
  }
  return found.lacks
}

async function edit(site: Site, body: string): Promise<void> {
  await site.github.octokit.rest.repos.updateRelease({
    ...site.github.at,
    release_id: only(site).id,
    body,
  })
  site.forget()
}

describe('a new release', () => {
  test('has notes, install commands, digest and marker from the first moment', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const made = await site.pack(wanted)
    const channel = await openWith(site, tag)
    site.forget()
    await channel.stage([{ package: made }])
    const draft = only(site)
    expect(draft).toMatchObject({ draft: true })
    await channel.publish([{ package: made }])

    const body = bodyOf(site)
    expect(body).toBe(draft.body)
    expect(body.startsWith(`- Change of demo\n\n${begin}\n`)).toBe(true)
    expect(body).toContain(
      'helm install demo oci://ghcr.io/acme/demo --version 1.2.3',
    )
    expect(body).toContain('helm repo add charts https://acme.github.io/charts')
    expect(body).toContain(
      `helm install demo ${site.server.serverUrl}/acme/charts/releases/download/v1.2.3/demo-1.2.3.tgz`,
    )
    expect(body).toContain(made.digest)
    const packages = [{ ...wanted, digest: made.digest }]
    const marker = writeMarker({ commit: tag.commit, packages })
    expect(body.endsWith(`${end}\n\n${marker}`)).toBe(true)
    expect(site.mutations()).toEqual([
      'POST releases',
      `POST releases/${draft.id}/assets`,
      `PATCH releases/${draft.id}`,
    ])
    site.forget()
    expect(await rerun(await openWith(site, tag), site)).toEqual([])
    expect(site.mutations()).toEqual([])
  })

  test('that is immutable is complete when it freezes', async () => {
    const site = await start({ immutable: true })
    const tag = await site.tag('v1.2.3')
    await ship(await openWith(site, tag), await site.pack(wanted))
    expect(only(site).immutable).toBe(true)
    expect(findSection(bodyOf(site), 'demo').state).toBe('intact')
    site.forget()
    const later = await openWith(site, tag, { registries: twoRegistries })
    expect(await rerun(later, site)).toEqual([])
    expect(site.mutations()).toEqual([])
  })

  test('of several charts has a part and commands for each', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const names = ['demo', 'my--other']
    const text = await textOf(site, tag, {
      charts: names.map((name) => ({
        chart: chart(name),
        version: '1.2.3',
        tag,
      })),
    })
    const packages = await Promise.all(
      names.map(async (name) => await site.pack({ name, version: '1.2.3' })),
    )
    await ship(await openWith(site, tag, { text }), ...packages)
    const body = bodyOf(site)
    expect(body).toMatch(
      /^## demo 1\.2\.3\n\n- Change of demo\n\n## my--other 1\.2\.3\n\n- Change of my--other\n\n<!--/,
    )
    for (const [at, name] of names.entries()) {
      const place = findSection(body, name)
      expect(place.state).toBe('intact')
      const { from, to } = place as { from: number; to: number }
      expect(body.slice(from, to)).toContain(packages[at]?.digest)
    }
  })

  test('leaves out the asset where strangers may not download it', async () => {
    const site = await start({ visibility: 'private' })
    const tag = await site.tag('v1.2.3')
    const channel = await openWith(site, tag, {
      isPublic: false,
      pagesUrl: undefined,
      registries: [
        { ...registry('optional.example'), optional: true },
        registry('ghcr.io'),
      ],
    })
    await ship(channel, await site.pack(wanted))
    expect(bodyOf(site)).not.toContain('releases/download')
    expect(bodyOf(site)).toMatch(/ghcr\.io[^]*optional\.example/)
    const none = await textOf(site, tag, {
      isPublic: false,
      pagesUrl: undefined,
      registries: [],
    })
    expect(none.installSection(await site.pack(wanted))).toBeNull()
  })

  test('P6: notes too long for GitHub are cut, and nothing else', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const long = `Top\n\n\`\`\`yaml\n${'key: "😀"\n'.repeat(20_000)}`
    const text = await textOf(site, tag)
    const channel = await openWith(site, tag, {
      text: {
        ...text,
        readNotes: async () =>
          await Promise.resolve({
            text: long,
            more: 'https://example.com/all',
          }),
      },
    })
    await ship(channel, await site.pack(wanted))
    const body = bodyOf(site)
    expect(body.length).toBeLessThanOrEqual(125_000)
    expect(body.length).toBeGreaterThan(124_900)
    expect(body).toMatch(/^key: "😀"\n```\n\n_The rest was cut off/mu)
    expect(body).toContain('(https://example.com/all)')
    expect(findSection(body, 'demo').state).toBe('intact')
    expect(readMarker(body)?.commit).toBe(tag.commit)
  })

  test('has no notes when GitHub cannot generate any, and is released', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const source = { from: 'generated' } as const
    site.server.door.inject({
      path: /generate-notes/,
      times: 9,
      effect: { kind: 'status', status: 403 },
    })
    const channel = await openWith(site, tag, { source })
    await ship(channel, await site.pack(wanted))
    expect(bodyOf(site).startsWith(begin)).toBe(true)
    expect(site.logged.join('\n')).toMatch(/GitHub did not generate notes/)
  })

  test('generated notes go back to the chart’s own previous release', async () => {
    const site = await start()
    for (const name of ['demo-1.1.0', 'other-9.0.0']) {
      const tag = await site.tag(name)
      await site.server.createRelease({
        tag: tag.name,
        assets: [{ name: `${name}.tgz`, content: name }],
      })
    }
    const tag = await site.tag('demo-1.2.3')
    const source = { from: 'generated' } as const
    await ship(await openWith(site, tag, { source }), await site.pack(wanted))
    const body = site.server.releases().at(-1)?.body ?? ''
    expect(body).toMatch(
      /^\*\*Full Changelog\*\*: .*\/compare\/demo-1\.1\.0\.\.\.demo-1\.2\.3\n\n<!--/,
    )
  })

  test('of a tag that is still to be made gets generated notes, too', async () => {
    const site = await start()
    const commit = await site.server.commitToBranch('main', { a: 'b' })
    const tag = { name: 'demo-1.2.3', commit, isNew: true }
    const text = await textOf(site, tag, { source: { from: 'generated' } })
    expect(await text.readNotes([])).toMatchObject({
      text: expect.stringContaining('**Full Changelog**'),
    })
  })

  test('P11: GitHub’s notes carry no marker of ours', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const title = `* ${begin} <!-- chart-release: {"commit":"x"} --> by @eve`
    site.server.door.inject({
      path: /generate-notes/,
      effect: {
        kind: 'status',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'x', body: title }),
      },
    })
    const { text: notes } = await (
      await textOf(site, tag, { source: { from: 'generated' } })
    ).readNotes([])
    expect(notes).toContain('by @eve')
    expect(readMarker(notes)).toBeNull()
    expect(findSection(notes, 'demo').state).toBe('absent')
  })
})

describe('P6: a published release that is joined', () => {
  const byHand = 'Written by hand.\r\n\r\n<b>$&</b>\n'

  async function join(
    body: string,
    changes: Partial<ReleaseTextOptions> = {},
  ): Promise<{ readonly site: Site; readonly tag: Tag }> {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({ tag: tag.name, name: 'Mine', body })
    site.forget()
    await ship(await openWith(site, tag, changes), await site.pack(wanted))
    return { site, tag }
  }

  test('gets the install commands at its end, and no notes', async () => {
    const { site, tag } = await join(byHand)
    const { id, name, body } = only(site)
    expect(name).toBe('Mine')
    expect(body?.startsWith(`${byHand}\n\n${begin}\n`)).toBe(true)
    expect(body).not.toContain('Change of demo')
    expect(site.mutations()).toEqual([
      `PATCH releases/${id}`,
      `POST releases/${id}/assets`,
    ])
    site.forget()
    expect(await rerun(await openWith(site, tag), site)).toEqual([])
    expect(site.mutations()).toEqual([])
  })

  test('is not told of a package that it refuses (P5)', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({
      tag: tag.name,
      body: byHand,
      assets: [{ name: 'demo-1.2.3.tgz', content: 'theirs' }],
    })
    site.forget()
    const channel = await openWith(site, tag)
    await expect(ship(channel, await site.pack(wanted))).rejects.toThrow(
      expect.objectContaining({ code: 'VERSION_CONFLICT' }),
    )
    expect(site.mutations()).toEqual([])
  })

  test('with text that leaves no room keeps it, and says so', async () => {
    const long = 'x'.repeat(124_500)
    const { site, tag } = await join(long)
    expect(around(bodyOf(site)).trimEnd()).toBe(long)
    expect(bodyOf(site)).not.toContain(begin)
    expect(site.logged.filter((line) => /no room/.test(line))).toHaveLength(1)
    site.forget()
    expect(await rerun(await openWith(site, tag), site)).toEqual([])
    expect(site.mutations()).toEqual([])
  })

  test('with an open code fence does not swallow the commands', async () => {
    const { site } = await join('Try:\n\n```sh\nhelm')
    expect(
      bodyOf(site).startsWith(`Try:\n\n\`\`\`sh\nhelm\n\`\`\`\n\n${begin}`),
    ).toBe(true)
  })

  test('that carries the package already is left as it is', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const { path: file } = await site.pack(wanted)
    await site.server.createRelease({
      tag: tag.name,
      body: byHand,
      assets: [{ name: path.basename(file), content: 'archive of demo 1.2.3' }],
    })
    site.forget()
    expect(await rerun(await openWith(site, tag), site)).toEqual([])
    expect(site.mutations()).toEqual([])
  })
})

describe('run again with another registry', () => {
  async function released(body = ''): Promise<{
    readonly site: Site
    readonly tag: Tag
    readonly again: () => Promise<unknown>
  }> {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    if (body !== '') await site.server.createRelease({ tag: tag.name, body })
    await ship(await openWith(site, tag), await site.pack(wanted))
    site.forget()
    const again = async (): Promise<unknown> =>
      await rerun(
        await openWith(site, tag, { registries: twoRegistries }),
        site,
      )
    return { site, tag, again }
  }

  test('P6: the commands are replaced, and every edit around them stays', async () => {
    const { site, again } = await released()
    const edited = `Über uns\n\n${bodyOf(site).replace('- Change of demo', 'Mine: $& $1')}\n\nThanks!`
    await edit(site, edited)
    expect(await again()).toEqual(['install commands'])
    const body = bodyOf(site)
    expect(body).toContain('oci://quay.io/acme/demo')
    expect(around(body)).toBe(around(edited))
    expect(site.mutations()).toEqual([`PATCH releases/${only(site).id}`])
    site.forget()
    expect(await again()).toEqual([])
    expect(site.mutations()).toEqual([])
  })

  test('P6: line ends of GitHub’s web editor stay', async () => {
    const { site, tag, again } = await released()
    const edited = `Mine\n\n${bodyOf(site)}`.replaceAll('\n', '\r\n')
    await edit(site, edited)
    expect(await rerun(await openWith(site, tag), site)).toEqual([])
    expect(await again()).toEqual(['install commands'])
    expect(bodyOf(site)).toContain('oci://quay.io/acme/demo')
    expect(bodyOf(site)).not.toMatch(/[^\r]\n/)
    site.forget()
    expect(await again()).toEqual([])
  })

  test('P6: commands that a maintainer took out stay out', async () => {
    const { site, again } = await released()
    for (const edited of [
      bodyOf(site).replace(new RegExp(`${begin}[^]*${end}`), ''),
      'All new',
    ]) {
      await edit(site, edited)
      expect(await again()).toEqual([])
      expect(bodyOf(site)).toBe(edited)
      expect(site.mutations()).toEqual([])
    }
  })

  test.each([
    ['beginning', begin, 'My own <!-- words -->'],
    ['end', end, ''],
    ['order', begin, end],
  ])('P6: a damaged %s of the block costs no text', async (_, old, made) => {
    const { site, again } = await released()
    const edited = `${bodyOf(site).replace(old, made)}\n\nMore of mine`
    await edit(site, edited)
    expect(await again()).toEqual([])
    expect(bodyOf(site)).toBe(edited)
    expect(site.mutations()).toEqual([])
  })

  test('the block stays as it is where the new one has no room', async () => {
    const { site, again } = await released()
    const edited = `${bodyOf(site)}\n${'x'.repeat(124_990 - bodyOf(site).length)}`
    await edit(site, edited)
    expect(await again()).toEqual([])
    expect(bodyOf(site)).toBe(edited)
  })

  test('another chart’s block is left alone', async () => {
    const other = `${begin.replace('demo', 'demo-tools')}\nx\n${end.replace('demo', 'demo-tools')}`
    const { site, again } = await released(other)
    expect(await again()).toEqual(['install commands'])
    expect(bodyOf(site)).toContain(other)
  })
})

describe('P6: a draft', () => {
  async function staged(): Promise<{ readonly site: Site; readonly tag: Tag }> {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const channel = await openWith(site, tag)
    await channel.stage([{ package: await site.pack(wanted) }])
    return { site, tag }
  }

  test('of a killed run keeps what people made of its text', async () => {
    const { site, tag } = await staged()
    const edited = bodyOf(site)
      .replace('- Change of demo', 'Edited')
      .replaceAll('\n', '\r\n')
    await edit(site, edited)
    await ship(
      await openWith(site, tag, { registries: twoRegistries }),
      await site.pack(wanted),
    )
    expect(only(site).draft).toBe(false)
    expect(around(bodyOf(site))).toBe(around(edited))
    expect(bodyOf(site)).toContain('oci://quay.io/acme/demo')
  })

  test('of a killed run without its commands is published without', async () => {
    const { site, tag } = await staged()
    const edited = bodyOf(site).replace(
      new RegExp(`${begin}[^]*${end}`),
      'Mine',
    )
    await edit(site, edited)
    await ship(await openWith(site, tag), await site.pack(wanted))
    expect(only(site)).toMatchObject({ draft: false, body: edited })
  })

  test('of a killed run tells the digest of the archive that it gets', async () => {
    const { site, tag } = await staged()
    const channel = await openWith(site, tag)
    await channel.locate(wanted)
    const other = await site.pack({ ...wanted, content: 'from a registry' })
    await ship(channel, other)
    const body = bodyOf(site)
    const { from, to } = findSection(body, 'demo') as {
      from: number
      to: number
    }
    expect(body.slice(from, to)).toContain(other.digest)
    expect(around(body).trim()).toBe('- Change of demo')
  })

  test('with damaged markers loses nothing, and that is said once', async () => {
    const { site, tag } = await staged()
    const edited = bodyOf(site).replace(end, 'Mine')
    await edit(site, edited)
    await ship(await openWith(site, tag), await site.pack(wanted))
    expect(bodyOf(site)).toBe(edited)
    expect(site.logged.filter((one) => /two comments/.test(one))).toHaveLength(
      1,
    )
  })

  test('that is adopted keeps its text, and gets the commands', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    const body = 'Mine.\r\n'
    await site.server.createRelease({ tag: tag.name, draft: true, body })
    const made = await site.pack(wanted)
    await ship(await openWith(site, tag, { adopt: true }), made)
    expect(bodyOf(site).startsWith(`${body}\n\n${begin}`)).toBe(true)
    expect(around(bodyOf(site)).trim()).toBe('Mine.')
    expect(only(site).draft).toBe(false)
  })

  test('that was adopted for another commit loses the commands of what it no longer has', async () => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({
      tag: tag.name,
      draft: true,
      body: 'Mine.',
    })
    const gone = await site.pack({ name: 'gone', version: '1.2.3' })
    const before = { name: tag.name, commit: 'a'.repeat(40) }
    const first = await openWith(site, before, { adopt: true })
    await first.stage([{ package: gone }])
    expect(findSection(bodyOf(site), 'gone').state).toBe('intact')
    await ship(await openWith(site, tag), await site.pack(wanted))
    expect(findSection(bodyOf(site), 'gone').state).toBe('absent')
    expect(findSection(bodyOf(site), 'demo').state).toBe('intact')
    expect(bodyOf(site).startsWith('Mine.')).toBe(true)
  })
})

test('P4: a join that ends anywhere is completed by the next run', async () => {
  const ends = async (after: number): Promise<unknown> => {
    const site = await start()
    const tag = await site.tag('v1.2.3')
    await site.server.createRelease({ tag: tag.name, body: 'Mine' })
    const made = await site.pack(wanted)
    const run = async (): Promise<void> => {
      const channel = await openWith(site, tag)
      const found = await channel.locate(wanted)
      if (found.state !== 'found') await ship(channel, made)
    }
    const { door } = site.server
    const cut = { path: /./, after }
    door.inject({ ...cut, effect: { kind: 'reset', when: 'after' } })
    const dead = { kind: 'reset', when: 'before' } as const
    door.inject({ ...cut, times: Infinity, effect: dead })
    await run().catch(() => undefined)
    const struck = door.requests.length > after
    door.clear()
    await run()
    const body = bodyOf(site)
    expect(only(site).assets).toMatchObject([{ digest: made.digest }])
    expect(body.split(begin)).toHaveLength(2)
    expect(around(body).trim()).toBe('Mine')
    return struck
  }
  let requests = 0
  while (await ends(requests)) requests += 1
  expect(requests).toBeGreaterThan(5)
})

test('P4: jobs of one tag that write at once end with the commands of both', async () => {
  const site = await start()
  const tag = await site.tag('v1.2.3')
  await site.server.createRelease({ tag: tag.name, body: 'Mine' })
  const names = ['demo', 'other']
  const http = createHttp()
  let waiting = names.length
  const together = Promise.withResolvers<void>()
  /** Each has read the text before either writes it. */
  const connect = (): Site['github'] => {
    let isFirst = true
    return site.connect({
      http: async (url, request) => {
        if (request?.method === 'PATCH' && isFirst) {
          isFirst = false
          if (--waiting === 0) together.resolve()
          await together.promise
        }
        return await http(url, request)
      },
    })
  }
  await Promise.all(
    names.map(async (name) => {
      const github = connect()
      const charts = [{ chart: chart(name), version: '1.2.3', tag }]
      const text = await textOf(site, tag, { github, charts })
      await ship(
        open(site, tag, { github, text }),
        await site.pack({ name, version: '1.2.3' }),
      )
    }),
  )
  expect(waiting).toBe(0)
  for (const name of names)
    expect(findSection(bodyOf(site), name).state).toBe('intact')
  expect(readMarker(bodyOf(site))?.packages).toHaveLength(2)
  expect(bodyOf(site).startsWith('Mine\n\n')).toBe(true)
})

test('a file that is missing stops before anything is published', async () => {
  const site = await start()
  const tag = await site.tag('v1.2.3')
  const file = 'NOTES.md'
  const source = { from: 'file', file } as const
  await expect(textOf(site, tag, { source })).rejects.toThrow(
    expect.objectContaining({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/^release-notes: "NOTES\.md".*no such/),
    }),
  )
  const workspace = await mkdtemp(path.join(tmpdir(), 'notes-'))
  folders.push(workspace)
  await writeFile(path.join(workspace, file), '\n# Ours\r\n')
  const text = await textOf(site, tag, { source, workspace })
  await ship(await openWith(site, tag, { text }), await site.pack(wanted))
  expect(bodyOf(site).startsWith(`# Ours\n\n${begin}`)).toBe(true)
})

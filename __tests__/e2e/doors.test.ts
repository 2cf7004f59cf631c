import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from '@jest/globals'
import { readdir } from 'node:fs/promises'
import { parse } from 'yaml'
import { digestOf } from '../../src/digest.ts'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import type { HelmMajor } from '../../testing/helm.ts'
import { chartFiles, type Repository } from '../../testing/repository.ts'
import { createStranger, type Stranger } from '../../testing/stranger.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

/** The digest of the archive through every door, as a stranger sees it. */
async function throughEveryDoor(
  world: LoopbackWorld,
  stranger: Stranger,
  version: string,
): Promise<Readonly<Record<string, string | undefined>>> {
  const oci = `oci://${world.registryPath}/demo`
  const repository = `example/charts/demo`
  const tag = version.replaceAll('+', '_')
  const { content } = (await world.registry.manifest(repository, tag)) as {
    content: { layers: { mediaType: string; digest: string }[] }
  }
  const index = parse(
    String(await world.github.readBranchFile('gh-pages', 'index.yaml')),
  ) as {
    entries: { demo: { version: string; digest: string; urls: string[] }[] }
  }
  const entry = index.entries.demo.find((one) => one.version === version)
  const release = world.github
    .releases()
    .find(({ assets }) =>
      assets.some(({ name }) => name === `demo-${version}.tgz`),
    )
  await stranger.helm('repo', 'add', '--force-update', 'demo', world.pages.url)
  return {
    'the version': await stranger.pull(
      oci,
      '--version',
      version,
      '--plain-http',
    ),
    'the version with a v': await stranger.pull(
      oci,
      '--version',
      `v${version}`,
      '--plain-http',
    ),
    'the Helm repository': await stranger.pull(
      'demo/demo',
      '--version',
      version,
    ),
    'the asset': digestOf(
      Buffer.from(
        await (await fetch(entry?.urls[0] ?? 'missing:')).arrayBuffer(),
      ),
    ),
    'the layer': content.layers.find(({ mediaType }) =>
      mediaType.includes('chart.content'),
    )?.digest,
    'the asset, as GitHub knows it': release?.assets[0]?.digest,
    'the index': `sha256:${entry?.digest}`,
  }
}

describe.each<HelmMajor>([4, 3])('a tag, released with Helm %i', (helm) => {
  let world: LoopbackWorld
  let repository: Repository
  let stranger: Stranger
  let first: ActionResult

  beforeAll(async () => {
    world = await startWorld()
    stranger = await createStranger(4)
    repository = await world.repository(
      chartFiles({ appVersion: '7.2.0' }),
      'v1.2.3',
    )
    first = await world.release({ repository, tag: 'v1.2.3', helm })
  })
  afterAll(async () => {
    await stranger.remove()
    await world.close()
  })

  test('P1: gives the same bytes through every door', async () => {
    expect(first.log).not.toContain('::error')
    expect(first.exitCode).toBe(0)
    const digests = {
      ...(await throughEveryDoor(world, stranger, '1.2.3')),
      'a range': await stranger.pull(
        `oci://${world.registryPath}/demo`,
        '--version',
        '>=1.0.0 <2.0.0',
        '--plain-http',
      ),
    }
    expect(new Set(Object.values(digests))).toEqual(
      new Set([first.outputs['digest']]),
    )
    expect(Object.keys(digests)).toHaveLength(8)
  })

  test('is told in the outputs, in the design’s form', () => {
    const receipts = JSON.parse(first.outputs['charts'] ?? '') as Receipt[]
    expect(receipts).toMatchObject([
      {
        name: 'demo',
        version: '1.2.3',
        appVersion: '7.2.0',
        tag: 'v1.2.3',
        directory: 'demo',
        package: { digest: first.outputs['digest'], provenance: null },
        publications: [
          {
            channel: 'oci',
            target: `oci://${world.registryPath}/demo`,
            reference: `${world.registryPath}/demo:1.2.3`,
            digest: first.outputs['oci-digest'],
            aliases: ['v1.2.3'],
            status: 'published',
            verified: 'installable',
          },
          { channel: 'github-release', status: 'published' },
          { channel: 'pages', status: 'published' },
        ],
      },
    ])
    expect(first.outputs).toMatchObject({
      released: 'true',
      name: 'demo',
      version: '1.2.3',
      'app-version': '7.2.0',
      'index-url': `${world.pages.url}/index.yaml`,
    })
  })

  test('P8: leaves no credentials behind, only the package', async () => {
    const left = await readdir(first.temp)
    expect(left.filter((name) => name.startsWith('chart-release'))).toEqual([
      'chart-release',
    ])
    expect(await readdir(`${first.temp}/chart-release`)).toEqual([
      'demo-1.2.3.tgz',
    ])
  })

  test('the commands that it prints work as they are', async () => {
    const commands = [...first.log.matchAll(/^ {2}\$ (.*)$/gm)].map(
      ([, line = '']) => line.split(' && '),
    )
    expect(commands).toHaveLength(3)
    for (const lines of commands)
      for (const line of lines) {
        // No cluster here: what would be installed is rendered.
        const args = line
          .split(' ')
          .slice(1)
          .map((word) => (word === 'install' ? 'template' : word))
        const said = await stranger.helm(...args)
        expect(said).toMatch(/kind: ConfigMap|has been added/)
      }
  })

  test('P4: a second run changes nothing anywhere and says so', async () => {
    const before = world.mutations()
    const second = await world.release({ repository, tag: 'v1.2.3', helm })
    expect(second.exitCode).toBe(0)
    expect(world.mutations()).toBe(before)
    expect(second.outputs['released']).toBe('false')
    expect(second.outputs['digest']).toBe(first.outputs['digest'])
    const receipts = JSON.parse(second.outputs['charts'] ?? '') as Receipt[]
    expect(receipts[0]?.publications.map(({ status }) => status)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ])
    expect(
      second.annotations.filter(({ level }) => level !== 'notice'),
    ).toEqual([])
  })

  test('P4: a run with the other Helm recognises the content', async () => {
    const before = world.mutations()
    const other = await world.release({
      repository,
      tag: 'v1.2.3',
      helm: helm === 4 ? 3 : 4,
    })
    expect(other.exitCode).toBe(0)
    expect(world.mutations()).toBe(before)
    expect(other.outputs).toMatchObject({
      released: 'false',
      digest: first.outputs['digest'],
    })
  })
})

describe.each<HelmMajor>([4, 3])('a version, released with Helm %i', (helm) => {
  let world: LoopbackWorld
  let stranger: Stranger

  beforeEach(async () => {
    world = await startWorld()
    stranger = await createStranger(4)
  })
  afterEach(async () => {
    await stranger.remove()
    await world.close()
  })

  test('that is a prerelease is marked so on the Release', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    await world.release({ repository, tag: 'v1.2.3', helm })
    await world.push(
      repository,
      chartFiles({ version: '1.3.0-rc.1' }),
      'v1.3.0-rc.1',
    )
    const run = await world.release({ repository, tag: 'v1.3.0-rc.1', helm })
    expect(run.exitCode).toBe(0)
    const releases = world.github.releases()
    expect(releases.find(({ tag }) => tag === 'v1.3.0-rc.1')).toMatchObject({
      draft: false,
      prerelease: true,
      latest: false,
    })
    expect(releases.find(({ tag }) => tag === 'v1.2.3')).toMatchObject({
      prerelease: false,
      latest: true,
    })
    const digests = await throughEveryDoor(world, stranger, '1.3.0-rc.1')
    expect(new Set(Object.values(digests))).toEqual(
      new Set([run.outputs['digest']]),
    )
  })

  test('with build metadata works in every channel', async () => {
    const version = '1.4.0+build.5'
    const repository = await world.repository(
      chartFiles({ version }),
      `v${version}`,
    )
    const run = await world.release({ repository, tag: `v${version}`, helm })
    expect(run.log).not.toContain('::error')
    const digests = await throughEveryDoor(world, stranger, version)
    expect(new Set(Object.values(digests))).toEqual(
      new Set([run.outputs['digest']]),
    )
  })
})

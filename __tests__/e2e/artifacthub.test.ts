import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import { chartFiles, type Repository } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

const name = 'example/charts/demo'
const ofRoot = 'repositoryID: 00000000-0000-4000-8000-000000000001\n'
const ofChart = 'repositoryID: 00000000-0000-4000-8000-000000000002\n'
const files = {
  ...chartFiles(),
  'demo/.helmignore': '/artifacthub-repo.yml\n',
  'artifacthub-repo.yml': ofRoot,
  'demo/artifacthub-repo.yml': ofChart,
}

async function release(
  repository: Repository,
  tag = 'v1.2.3',
): Promise<ActionResult> {
  return await world.release({ repository, tag, inputs: { verify: 'false' } })
}

async function layerOf(): Promise<string | undefined> {
  const manifest = await world.registry.manifest(name, 'artifacthub.io')
  if (manifest === null) return undefined
  const { layers } = manifest.content as {
    layers: { mediaType: string; digest: string }[]
  }
  const [layer] = layers
  const answer = await world.registry.blob(name, layer?.digest ?? '')
  return answer.toString()
}

async function besideIndex(): Promise<string> {
  return String(
    await world.github.readBranchFile('gh-pages', 'artifacthub-repo.yml'),
  )
}

function errors(run: ActionResult): ActionResult['annotations'] {
  return run.annotations.filter(({ level }) => level === 'error')
}

describe('artifacthub-repo.yml', () => {
  test('of the root goes beside the index, of a chart to its own repository', async () => {
    const repository = await world.repository(files, 'v1.2.3')
    const run = await release(repository)
    expect(errors(run)).toEqual([])
    expect(await besideIndex()).toBe(ofRoot)
    expect(await layerOf()).toBe(ofChart)
    expect(
      (await world.registry.manifest(name, 'artifacthub.io'))?.content,
    ).toMatchObject({
      config: {
        mediaType: 'application/vnd.cncf.artifacthub.config.v1+yaml',
      },
      layers: [
        {
          mediaType:
            'application/vnd.cncf.artifacthub.repository-metadata.layer.v1.yaml',
        },
      ],
    })
    // ArtifactHub looks again only when versions change: so it is there first.
    const puts = world.registry
      .mutations()
      .filter(
        ({ method, path: at }) => method === 'PUT' && /manifests/.test(at),
      )
      .map(({ path: at }) => at.replace(/^.*\/manifests\//, ''))
    expect(puts[0]).toBe('artifacthub.io')
    // One commit holds the entry and the file.
    expect(
      world.github
        .mutations()
        .filter(({ path: at }) => at.endsWith('/git/commits')),
    ).toHaveLength(1)

    const before = world.mutations()
    await release(repository)
    expect(world.mutations()).toBe(before)
  })

  test('that has changed is replaced by the next version, and no older tag brings it back', async () => {
    const repository = await world.repository(files, 'v1.2.3')
    await release(repository)
    const changed = {
      ...chartFiles({ version: '1.3.0' }),
      'artifacthub-repo.yml': `${ofRoot}# new\n`,
      'demo/artifacthub-repo.yml': `${ofChart}# new\n`,
    }
    await world.push(repository, changed, 'v1.3.0')
    await release(repository, 'v1.3.0')
    expect(await besideIndex()).toContain('# new')
    expect(await layerOf()).toContain('# new')

    await repository.checkout('v1.2.3')
    const before = world.mutations()
    const again = await release(repository)
    expect(errors(again)).toEqual([])
    expect(world.mutations()).toBe(before)
  })

  test('that came later than its version is added by a re-run', async () => {
    const repository = await world.repository(files, 'v1.2.3')
    await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: { verify: 'false', 'artifacthub-repo': 'false' },
    })
    expect(await layerOf()).toBeUndefined()
    const run = await release(repository)
    expect(errors(run)).toEqual([])
    expect(await layerOf()).toBe(ofChart)
    expect(await besideIndex()).toBe(ofRoot)
    const [receipt] = JSON.parse(run.outputs['charts'] ?? '[]') as Receipt[]
    expect(receipt?.publications.map(({ status }) => status)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ])
    expect(receipt?.publications[0]?.detail).toContain('artifacthub-repo.yml')
  })

  test('of a chart at the root goes beside the index only', async () => {
    const repository = await world.repository(
      {
        ...chartFiles({ directory: '.' }),
        '.helmignore': '/artifacthub-repo.yml\n',
        'artifacthub-repo.yml': ofRoot,
      },
      'v1.2.3',
    )
    await release(repository)
    expect(await besideIndex()).toBe(ofRoot)
    expect(await layerOf()).toBeUndefined()
  })

  test('that would ship inside the package is told with the line that keeps it out', async () => {
    const repository = await world.repository(
      { ...chartFiles(), 'demo/artifacthub-repo.yml': ofChart },
      'v1.2.3',
    )
    const run = await release(repository)
    expect(run.annotations).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining(
          'demo/.helmignore: /artifacthub-repo.yml',
        ),
      }),
    )
  })

  test('with the ID of the root’s beside a chart is warned about', async () => {
    const repository = await world.repository(
      { ...files, 'demo/artifacthub-repo.yml': ofRoot },
      'v1.2.3',
    )
    const run = await release(repository)
    expect(run.exitCode).toBe(0)
    expect(run.annotations).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining('both say repositoryID: 00000000-'),
      }),
    )
  })

  test('P2: that ArtifactHub would refuse stops everything, at its line', async () => {
    const repository = await world.repository(
      { ...files, 'demo/artifacthub-repo.yml': '# mine\nrepositoryID: x\n' },
      'v1.2.3',
    )
    const before = world.mutations()
    const run = await release(repository)
    expect(errors(run)).toEqual([
      expect.objectContaining({
        properties: expect.objectContaining({
          title: 'METADATA_INVALID',
          file: 'demo/artifacthub-repo.yml',
          line: '2',
        }),
      }),
    ])
    expect(world.mutations()).toBe(before)
  })

  test('that a registry refuses is a warning', async () => {
    world.registry.door.inject({
      method: 'PUT',
      path: /manifests\/artifacthub\.io/,
      effect: { kind: 'status', status: 400 },
    })
    const repository = await world.repository(files, 'v1.2.3')
    const run = await release(repository)
    expect(errors(run)).toEqual([])
    expect(run.log).toContain('artifacthub-repo.yml was not put to')
    expect(await world.registry.tags(name)).toContain('1.2.3')
  })
})

describe('annotations', () => {
  test('P2: that would drop the version stop everything, at their line', async () => {
    const repository = await world.repository(
      chartFiles({
        extra: 'annotations:\n  artifacthub.io/category: web\n',
      }),
      'v1.2.3',
    )
    const before = world.mutations()
    const run = await release(repository)
    expect(errors(run)).toEqual([
      expect.objectContaining({
        properties: expect.objectContaining({
          title: 'METADATA_INVALID',
          file: 'demo/Chart.yaml',
          line: '8',
        }),
      }),
    ])
    expect(world.mutations()).toBe(before)
  })

  test('that would merely be nice are one notice', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const run = await release(repository)
    expect(run.annotations).toEqual([
      expect.objectContaining({
        level: 'notice',
        message: expect.stringContaining('kubeVersion, a licence'),
      }),
    ])
  })
})

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import { createHelmSpy } from '../../testing/helm-spy.ts'
import { chartFiles } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

function verified(run: ActionResult): Readonly<Record<string, string>> {
  const [receipt] = JSON.parse(run.outputs['charts'] ?? '[]') as Receipt[]
  return Object.fromEntries(
    (receipt?.publications ?? []).map(({ channel, verified: word }) => [
      channel,
      word,
    ]),
  )
}

/** Notices are advice; these are not. */
function troubles(run: ActionResult): ActionResult['annotations'] {
  return run.annotations.filter(({ level }) => level !== 'notice')
}

function codes(run: ActionResult): readonly string[] {
  return run.annotations
    .filter(({ level }) => level === 'error')
    .map(({ properties }) => properties['title'] ?? '')
}

const everywhere = {
  oci: 'installable',
  'github-release': 'installable',
  pages: 'installable',
}

describe('a release', () => {
  test('P9: is installed back through every channel, with few Helm processes', async () => {
    const spy = await createHelmSpy()
    try {
      const repository = await world.repository(chartFiles(), 'v1.2.3')
      const run = await world.release({
        repository,
        tag: 'v1.2.3',
        paths: [spy.folder],
      })
      expect(run.log).not.toContain('::error')
      expect(run.log).not.toContain('::warning')
      expect(verified(run)).toEqual(everywhere)
      const calls = await spy.calls()
      const after = calls.slice(
        calls.findIndex((call) => call.startsWith('push')) + 1,
      )
      expect(after.filter((call) => call.includes('oci://'))).toHaveLength(2)
      expect(after.map((call) => call.split(' ')[0] ?? '').sort()).toEqual([
        'pull',
        'pull',
        'pull',
        'repo',
        'show',
        'template',
      ])
      // What Helm fetched from the index proves the asset too: one download
      // before the index moved (P3), one after.
      expect(world.github.storage.requests).toHaveLength(2)
    } finally {
      await spy.remove()
    }
  })

  test('that is not to be verified asks nothing as a stranger', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: { verify: 'false' },
    })
    expect(run.exitCode).toBe(0)
    expect(verified(run)).toEqual({
      oci: 'skipped',
      'github-release': 'skipped',
      pages: 'skipped',
    })
    expect(world.pages.door.requests).toEqual([])
  })

  test('that needs values is installable, with a warning', async () => {
    const repository = await world.repository(
      {
        ...chartFiles(),
        'demo/templates/needs.yaml':
          'name: {{ required "set the password" .Values.password }}\n',
      },
      'v1.2.3',
    )
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      inputs: { lint: 'false' },
    })
    expect(run.exitCode).toBe(0)
    expect(verified(run)).toEqual(everywhere)
    expect(troubles(run)).toEqual([
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining('set the password'),
      }),
    ])
  })

  test('of a library chart is not rendered', async () => {
    const chart = chartFiles()['demo/Chart.yaml'] ?? ''
    const repository = await world.repository(
      {
        'demo/Chart.yaml': chart.replace('application', 'library'),
        'demo/templates/_helpers.tpl': '{{- define "x" }}{{ end }}\n',
      },
      'v1.2.3',
    )
    const run = await world.release({ repository, tag: 'v1.2.3' })
    expect(run.log).not.toContain('::error')
    expect(verified(run)).toEqual(everywhere)
    expect(troubles(run)).toEqual([])
  })
})

describe('a private package', () => {
  const name = 'example/charts/demo'

  test('P9: fails the run with the click that mends it; then only verifies', async () => {
    world.registry.setPrivate(name, true)
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const first = await world.release({
      repository,
      tag: 'v1.2.3',
      hurry: 20,
    })
    expect(first.exitCode).toBe(1)
    expect(codes(first)).toEqual(['VERIFY_BROKEN'])
    expect(verified(first)).toEqual({ ...everywhere, oci: 'broken' })
    // It is published all the same.
    expect(first.outputs['released']).toBe('true')
    expect(await world.registry.tags(name)).toContain('1.2.3')
    expect(first.summary).toContain('demo')
    expect(first.summary).toMatch(/is private/)
    const settings = `${world.github.serverUrl}/orgs/example/packages/container/charts%2Fdemo/settings`
    expect(first.summary).toContain(settings)
    expect(troubles(first)[0]?.message).toContain(settings)
    // A stranger is offered what works.
    expect(first.outputs['install-command']).not.toContain('oci://')
    expect(first.log).not.toContain('helm install demo oci://')

    world.registry.setPrivate(name, false)
    const before = world.mutations()
    const second = await world.release({
      repository,
      tag: 'v1.2.3',
      hurry: 20,
    })
    expect(second.exitCode).toBe(0)
    expect(verified(second)).toEqual(everywhere)
    expect(world.mutations()).toBe(before)
    expect(second.outputs['released']).toBe('false')
  })

  test('P9: is found private although the maintainer is logged in everywhere', async () => {
    world.registry.setPrivate(name, true)
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const home = path.join(repository.path, '..', `home-${process.pid}`)
    const auths = JSON.stringify({
      auths: {
        [world.registry.host]: {
          auth: Buffer.from('robot:a password, with "quotes" & $pace').toString(
            'base64',
          ),
        },
      },
    })
    for (const place of ['.docker', '.config/helm/registry']) {
      await mkdir(path.join(home, place), { recursive: true })
      await writeFile(path.join(home, place, 'config.json'), auths)
    }
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      hurry: 20,
      inputs: { 'registry-credentials': '' },
      environment: {
        HOME: home,
        DOCKER_CONFIG: path.join(home, '.docker'),
        HELM_REGISTRY_CONFIG: path.join(
          home,
          '.config/helm/registry/config.json',
        ),
        GITHUB_TOKEN: world.github.token,
      },
    })
    expect(codes(run)).toEqual(['VERIFY_BROKEN'])
    expect(verified(run)).toEqual({ ...everywhere, oci: 'broken' })
  })

  test('of a registry that is marked so is verified with credentials', async () => {
    world.registry.setPrivate(name, true)
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      hurry: 20,
      inputs: { registries: `oci://${world.registryPath} private` },
    })
    expect(run.exitCode).toBe(0)
    expect(verified(run)).toEqual(everywhere)
    const [receipt] = JSON.parse(run.outputs['charts'] ?? '') as Receipt[]
    expect(receipt?.publications[0]?.detail).toContain('with credentials')
    expect(run.summary).toContain('with credentials')
  })

  test('of an optional registry is a warning', async () => {
    world.registry.setPrivate(name, true)
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const run = await world.release({
      repository,
      tag: 'v1.2.3',
      hurry: 20,
      inputs: { registries: `oci://${world.registryPath} optional` },
    })
    expect(run.exitCode).toBe(0)
    expect(verified(run)).toEqual({ ...everywhere, oci: 'broken' })
    expect(troubles(run)).toEqual([
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining('is private'),
      }),
    ])
  })
})

describe('Pages', () => {
  const late = async (
    tag: string,
    inputs: Readonly<Record<string, string>> = {},
  ): Promise<ActionResult> => {
    const repository = await world.repository(
      chartFiles({ version: tag.slice(1) }),
      tag,
    )
    return await world.release({ repository, tag, inputs })
  }

  test('P9: that serves the index seconds later is waited for', async () => {
    await world.pages.hold()
    setTimeout(() => {
      world.pages.release()
    }, 6000)
    const run = await late('v1.2.3')
    expect(verified(run)).toEqual(everywhere)
    expect(run.exitCode).toBe(0)
    expect(run.log).toMatch(
      /^Waiting for Pages to serve the new http\S+\/index\.yaml: \d+ s of at most \d+ s$/m,
    )
  })

  test('that was never enabled is pending every time, with the choices to make', async () => {
    world.github.setPages(null)
    for (const tag of ['v1.2.3', 'v1.2.4']) {
      const run = await late(tag, { 'pages-url': world.pages.url })
      expect(run.exitCode).toBe(0)
      expect(verified(run)).toEqual({ ...everywhere, pages: 'pending' })
      expect(run.summary).toContain(
        `${world.github.serverUrl}/example/charts/settings/pages`,
      )
      expect(run.summary).toContain('Deploy from a branch')
    }
  })

  test('P9: that served an index and does no more is broken', async () => {
    const first = await late('v1.2.3')
    expect(verified(first)).toEqual(everywhere)
    world.github.setPages(null)
    const second = await late('v1.2.4', { 'pages-url': world.pages.url })
    expect(codes(second)).toEqual(['VERIFY_BROKEN'])
    expect(verified(second)).toEqual({ ...everywhere, pages: 'broken' })
  })
})

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ActionResult } from '../../testing/action.ts'
import { openDoor } from '../../testing/door.ts'
import { helmBinary } from '../../testing/helm.ts'
import { createProgramSpy } from '../../testing/program-spy.ts'
import { chartFiles, type Repository } from '../../testing/repository.ts'
import {
  type LoopbackWorld,
  type ReleaseRun,
  startWorld,
} from '../../testing/world.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

interface Rehearsal extends Partial<ReleaseRun> {
  readonly event: string
  readonly payload?: object
}

/** A dry run as on a pull request, with all the rights of this repository. */
async function rehearse(
  repository: Repository,
  { event, payload = {}, ...more }: Rehearsal,
): Promise<ActionResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'event-'))
  const file = path.join(folder, 'event.json')
  await writeFile(file, JSON.stringify(payload))
  const run = await world.release({
    repository,
    event,
    inputs: { 'dry-run': 'true' },
    environment: { GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_PATH: file },
    ...more,
  })
  await rm(folder, { recursive: true })
  return run
}

function codes(run: ActionResult): readonly string[] {
  return run.annotations
    .filter(({ level }) => level === 'error')
    .map(({ properties }) => properties['title'] ?? '')
}

const fork = (name: string): object => ({
  pull_request: { head: { repo: { full_name: name } } },
})

const dependsOn = (repository: string): Record<string, string> =>
  chartFiles({
    extra: `dependencies:\n- name: lib\n  version: 1.2.3\n  repository: ${repository}\n`,
  })

describe('P11: on pull_request_target, a fork’s chart', () => {
  test('is rehearsed, and changes nothing anywhere', async () => {
    const repository = await world.repository(chartFiles())
    const before = world.mutations()
    const run = await rehearse(repository, {
      event: 'pull_request_target',
      payload: fork('evil/charts'),
    })
    expect(codes(run)).toEqual([])
    expect(run.outputs['released']).toBe('false')
    expect(world.mutations()).toBe(before)
  })

  test.each(['pull_request_target', 'issue_comment', 'workflow_run'])(
    'makes the runner visit nothing inside its network (%s)',
    async (event) => {
      const inside = await openDoor(
        async () =>
          await Promise.resolve({
            status: 200,
            body: 'apiVersion: v1\nentries: {}\n',
          }),
      )
      try {
        const repository = await world.repository(dependsOn(inside.url))
        const run = await rehearse(repository, {
          event,
          payload: fork('evil/charts'),
        })
        expect(codes(run)).toEqual(['DEPENDENCY_FAILED'])
        expect(run.log).toContain('not a public address')
        expect(inside.requests).toEqual([])
      } finally {
        await inside.close()
      }
    },
  )

  test('gets no login of this repository for what it depends on', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'fork-'))
    try {
      await createProgramSpy(
        folder,
        'helm',
        `cat "$HELM_REGISTRY_CONFIG" "$HELM_CONFIG_HOME/repositories.yaml" >> '${folder}/seen' 2> /dev/null; exec '${await helmBinary(4)}' "$@"`,
      )
      const repository = await world.repository(
        dependsOn('https://127.0.0.1.invalid/charts'),
      )
      for (const [head, logins] of [
        ['evil/charts', 0],
        ['example/charts', 2],
      ] as const) {
        await rm(path.join(folder, 'seen'), { force: true })
        const run = await rehearse(repository, {
          event: 'pull_request_target',
          payload: fork(head),
          paths: [folder],
          inputs: {
            'registry-credentials': `${world.registry.host} robot secret-1\n127.0.0.1.invalid me secret-2`,
            'dry-run': 'true',
            registries: '',
          },
        })
        expect(codes(run)).toEqual(['DEPENDENCY_FAILED'])
        const seen = await readFile(path.join(folder, 'seen'), 'utf8')
        expect(seen).toContain('127.0.0.1.invalid/charts')
        const found = [
          Buffer.from('robot:secret-1').toString('base64'),
          'password: secret-2',
        ].filter((one) => seen.includes(one))
        expect(found).toHaveLength(logins)
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

test('a branch of this very repository may depend on what is inside', async () => {
  const inside = await openDoor(
    async () => await Promise.resolve({ status: 404 }),
  )
  try {
    const repository = await world.repository(dependsOn(inside.url))
    const run = await rehearse(repository, {
      event: 'pull_request',
      payload: fork('Example/Charts'),
    })
    expect(codes(run)).toEqual(['DEPENDENCY_FAILED'])
    expect(inside.requests.length).toBeGreaterThan(0)
  } finally {
    await inside.close()
  }
})

test('P11: no dry run visits a link-local address', async () => {
  const repository = await world.repository(
    dependsOn('http://169.254.169.254/latest/meta-data'),
  )
  const run = await rehearse(repository, { event: 'push' })
  expect(codes(run)).toEqual(['DEPENDENCY_FAILED'])
  expect(run.log).toContain('link-local')
})

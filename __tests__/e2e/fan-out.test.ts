import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { chartFiles } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

interface Step {
  readonly id?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly run?: string
}

const workflow = parse(
  readFileSync(
    path.resolve(
      import.meta.dirname,
      '../../examples/fan-out/.github/workflows/release.yml',
    ),
    'utf8',
  ),
) as { jobs: Record<'plan' | 'release', { steps: readonly Step[] }> }

let world: LoopbackWorld
let folder: string

beforeEach(async () => {
  world = await startWorld()
  folder = await mkdtemp(path.join(tmpdir(), 'fan-out-'))
})
afterEach(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

/** The `with:` of a step, its expressions replaced by this. */
function inputsOf(
  step: Step | undefined,
  value: string,
): Record<string, string> {
  return {
    verify: 'false',
    ...Object.fromEntries(
      Object.entries(step?.with ?? {}).map(([name, given]) => [
        name,
        String(given).replaceAll(/\$\{\{.*?\}\}/g, () => value),
      ]),
    ),
  }
}

test('the example makes a job for each chart to release, and these may race', async () => {
  const names = ['one', 'two', 'three', 'four']
  const repository = await world.repository(
    Object.assign(
      {},
      ...names.map((name) => chartFiles({ name, directory: `charts/${name}` })),
    ) as Record<string, string>,
  )
  // One of them is released already.
  await world.release({
    repository,
    inputs: { verify: 'false', 'create-tags': 'true', charts: 'charts/four' },
  })

  const plan = await world.release({
    repository,
    inputs: inputsOf(
      workflow.jobs.plan.steps.find(({ id }) => id === 'plan'),
      '',
    ),
  })
  expect(plan.log).not.toContain('::error')
  const output = path.join(folder, 'output')
  execFileSync(
    'bash',
    [
      '-e',
      '-c',
      workflow.jobs.plan.steps.find(({ id }) => id === 'matrix')?.run ?? '',
    ],
    {
      env: {
        ...process.env,
        CHARTS: plan.outputs['charts'],
        GITHUB_OUTPUT: output,
      },
    },
  )
  const [, matrix = ''] =
    /^charts=(.*)$/m.exec(await readFile(output, 'utf8')) ?? []
  const charts = JSON.parse(matrix) as { name: string; directory: string }[]
  expect(charts.map(({ name }) => name)).toEqual(['one', 'three', 'two'])

  const release = workflow.jobs.release.steps.find(
    (step) => step.with !== undefined,
  )
  const runs = await Promise.all(
    charts.map(
      async ({ directory }) =>
        await world.release({
          repository,
          inputs: inputsOf(release, directory),
        }),
    ),
  )
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
  const index = parse(
    String(await world.github.readBranchFile('gh-pages', 'index.yaml')),
  ) as { entries: Record<string, unknown[]> }
  expect(Object.keys(index.entries).toSorted()).toEqual(names.toSorted())
  expect(
    world.github
      .releases()
      .map(({ tag }) => tag)
      .toSorted(),
  ).toEqual(names.map((name) => `${name}-1.2.3`).toSorted())
})

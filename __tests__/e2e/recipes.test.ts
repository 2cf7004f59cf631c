import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import type { Receipt } from '../../src/model.ts'
import { chartFiles } from '../../testing/repository.ts'
import { ownSteps, type Step, type Workflow } from '../../testing/workflow.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

const readme = readFileSync(
  path.resolve(import.meta.dirname, '../../README.md'),
  'utf8',
)
const recipes = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
  ([, text = '']) => text,
)
const tag = 'v1.2.3'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

/** Where there are several registries, each is a path of the one on loopback. */
function onLoopback(text: string): string {
  const { host } = world.registry
  const { user, password } = world.registryLogin
  return text
    .replaceAll('${{ github.repository }}', 'example/charts')
    .replaceAll(/\$\{\{[^}]*\btag\b[^}]*\}\}/g, tag)
    .replaceAll(/^oci:\/\/([^/]+)\//gm, (_, name: string) =>
      name === 'ghcr.io'
        ? `oci://${host}/`
        : `oci://${host}/${name.replaceAll('.', '-')}/`,
    )
    .replaceAll(/^\S+\.\S+ \S+ (?=.*\$\{\{)[^\n]*$/gm, '')
    .concat(
      text.includes('secrets.') || text.includes('github.token')
        ? `\n${host} ${user} ${password}`
        : '',
    )
}

function inputsOf(step: Step): Record<string, string> {
  return Object.fromEntries(
    Object.entries(step.with ?? {}).map(([name, value]) => [
      name,
      onLoopback(String(value)),
    ]),
  )
}

describe.each(recipes.map((text, at) => [at + 1, text] as const))(
  'recipe %i of the README',
  (_, text) => {
    const recipe = parse(text) as Workflow | readonly Step[]
    const isWorkflow = 'jobs' in recipe
    const [event = 'push'] = isWorkflow ? Object.keys(recipe.on) : []
    const [step] = ownSteps(
      isWorkflow
        ? Object.values(recipe.jobs).flatMap((job) => job.steps ?? [])
        : recipe,
    )

    test(`does what it says, on ${event}`, async () => {
      const repository = await world.repository(
        {
          ...chartFiles({ directory: 'charts/demo' }),
          ...chartFiles({ name: 'pcp', directory: 'legacy/pcp' }),
        },
        tag,
      )
      if (event === 'release') await world.github.createRelease({ tag })
      const triggers = isWorkflow ? recipe.on[event] : undefined
      const isOnBranch =
        event === 'pull_request' || JSON.stringify(triggers)?.includes('main')
      const run = await world.release({
        repository,
        event,
        ...(isOnBranch ? {} : { tag }),
        inputs: inputsOf(step as Step),
      })
      expect(run.log).not.toContain('::error')
      expect(run.exitCode).toBe(0)
      const receipts = JSON.parse(run.outputs['charts'] ?? '[]') as Receipt[]
      expect(receipts.map(({ name }) => name)).toEqual(['demo', 'pcp'])
      const expected =
        event === 'pull_request' ? /planned skipped/ : /published installable/
      for (const { publications } of receipts)
        for (const { status, verified } of publications)
          expect(`${status} ${verified}`).toMatch(expected)
    })
  },
)

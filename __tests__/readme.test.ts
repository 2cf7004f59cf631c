import { describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { errorCodes } from '../src/errors.ts'
import {
  ownSteps,
  readStep,
  type Step,
  type Workflow,
} from '../testing/workflow.ts'

const root = path.resolve(import.meta.dirname, '..')
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
const { inputs } = parse(
  readFileSync(path.join(root, 'action.yml'), 'utf8'),
) as { inputs: Record<string, unknown> }

test('the README lists every error code once, in the order of the source', () => {
  const [, table = ''] = readme.split(/^## Errors$|^## Moving/m)
  const listed = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(
    ([, code]) => code,
  )
  expect(listed).toEqual([...errorCodes])
})

test('its links into the repository lead somewhere', () => {
  const targets = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
    ([, target = '']) => target,
  )
  expect(targets.length).toBeGreaterThan(1)
  expect(
    targets.filter((target) => !existsSync(path.join(root, target))),
  ).toEqual([])
})

test('its tables of moving name only inputs that there are', () => {
  const moving = readme.slice(readme.indexOf('## Moving from'))
  const named = moving
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) =>
      Array.from(
        (line.split('|')[2] ?? '').matchAll(/`([a-z]+(?:-[a-z]+)+)[`:]/g),
      ),
    )
    .map(([, name = '']) => name)
    .filter((name) => !['fetch-depth', 'oci-reference'].includes(name))
  expect(named.length).toBeGreaterThan(10)
  expect(Object.keys(inputs)).toEqual(
    expect.arrayContaining([...new Set(named)]),
  )
})

const blocks = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
  ([, text = '']) => text,
)

describe.each(blocks)('the recipe %j', (text) => {
  const recipe = parse(text) as Workflow | readonly Step[]
  const isWorkflow = 'jobs' in recipe
  const events = isWorkflow ? Object.keys(recipe.on) : ['push']
  const steps = isWorkflow
    ? Object.values(recipe.jobs).flatMap((job) => job.steps ?? [])
    : recipe

  test('gives this action what it takes', () => {
    const ours = ownSteps(steps)
    expect(ours).toHaveLength(1)
    for (const step of ours) {
      expect(Object.keys(inputs)).toEqual(
        expect.arrayContaining(Object.keys(step.with ?? {})),
      )
      for (const event of events)
        expect(() => {
          readStep(step, event)
        }).not.toThrow()
    }
  })

  test('says what its token may do', () => {
    expect(!isWorkflow || recipe.permissions !== undefined).toBe(true)
  })
})

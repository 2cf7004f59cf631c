import { describe, expect, test } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { ownSteps, readStep, type Workflow } from '../testing/workflow.ts'

const root = path.resolve(import.meta.dirname, '..')
const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as {
  inputs: Record<string, unknown>
  outputs: Record<string, unknown>
}
const files = globSync('{.github,examples/*/.github}/workflows/*.{yml,yaml}', {
  cwd: root,
}).toSorted()

describe.each(files)('%s', (file) => {
  const text = readFileSync(path.join(root, file), 'utf8')
  const workflow = parse(text) as Workflow
  const ours = ownSteps(
    Object.values(workflow.jobs).flatMap((job) => job.steps ?? []),
  )

  test('gives only inputs that the action has, with values that it takes', () => {
    for (const step of ours) {
      expect(Object.keys(action.inputs)).toEqual(
        expect.arrayContaining(Object.keys(step.with ?? {})),
      )
      expect(() => {
        readStep(step, Object.keys(workflow.on)[0] ?? '')
      }).not.toThrow()
    }
  })

  test('reads only outputs that the action has', () => {
    for (const { id } of ours) {
      if (id === undefined) continue
      const used = [
        ...text.matchAll(
          new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'),
        ),
      ].map(([, name = '']) => name)
      expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(used))
    }
  })

  test('says what its token may do', () => {
    expect(workflow.permissions).toBeDefined()
  })
})

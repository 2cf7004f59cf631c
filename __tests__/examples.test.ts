import { describe, expect, test } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { readInputs } from '../src/inputs.ts'

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, { readonly steps?: readonly Step[] }>>
}

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
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps ?? [])
  const ours = steps.filter(({ uses }) =>
    /^(?:\.\/|pcp\/chart-release-action@)/.test(uses ?? ''),
  )

  test('gives only inputs that the action has, with values that it takes', () => {
    for (const step of ours) {
      const given = Object.entries(step.with ?? {})
      expect(Object.keys(action.inputs)).toEqual(
        expect.arrayContaining(given.map(([name]) => name)),
      )
      const environment = Object.fromEntries(
        given
          // An expression has its value only when the workflow runs.
          .filter(([, value]) => !String(value).includes('${{'))
          .map(([name, value]) => [
            `INPUT_${name.toUpperCase()}`,
            String(value),
          ]),
      )
      expect(() =>
        readInputs(
          { INPUT_TOKEN: 'token', ...environment },
          {
            eventName: Object.keys(workflow.on)[0] ?? '',
            repository: 'owner/repo',
          },
        ),
      ).not.toThrow()
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

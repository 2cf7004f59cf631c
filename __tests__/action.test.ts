import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { renderTables } from '../scripts/tables.ts'
import { inputDefaults } from '../src/inputs.ts'
import { DEFAULT_HELM_VERSION } from '../src/helm/checksums.ts'
import { outputNames } from '../src/report/outputs.ts'

const root = path.resolve(import.meta.dirname, '..')
const text = readFileSync(path.join(root, 'action.yml'), 'utf8')
const action = parse(text) as {
  readonly inputs: Record<string, { description: string; default: unknown }>
  readonly outputs: Record<string, { description: string }>
  readonly runs: Record<string, string>
  readonly name: string
  readonly description: string
  readonly branding: Record<string, string>
}

test('action.yml has the inputs and the defaults that the code knows', () => {
  const inYaml = Object.entries(action.inputs).map(([name, input]) => [
    name,
    input.default,
  ])
  expect(inYaml).toEqual(Object.entries(inputDefaults))
})

test('action.yml has the outputs that the code sets', () => {
  expect(Object.keys(action.outputs)).toEqual([...outputNames])
})

test('action.yml runs the bundle on Node 24', () => {
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
})

test('every input and output is described', () => {
  const all = { ...action.inputs, ...action.outputs }
  for (const { description } of Object.values(all))
    expect(description).toMatch(/^[A-Z`].*\.$/)
})

// https://docs.github.com/actions/how-tos/create-and-publish-actions/publish-in-github-marketplace
test('the Marketplace takes its name, description and branding', () => {
  expect(action.name).toMatch(/^\w[\w ]+$/)
  expect(action.description.length).toBeLessThan(125)
  expect(action.branding).toEqual({ icon: 'anchor', color: 'blue' })
})

describe('the tables of the README', () => {
  const empty =
    'before\n\n<!-- inputs --><!-- /inputs -->\n\n<!-- outputs -->\nstale text\n<!-- /outputs -->\n\nafter\n'

  test('stand between their markers, and nothing else changes', () => {
    const rendered = renderTables(empty, text)
    expect(rendered).toMatch(/^before\n\n<!-- inputs -->\n\n\| Input +\| Defa/)
    expect(rendered).toMatch(/\| `tag-format` +\| `auto` +\| How a tag names/)
    expect(rendered).not.toContain('stale text')
    expect(rendered.endsWith('<!-- /outputs -->\n\nafter\n')).toBe(true)
    expect(renderTables(rendered, text)).toBe(rendered)
  })

  test('need the markers', () => {
    expect(() => renderTables('no markers', text)).toThrow('<!-- inputs -->')
  })

  test('are those of action.yml (else run: npm run tables)', () => {
    const found = readFileSync(path.join(root, 'README.md'), 'utf8')
    expect(renderTables(found, text)).toBe(found)
  })
})

test('the default Helm is the one whose checksums are in the bundle', () => {
  expect(inputDefaults['helm-version']).toBe(DEFAULT_HELM_VERSION)
})

import { describe, expect, test } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkWorkflow, pinnedVersions } from '../scripts/workflow-rules.ts'

const root = path.resolve(import.meta.dirname, '..')
const commit = '3d3c42e5aac5ba805825da76410c181273ba90b1'

function workflow(step: string, head = 'permissions: {}'): string {
  return `on: push\n${head}\njobs:\n  one:\n    steps:\n      - ${step}\n`
}

describe('a workflow is refused for', () => {
  test.each([
    ['a tag', 'uses: actions/checkout@v7'],
    ['a branch', 'uses: actions/checkout@main'],
    ['half a commit', 'uses: actions/checkout@3d3c42e # v7.0.1'],
    ['a commit without its version', `uses: actions/checkout@${commit}`],
    ['a commit with half a version', `uses: actions/checkout@${commit} # v7`],
    ['an image', 'uses: docker://alpine:3'],
  ])('%s', (_, step) => {
    expect(checkWorkflow(workflow(step))).toEqual([
      { line: 6, message: expect.stringContaining('is not pinned') },
    ])
  })

  test.each([
    ['the title of a pull request', 'github.event.pull_request.title'],
    ['the name of a branch', 'github.head_ref'],
    ['an output', 'steps.one.outputs.tag'],
    ['even what is safe today', 'github.sha'],
  ])('%s in a script', (_, expression) => {
    const text = workflow(`run: |\n          echo "\${{ ${expression} }}"`)
    expect(checkWorkflow(text)).toEqual([
      { line: 6, message: expect.stringContaining('through env:') },
    ])
  })

  test('a script of another language that holds an expression', () => {
    const text = workflow(
      `uses: actions/github-script@${commit} # v8.0.0\n        with:\n          script: console.log("\${{ github.head_ref }}")`,
    )
    expect(checkWorkflow(text)).toHaveLength(1)
  })

  test('a job that leaves its token to the settings', () => {
    const text = `${workflow('run: id', 'name: Test')}  two:\n    permissions: {}\n`
    expect(checkWorkflow(text)).toEqual([
      { line: 4, message: expect.stringContaining('the job "one"') },
    ])
  })
})

test.each([
  `uses: actions/checkout@${commit} # v7.0.1`,
  `uses: github/codeql-action/init@${commit} # v4.36.2`,
  'uses: ./',
  'uses: pcp/chart-release-action@v1',
  'run: echo "$TITLE"\n        env:\n          TITLE: ${{ github.event.pull_request.title }}',
])('%j is fine', (step) => {
  expect(checkWorkflow(workflow(step))).toEqual([])
})

const files = globSync('{.github,examples/*/.github}/workflows/*.{yml,yaml}', {
  cwd: root,
}).toSorted()

test.each(files)('%s keeps the rules', (file) => {
  const text = readFileSync(path.join(root, file), 'utf8')
  expect(checkWorkflow(text)).toEqual([])
})

test('a version is the same commit wherever it is pinned', () => {
  const commits = new Map<string, string>()
  for (const file of [...files, 'README.md'])
    for (const [version = '', sha = ''] of pinnedVersions(
      readFileSync(path.join(root, file), 'utf8'),
    )) {
      const known = commits.get(version) ?? sha
      expect({ version, sha }).toEqual({ version, sha: known })
      commits.set(version, sha)
    }
  expect(commits.size).toBeGreaterThan(1)
})

import { expect, test } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { readLayout } from '../../src/repository/layout.ts'
import { handwrittenBlocks, handwrittenForms } from './handwritten.ts'

const corpus = path.resolve(import.meta.dirname, '../../../shared/corpus/index')
const corpusFiles = existsSync(corpus) ? readdirSync(corpus) : []

/** Charts and versions by a parser, to compare with those by lines. */
function parsed(index: string): Record<string, readonly string[]> {
  const { entries } = parse(index, { version: '1.1' }) as {
    readonly entries?: Record<string, { readonly version: string }[] | null>
  }
  return Object.fromEntries(
    Object.entries(entries ?? {}).map(([name, list]) => [
      name,
      (list ?? []).map(({ version }) => version),
    ]),
  )
}

function scanned(index: string): Record<string, readonly string[]> | undefined {
  const charts = readLayout(index)?.charts
  return (
    charts &&
    Object.fromEntries(
      charts.map(({ name, entries }) => [
        name,
        entries.map(({ version }) => version),
      ]),
    )
  )
}

test.each(Object.entries(handwrittenBlocks))(
  '%s is understood by its lines, as a parser understands it',
  (_, index) => {
    expect(scanned(index)).toEqual(parsed(index))
  },
)

if (corpusFiles.length > 0)
  test.each(corpusFiles)('%s is understood by its lines', (file) => {
    const index = readFileSync(path.join(corpus, file), 'utf8')
    expect(scanned(index)).toEqual(parsed(index))
  })

const { 'an empty map of entries': empty, ...forms } = handwrittenForms

test('an empty map of entries, as Helm writes it, is understood too', () => {
  expect(scanned(empty ?? '')).toEqual({})
})

test.each(Object.entries(forms))('%s is left to a parser', (_, index) => {
  expect(readLayout(index)).toBeNull()
})

test.each([
  ['a tab', '  demo:\n  - name: demo\n\tversion: 1.0.0\n'],
  ['quoted text at the margin', '  demo:\n  - name: "a\nb"\n'],
  ['a flow list over lines', '  demo:\n  - urls: [a,\n      b]\n'],
  ['an anchor', '  demo:\n  - name: &n demo\n'],
  ['an unquoted `on` as a name', '  on:\n'],
  ['a number as a name', '  1.10:\n'],
  ['a date as a version', '  demo:\n  - version: 2021-01-01\n'],
  ['a version over two lines', '  demo:\n  - version: 1.0.0\n      -rc\n'],
  ['a version in a block scalar', '  demo:\n  - version: |-\n      1.0.0\n'],
  ['a dash alone', '  demo:\n  -\n    version: 1.0.0\n'],
  ['a list in a list', '  demo:\n  - - version: 1.0.0\n'],
  ['an entry that is a word', '  demo:\n  - none\n'],
  ['an entry in two columns', '  demo:\n  - name: a\n     version: 1\n'],
  ['dashes in two columns', '  demo:\n    - name: a\n  - name: b\n'],
  ['names in two columns', '  demo:\n beta:\n'],
  ['a lone carriage return', '  demo:\r  - name: a\n'],
  ['a second document', '  demo:\n---\napiVersion: v1\n'],
  ['the end of a document', '  demo:\n...\n'],
  ['a directive', '  demo:\n%YAML 1.1\n'],
  ['a key with a question mark', '  demo:\n  - ? version\n    : 1.0.0\n'],
  ['text after quotes', '  demo:\n  - name: "a" b\n'],
  ['a key in a plain scalar', '  demo:\n  - name: a\n      b: c\n'],
])('%s is not guessed at', (_, entries) => {
  expect(readLayout(`apiVersion: v1\nentries:\n${entries}`)).toBeNull()
})

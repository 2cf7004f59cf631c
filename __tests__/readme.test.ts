import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { errorCodes } from '../src/errors.ts'

const root = path.resolve(import.meta.dirname, '..')

test('the README lists every error code once, in the order of the source', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
  const [, table = ''] = readme.split('## Errors')
  const listed = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(
    ([, code]) => code,
  )
  expect(listed).toEqual([...errorCodes])
})

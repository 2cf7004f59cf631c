import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { existsSync, globSync } from 'node:fs'
import {
  copyFile,
  mkdir,
  mkdtemp,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readRepositoryFile } from '../../src/artifacthub/repository-file.ts'

let workspace: string

beforeEach(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'hub-file-'))
  await mkdir(path.join(workspace, 'demo'))
})
afterEach(async () => {
  await rm(workspace, { recursive: true, force: true })
})

async function write(text: string, name = 'artifacthub-repo.yml') {
  await writeFile(path.join(workspace, 'demo', name), text)
}

const id = '5cfd8ae0-1ea2-4be1-a4d1-1d1b6c1b7a3e'

test('there need be none', async () => {
  expect(await readRepositoryFile(workspace, 'demo')).toBeNull()
})

test.each([
  `repositoryID: ${id}\n`,
  'owners:\n  - name: me\n    email: me@example.com\n',
  `repositoryID: ${id}\nignore:\n  - name: one\n    version: beta\n  - name: two\n`,
  `repositoryID: ${id}\nlater: whatever\n`,
])('%j is taken', async (text) => {
  await write(text)
  expect(await readRepositoryFile(workspace, 'demo')).toEqual({
    name: 'artifacthub-repo.yml',
    bytes: Buffer.from(text),
    id: text.includes('5cfd8ae0')
      ? '5cfd8ae0-1ea2-4be1-a4d1-1d1b6c1b7a3e'
      : null,
  })
})

test('may end with .yaml', async () => {
  await write(`repositoryID: ${id}\n`, 'artifacthub-repo.yaml')
  expect(await readRepositoryFile(workspace, 'demo')).toMatchObject({
    name: 'artifacthub-repo.yaml',
  })
})

test('a file with nothing but comments says nothing', async () => {
  await write('# repositoryID: to be had\n\n')
  expect(await readRepositoryFile(workspace, 'demo')).toBeNull()
})

describe('what ArtifactHub refuses is METADATA_INVALID', () => {
  test.each([
    ['owners: []\nrepositoryID: the ID of the repository\n', 2, /no UUID/],
    ['repositoryID: 12\n', 1, /no UUID/],
    ['owners: me\n', 1, /owners is no list/],
    ['# x\nowners:\n  - me\n', 2, /no map/],
    ['ignore:\n  - name: [a]\n', 1, /name is no text/],
    ['- a\n', 1, /no fields/],
    ['a: b: c\n', 1, /no YAML/],
    ['a: b\nowners: []\na: c\n', 3, /"a" stands twice/],
  ])('%j', async (text, line, why) => {
    await write(text)
    await expect(readRepositoryFile(workspace, 'demo')).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: expect.stringMatching(why),
      at: { file: 'demo/artifacthub-repo.yml', line },
    })
  })

  test('P11: a link that leads out of the workspace', async () => {
    await symlink(
      '/etc/hostname',
      path.join(workspace, 'demo/artifacthub-repo.yml'),
    )
    await expect(readRepositoryFile(workspace, 'demo')).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: expect.stringContaining('out of the workspace'),
    })
  })
})

const corpus = path.resolve(
  import.meta.dirname,
  '../../../shared/corpus/artifacthub',
)

if (existsSync(corpus))
  test('real files are taken', async () => {
    for (const file of globSync('*__artifacthub-repo.yml', { cwd: corpus })) {
      // The example of the documentation has a text for its ID.
      if (file.includes('hub__docs')) continue
      await copyFile(
        path.join(corpus, file),
        path.join(workspace, 'demo/artifacthub-repo.yml'),
      )
      expect(await readRepositoryFile(workspace, 'demo')).not.toBeNull()
    }
  })

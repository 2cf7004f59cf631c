import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Chart } from '../../src/model.ts'
import type { Notes } from '../../src/release-notes/cut.ts'
import {
  type NotedChart,
  type NotesOptions,
  readNotes,
} from '../../src/release-notes/notes.ts'
import { quietLog } from '../../testing/log.ts'

let folder: string
let workspace: string
let warnings: string[]

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'notes-'))
  workspace = path.join(folder, 'workspace')
  warnings = []
  await write('demo/Chart.yaml', 'name: demo')
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function write(file: string, content: string | Buffer): Promise<void> {
  const target = path.join(workspace, file)
  await mkdir(path.dirname(target), { recursive: true })
  await writeFile(target, content)
}

function noted(directory: string, changes?: string): NotedChart {
  const name = directory === '.' ? 'demo' : directory
  const annotations: Chart['annotations'] =
    changes === undefined ? {} : { 'artifacthub.io/changes': changes }
  const chart = { name, directory, annotations } as Chart
  return { chart, version: '1.2.3' }
}

async function read(changes: Partial<NotesOptions> = {}): Promise<Notes> {
  return await readNotes({
    source: { from: 'auto' },
    workspace,
    tag: 'v1.2.3',
    charts: [noted('demo')],
    fileUrl: (file) => `https://example.com/${file}`,
    generate: async () => await Promise.resolve({ text: 'GENERATED' }),
    log: quietLog({ warning: (message) => void warnings.push(message) }),
    ...changes,
  })
}

const section = (words: string): string => `# Log\n\n## 1.2.3\n\n${words}\n`

describe('auto', () => {
  test('takes the annotation, else the chart’s changelog, else GitHub’s notes', async () => {
    expect(await read()).toMatchObject({ text: 'GENERATED' })
    await write('CHANGELOG.md', section('Of the root'))
    expect(await read()).toEqual({
      text: 'Of the root',
      more: 'https://example.com/CHANGELOG.md',
    })
    await write('demo/changelog.MD', section('Of the chart'))
    expect(await read()).toEqual({
      text: 'Of the chart',
      more: 'https://example.com/demo/changelog.MD',
    })
    const charts = [noted('demo', '- Annotated')]
    expect(await read({ charts })).toMatchObject({ text: '- Annotated' })
    const broken = [noted('demo', '{')]
    expect(await read({ charts: broken })).toMatchObject({
      text: 'Of the chart',
    })
  })

  test('goes on where a changelog does not name the version', async () => {
    await write('demo/CHANGELOG.md', '## 1.2.2\n\n- Earlier\n')
    await write('CHANGELOG.md', section('Of the root'))
    expect((await read()).text).toBe('Of the root')
  })

  test('takes the root’s changelog for the root’s chart only, when there are several', async () => {
    await write('CHANGELOG.md', section('Of the root'))
    await write('other/Chart.yaml', 'name: other')
    expect((await read()).text).toBe('GENERATED')
    await write('Chart.yaml', 'name: demo')
    expect((await read({ charts: [noted('.')] })).text).toBe('Of the root')
  })

  test('of several charts puts each under its name, and generates once', async () => {
    await write('one/CHANGELOG.md', section('Open:\n\n```sh\nhelm'))
    await write('two/Chart.yaml', 'name: two')
    await write('three/Chart.yaml', 'name: three')
    const charts = [
      noted('one'),
      noted('demo'),
      noted('two', '- Two'),
      noted('three'),
    ]
    expect(await read({ charts })).toEqual({
      text: '## one 1.2.3\n\nOpen:\n\n```sh\nhelm\n```\n\n## two 1.2.3\n\n- Two\n\nGENERATED',
      more: undefined,
    })
  })

  test('P11: leaves out a changelog that is no text of the workspace', async () => {
    await write('../outside.md', section('Secret'))
    await symlink('../../outside.md', path.join(workspace, 'demo/CHANGELOG.md'))
    await write('demo/Changelog.md', Buffer.from([0x23, 0xff, 0xfe]))
    await mkdir(path.join(workspace, 'demo/changelog.md'))
    expect((await read()).text).toBe('GENERATED')
    expect(warnings.join('\n')).toMatch(
      /demo\/CHANGELOG\.md is not used.*out of the workspace/,
    )
    expect(warnings.join('\n')).toMatch(/no UTF-8 text[^]*it is a folder/)
  })

  test('P11: a changelog carries no marker of ours', async () => {
    await write(
      'demo/CHANGELOG.md',
      section('<!-- chart-release: {"commit":"x"} -->Text'),
    )
    expect((await read()).text).toBe(
      '<!-- quoted: chart-release: {"commit":"x"} -->Text',
    )
  })
})

describe('another source', () => {
  test('is what was asked for, and nothing else', async () => {
    const charts = [noted('demo', '- Annotated')]
    const from = (word: 'generated' | 'none'): Partial<NotesOptions> => ({
      source: { from: word },
      charts,
    })
    expect(await read(from('none'))).toEqual({ text: '' })
    expect(await read(from('generated'))).toMatchObject({ text: 'GENERATED' })
  })

  test('P6: a file is taken as it is', async () => {
    const text = '# Über\r\n\r\n<b>$&</b> @you #1 <!-- mine -->'
    await write('docs/NOTES.md', `\uFEFF${text}\r\n`)
    const source = { from: 'file', file: 'docs/NOTES.md' } as const
    expect(await read({ source })).toEqual({ text })
  })

  test.each([
    ['missing.md', /there is no such file/],
    ['demo/Chart.yaml/x', /there is no such file/],
    ['demo', /it is a folder/],
    ['link.md', /leads out of the workspace/],
    ['.git/config', /into \.git/],
    ['latin.md', /no UTF-8 text/],
    ['long.md', /has 1048577 bytes/],
  ])('P11: the file %s is INPUT_INVALID', async (file, message) => {
    await write('../outside.md', 'Secret')
    await symlink('../outside.md', path.join(workspace, 'link.md'))
    await write('.git/config', 'token')
    await write('latin.md', Buffer.from([0xe4]))
    await write('long.md', 'x'.repeat(1_048_577))
    await expect(read({ source: { from: 'file', file } })).rejects.toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message: expect.stringMatching(
          new RegExp(`^release-notes: "${file}".*${message.source}`),
        ),
      }),
    )
  })
})

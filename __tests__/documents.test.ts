import { expect, test } from '@jest/globals'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

const documents = [
  ...globSync('*.md', { cwd: root }),
  ...globSync('docs/**/*.md', { cwd: root }),
  ...globSync('examples/**/*.md', { cwd: root }),
].toSorted()

/** As GitHub makes the anchors of headings. */
function anchors(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, words = '']) =>
    words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test.each(documents)('the links of %s lead somewhere', (document) => {
  const text = read(document)
  for (const [, target = ''] of text.matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)) {
    const [file = '', anchor] = target.split('#')
    const to = file === '' ? document : path.join(path.dirname(document), file)
    expect({ target, exists: existsSync(path.join(root, to)) }).toEqual({
      target,
      exists: true,
    })
    const known = to.endsWith('.md') ? anchors(read(to)) : []
    expect(anchor === undefined || known.includes(anchor) ? '' : target).toBe(
      '',
    )
  }
})

test('the decisions are numbered, of one form, and listed', () => {
  const decisions = readdirSync(path.join(root, 'docs/decisions'))
    .filter((name) => name !== 'README.md')
    .toSorted()
  const listed = decisions.map((name, at) => {
    expect(name).toMatch(/^\d{4}-[a-z-]+\.md$/)
    expect(Number(name.slice(0, 4))).toBe(at + 1)
    const text = read(`docs/decisions/${name}`)
    expect(
      [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading),
    ).toEqual(['Context', 'Decision', 'Consequences'])
    const [, title] = /^# (.*)$/m.exec(text) ?? []
    expect(title).toMatch(new RegExp(`^${at + 1}\\. `))
    return `- [${title}](${name})`
  })
  expect(
    read('docs/decisions/README.md')
      .split('\n')
      .filter((line) => line.startsWith('- ')),
  ).toEqual(listed)
})

test('the architecture shows every folder of the source', () => {
  const text = read('docs/architecture.md')
  const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `\`src/${name}/\``)
  expect(folders.filter((folder) => !text.includes(folder))).toEqual([])
})

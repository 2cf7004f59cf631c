import { describe, expect, test } from '@jest/globals'
import { fitNotes } from '../../src/release-notes/cut.ts'
import { closingOf, readLines } from '../../src/release-notes/markdown.ts'

const cutLine = /^_The rest was cut off: GitHub takes 125,000 characters\._/m

describe('notes that fit', () => {
  test.each([
    ['text', 'Text\n\n', 'Text'],
    ['nothing', '', ''],
    ['an open fence', '```sh\nhelm', '```sh\nhelm\n```'],
    ['an open longer fence', '~~~~\n~~~\n', '~~~~\n~~~\n~~~~'],
    ['a fence in a list', '- a\n  ```\n  b', '- a\n  ```\n  b\n  ```'],
    ['a fence that its list ended', '- a\n  ```\n  b\n\nText', undefined],
    ['a fence behind a marker', '- ```\n  b', '- ```\n  b\n  ```'],
    ['an open comment', 'a\n<!-- b\n\nc', 'a\n<!-- b\n\nc\n-->'],
    ['raw HTML', '<pre>\na\n\n', '<pre>\na\n</pre>'],
    ['a fold', '<details>\n<summary>a</summary>\n\nb', undefined],
    ['code that names a fold', 'Use `<details>`', undefined],
    ['backticks that are no fence', '```a``` b', undefined],
    ['an indented fence', '    ```\n', '    ```'],
  ])('are closed: %s', (_, text, wanted) => {
    const fold = text.startsWith('<details>') ? `${text}\n\n</details>` : text
    const made = fitNotes({ text }, 1000)
    expect(made).toBe(wanted ?? fold)
    expect(closingOf(`${made}\n\nmore`)).toBe('')
  })
})

describe('notes that are too long', () => {
  test('are cut at a line end, and say so', () => {
    const text = Array.from({ length: 100 }, (_, at) => `- item ${at}`)
    const more = 'https://example.com/CHANGELOG.md'
    const made = fitNotes({ text: text.join('\n'), more }, 300)
    expect(made.length).toBeLessThanOrEqual(300)
    const [kept, said] = made.split('\n\n')
    expect(text.join('\n').startsWith(`${kept}\n`)).toBe(true)
    expect(said).toMatch(cutLine)
    expect(said).toContain(`](${more})`)
  })

  test('are never cut inside of a fence that stays open', () => {
    const text = `# Title\n\n\`\`\`yaml\n${'key: value\n'.repeat(100)}\`\`\`\n`
    const made = fitNotes({ text }, 400)
    expect(made.match(/^```/gm)).toHaveLength(2)
    expect(closingOf(made)).toBe('')
    expect(made).toMatch(cutLine)
  })

  test('on one line lose no half of a character', () => {
    for (const room of [300, 301]) {
      const made = fitNotes({ text: '😀'.repeat(500) }, room)
      expect(made.isWellFormed()).toBe(true)
      expect(made.length).toBeLessThanOrEqual(room)
      expect(made).toMatch(/^(?:😀)+\n\n_The rest/u)
    }
  })

  test('disappear where there is no room at all', () => {
    expect(fitNotes({ text: 'x'.repeat(100) }, 20)).toBe('')
    expect(fitNotes({ text: 'x' }, -5)).toBe('')
  })

  test('P6, P11: whatever they are, they fit, and swallow nothing', () => {
    const pieces = [
      '```',
      '````sh',
      '  ```',
      '~~~',
      '<!--',
      '-->',
      '<pre>',
      '</pre>',
      '<details>',
      '</details>',
      '- a',
      '  - b',
      '1. ```',
      '    c',
      '',
      'text',
      '# h',
      '😀'.repeat(40),
      '> ```',
      '\t```',
    ]
    let seed = 1
    const draw = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let run = 0; run < 3000; run++) {
      const text = Array.from(
        { length: draw(12) },
        () => `${pieces[draw(pieces.length)]}${['\n', '\r\n', '\r'][draw(3)]}`,
      ).join('')
      const room = draw(400)
      const made = fitNotes({ text }, room)
      expect(made.length).toBeLessThanOrEqual(room)
      // What closes raw HTML may itself begin some, which a blank line ends.
      const behind = readLines(`${made}\n\n\nmore`).at(-1)
      expect({ text, ...behind }).toMatchObject({ literal: false, closing: '' })
      const lines = readLines(text).map(({ from, to }) => text.slice(from, to))
      expect(lines.join('')).toBe(text)
    }
  })
})

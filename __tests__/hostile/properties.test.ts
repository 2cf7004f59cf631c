import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { parse as parseYaml, stringify } from 'yaml'
import { newTagName } from '../../src/charts/recognize.ts'
import { ReleaseError } from '../../src/errors.ts'
import type { JsonObject } from '../../src/model.ts'
import { releaseTitle } from '../../src/release-title.ts'
import { renderChanges } from '../../src/release-notes/changes.ts'
import {
  defuseMarkers,
  findSection,
} from '../../src/release-notes/install-section.ts'
import {
  clip,
  codeBlock,
  escapeMarkdown,
  inlineCode,
  shellArgument,
} from '../../src/report/escape.ts'
import { insertEntry, listEntries } from '../../src/repository/index-file.ts'
import { scalarInLine, scalarLines } from '../../src/repository/scalar.ts'
import { parseTagFormat } from '../../src/settings/template.ts'
import { isStrictVersion } from '../../src/strict-version.ts'
import { parseTag } from '../../src/tag.ts'
import { chartAt } from '../helm/fixtures.ts'
import { awkwardStrings } from '../repository/awkward-strings.ts'

const characters = (set: string, more: object = {}): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...set.split('')),
    minLength: 1,
    maxLength: 6,
    ...more,
  })

const number = fc.oneof(fc.nat({ max: 20 }), fc.nat())
const identifier = fc
  .oneof(number.map(String), characters('abcv019-'))
  .map((text) => text.replace(/^0+(?=\d+$)/, ''))
const build = fc.oneof(
  fc.constant(''),
  characters('abc019-').map((text) => `+${text}`),
)
const version = fc
  .tuple(number, number, number, fc.array(identifier, { maxLength: 2 }), build)
  .map(
    ([major, minor, patch, rest, meta]) =>
      `${major}.${minor}.${patch}${rest.length === 0 ? '' : `-${rest.join('.')}`}${meta}`,
  )
  .filter(isStrictVersion)

/** As an OCI repository may be called. */
const chartName = fc
  .array(characters('abv019'), { minLength: 1, maxLength: 3 })
  .chain((parts) =>
    fc.constantFrom('-', '.', '_', '--', '__').map((mark) => parts.join(mark)),
  )

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(...awkwardStrings),
  characters('<>&|`*_[]()!#@$~\\:/.w-+= \n\r\t', { maxLength: 20 }),
  fc.constantFrom(
    '::set-output name=a::b',
    '\u001b[31m',
    '<script>alert(1)</script>',
    '| a | b |\n|---|---|',
    '${{ secrets.TOKEN }}',
    '<!-- chart-release:install demo -->',
    '\u202egnp',
  ),
)

describe('tags', () => {
  test('name their chart and version, or are refused: never another', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(chartName, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('-', '/', '@', '-v', '/v', '@v'),
        version,
        (names, separator, wanted) => {
          const name = names[0] as string
          const fits = names.filter((one) => {
            const tag = `${name}${separator}${wanted}`
            const rest = tag.slice(one.length + 1).replace(/^v/, '')
            return (
              tag.startsWith(one) &&
              /^[-/@]/.test(tag.slice(one.length)) &&
              isStrictVersion(rest)
            )
          })
          const parse = () =>
            parseTag(`${name}${separator}${wanted}`, 'auto', names)
          const outcome = attempt(parse)
          expect(outcome).toEqual(
            fits.length === 1
              ? { version: wanted, chart: name }
              : 'TAG_INVALID',
          )
        },
      ),
    )
  })

  test('without a chart name a version only', () => {
    fc.assert(
      fc.property(
        version,
        fc.constantFrom('', 'v'),
        fc.array(characters('xyz')),
        (wanted, prefix, names) => {
          expect(parseTag(prefix + wanted, 'auto', names)).toEqual({
            version: wanted,
          })
        },
      ),
    )
  })

  test('of any text give a strict version, or TAG_INVALID', () => {
    fc.assert(
      fc.property(text, fc.array(chartName), (tag, names) => {
        const outcome = attempt(() => parseTag(tag, 'auto', names))
        expect(
          typeof outcome === 'string'
            ? outcome === 'TAG_INVALID'
            : isStrictVersion(outcome.version),
        ).toBe(true)
      }),
    )
  })
})

describe('templates', () => {
  const literal = characters('ab-_.@/+=019', { minLength: 0 })
  const format = fc
    .tuple(literal, literal, literal, fc.constantFrom(0, 1, 2))
    .map(([before, between, after, kind]) =>
      kind === 0
        ? `${before}{version}${after}`
        : kind === 1
          ? `${before}{chart}${between}{version}${after}`
          : `${before}{version}${between}{chart}${after}`,
    )
    .filter((value) => {
      const outcome = attempt(() =>
        parseTagFormat({ name: 'tag-format', value }),
      )
      return outcome === value
    })

  test('a tag that is made by one is read by it', () => {
    fc.assert(
      fc.property(format, chartName, version, (template, name, wanted) => {
        const tag = newTagName({ ...chartAt(name, wanted), name }, template)
        expect(parseTag(tag, template, [name])).toEqual({
          version: wanted,
          ...(template.includes('{chart}') ? { chart: name } : {}),
        })
      }),
    )
  })

  test('a release’s name is filled in once, whatever stands for what', () => {
    const value = fc.oneof(
      text,
      fc.constantFrom('{tag}', '{chart}', '$&', '$1'),
    )
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '{tag}',
            '{chart}',
            '{version}',
            '{app-version}',
            ' - ',
          ),
        ),
        fc.tuple(value, value, value, value),
        (parts, [tag, name, wanted, app]) => {
          const values: Readonly<Record<string, string>> = {
            '{tag}': tag,
            '{chart}': name,
            '{version}': wanted,
            '{app-version}': app,
          }
          const title = releaseTitle(
            parts.join(''),
            {
              chart: { ...chartAt('demo'), name },
              version: wanted,
              tag: { name: tag, commit: 'a'.repeat(40) },
            },
            app,
          )
          expect(title).toBe(parts.map((part) => values[part] ?? part).join(''))
        },
      ),
    )
  })
})

describe('an index', () => {
  const word = fc.oneof(text, fc.constantFrom('1.0', 'demo', '__proto__'))
  const entry = fc
    .record(
      {
        version,
        digest: fc.constantFrom('0f'.repeat(32), 'sha256:' + '1e'.repeat(32)),
        urls: fc.array(word, { maxLength: 2 }),
        description: word,
        annotations: fc.dictionary(word, word, { maxKeys: 3 }),
        keywords: fc.array(word, { maxLength: 2 }),
      },
      { requiredKeys: ['version'] },
    )
    .map((fields) => Object.assign(fields, { name: 'x' }))
  const names = fc.oneof(
    chartName,
    fc.constantFrom('demo', 'constructor', '1.0', 'on', 'demo-2'),
  )
  const content = fc.record(
    {
      apiVersion: fc.constant('v1'),
      entries: fc
        .dictionary(names, fc.array(entry, { maxLength: 3 }), { maxKeys: 4 })
        // Not `__proto__: null`: an index that was parsed has plain maps.
        .map((map) => Object.fromEntries(Object.entries(map))),
      generated: fc.constant('2020-01-01T00:00:00Z'),
    },
    { requiredKeys: ['apiVersion', 'entries'] },
  )
  const styles: readonly ((value: object) => string)[] = [
    (value) =>
      stringify(value, { version: '1.1', indentSeq: false, lineWidth: 0 }),
    (value) => stringify(value, { version: '1.1', indent: 4 }),
    (value) =>
      stringify(value, {
        version: '1.1',
        defaultStringType: 'QUOTE_DOUBLE',
        aliasDuplicateObjects: false,
      }),
    (value) =>
      stringify(value, {
        version: '1.1',
        defaultStringType: 'QUOTE_SINGLE',
        defaultKeyType: 'PLAIN',
        lineWidth: 40,
      }),
    (value) => stringify(value, { version: '1.1', collectionStyle: 'flow' }),
    (value) => stringify(value, { version: '1.1' }).replaceAll('\n', '\r\n'),
    (value) =>
      stringify(value, { version: '1.1' }).replaceAll(
        /^(?= *- )/gm,
        '# by hand\n',
      ),
    (value) => stringify(value, { version: '1.1' }).trimEnd(),
    (value) => JSON.stringify(value),
    (value) => JSON.stringify(value, null, 2),
  ]
  const index = fc
    .tuple(content, fc.constantFrom(...styles))
    .map(([value, write]) => write(value))
    // A block scalar is another text with "\r\n" and with comments in it, and
    // the writer forgets that "<<" needs quotes.
    .filter((yaml) => !/[|>][-+\d]*\r?$|<<["']?:/m.test(yaml))
    // Not all that it folds can be read again.
    .filter((yaml) => isReadable(yaml))
  const added = fc.record({
    metadata: fc
      .record(
        {
          name: names,
          version,
          description: word,
          home: word,
          keywords: fc.array(word, { maxLength: 2 }),
          annotations: fc
            .dictionary(word, word, { maxKeys: 3 })
            .map((map) => Object.fromEntries(Object.entries(map))),
        },
        { requiredKeys: ['name', 'version'] },
      )
      .map((metadata) => metadata as JsonObject),
    created: fc.constant('2026-05-06T07:08:09Z'),
    digest: fc.constant(`sha256:${'5a'.repeat(32)}` as const),
    urls: fc.array(word, { minLength: 1, maxLength: 2 }),
  })

  test('P6, P4: keeps every other byte; inserting twice is inserting once', () => {
    fc.assert(
      fc.property(index, added, (before, one) => {
        const name = one.metadata['name'] as string
        const after = attempt(() => insertEntry(before, one))
        if (after === 'VERSION_CONFLICT') return
        expect(after).not.toBe('INDEX_INVALID')
        expect(insertEntry(after, one)).toBe(after)
        const listed = listEntries(before, name)
        const now = listEntries(after, name)
        const ours = now.filter(({ digest }) => digest === one.digest)
        expect(ours).toMatchObject([
          { version: one.metadata['version'], urls: one.urls },
        ])
        expect(now).toHaveLength(listed.length + 1)
        // "{}" and "[]" are opened for what is inserted.
        expect(lostOf(before, after)).toMatch(/^[ {}[\]]*$/)
        const expected = valueOf(before)
        const found = valueOf(after)
        const list = listOf(found, name)
        const at = list.findIndex(({ digest }) => digest === '5a'.repeat(32))
        expect(list[at]).toMatchObject({
          ...withoutBlanks(one.metadata),
          urls: one.urls,
        })
        const rest = list.toSpliced(at, 1)
        expect({
          ...found,
          entries: { ...found.entries, [name]: rest },
        }).toEqual({
          ...expected,
          entries: { ...expected.entries, [name]: listOf(expected, name) },
        })
      }),
      { numRuns: 400 },
    )
  })

  test('P11: every string reads back as itself, in YAML 1.1 and 1.2', () => {
    fc.assert(
      fc.property(text, (one) => {
        const whole = one.toWellFormed()
        for (const format of ['1.1', '1.2'] as const) {
          expect(
            parseYaml(`${scalarInLine(whole)}\n`, { version: format }),
          ).toBe(whole)
          const [head, ...lines] = scalarLines(whole)
          const value = [` ${head}`, ...lines.map((line) => `  ${line}`)]
          expect(
            parseYaml(`a:${value.join('\n')}\nb: 1\n`, { version: format }),
          ).toEqual({ a: whole, b: 1 })
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('P11: text in Markdown', () => {
  test('adds no tag, no line and no mark, and reads back as itself', () => {
    fc.assert(
      fc.property(text, (one) => {
        for (const markdown of [escapeMarkdown(one), inlineCode(one)]) {
          expect(markdown.replaceAll(/<wbr>|<\/?code>/g, '')).not.toMatch(
            /[<>]/,
          )
          expect(markdown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u)
          expect(markdown.replaceAll(/\\[^]/g, '')).not.toMatch(/[`*_[\]|~$]/)
          expect(markdown).not.toMatch(/@(?!<wbr>)|:\/\/|www\./i)
        }
        const read = escapeMarkdown(one)
          .replaceAll('<wbr>', '')
          .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&')
        expect(read).toBe(
          one.replaceAll(
            /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu,
            ' ',
          ),
        )
      }),
      { numRuns: 2000 },
    )
  })

  test('in a code block leaves it at its end alone', () => {
    fc.assert(
      fc.property(text, (one) => {
        const lines = codeBlock(one, 'sh').split('\n')
        const fence = /^`{3,}/.exec(lines[0] as string)?.[0] as string
        expect(lines.at(-1)).toBe(fence)
        for (const line of lines.slice(1, -1)) expect(line).not.toContain(fence)
      }),
    )
  })

  test('that is cut is never longer, and whole characters', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (one, longest) => {
        const whole = one.toWellFormed()
        const short = clip(whole, longest)
        expect(short.length).toBeLessThanOrEqual(longest)
        expect(short.isWellFormed()).toBe(true)
      }),
    )
  })

  test('of an annotation adds no heading, no comment and no tag to the notes', () => {
    fc.assert(
      fc.property(text, text, (description, url) => {
        const notes =
          renderChanges(
            JSON.stringify([
              {
                kind: 'fixed',
                description,
                links: [{ name: description, url }],
              },
            ]),
          ) ?? ''
        expect(notes.match(/^ {0,3}#.*$/gm) ?? []).toHaveLength(
          notes === '' ? 0 : 1,
        )
        expect(notes.replaceAll(/<wbr>|<\/?code>/g, '')).not.toMatch(/[<>]/)
        expect(notes.split('\n').filter((line) => line !== '').length).toBe(
          notes === '' ? 0 : 2,
        )
        for (const [, target = ''] of notes.matchAll(/(?<!\\)\]\(([^)]*)\)/g))
          expect(target).toMatch(/^https?:\/\//)
      }),
      { numRuns: 500 },
    )
  })

  test('carries no marker of ours', () => {
    const marker = fc.constantFrom(
      '<!-- chart-release:install demo -->',
      '<!-- chart-release:install-end demo -->',
      '<!--',
      ' chart-release:',
      '-->',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(marker, text)), (parts) => {
        expect(findSection(defuseMarkers(parts.join('')), 'demo')).toEqual(
          findSection('', 'demo'),
        )
      }),
    )
  })
})

test('P11: a shell takes an argument as it is', () => {
  const argument = text.map((one) => one.toWellFormed().replaceAll('\0', ''))
  fc.assert(
    fc.property(fc.array(argument, { minLength: 1, maxLength: 50 }), (all) => {
      const line = all.map(shellArgument).join(' ')
      const said = execFileSync('sh', ['-c', String.raw`printf '%s\0' ${line}`])
      expect(said.toString().split('\0').slice(0, -1)).toEqual(all)
    }),
    { numRuns: 50 },
  )
})

/** What it returns, or the code of what it throws. */
function attempt<T>(work: () => T): T | string {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof ReleaseError) return thrown.code
    throw thrown
  }
}

interface IndexValue {
  readonly entries?: Readonly<Record<string, readonly JsonObject[] | null>>
}

function listOf({ entries = {} }: IndexValue, name: string) {
  return Object.hasOwn(entries, name) ? (entries[name] ?? []) : []
}

function valueOf(index: string): IndexValue {
  return parseYaml(index, { version: '1.1' }) as IndexValue
}

/** What of the one is not in the other, counted from both ends. */
function lostOf(before: string, after: string): string {
  let start = 0
  while (start < before.length && before[start] === after[start]) start += 1
  let end = before.length
  const more = after.length - before.length
  while (end > start && before[end - 1] === after[end - 1 + more]) end -= 1
  return before.slice(start, end)
}

function isReadable(yaml: string): boolean {
  try {
    parseYaml(yaml, { version: '1.1' })
    return true
  } catch {
    return false
  }
}

function withoutBlanks(metadata: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(metadata).filter(
      ([, value]) =>
        value !== '' &&
        !(typeof value === 'object' && Object.keys(value ?? {}).length === 0),
    ),
  )
}

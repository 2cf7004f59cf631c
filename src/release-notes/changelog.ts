import { readLines } from './markdown.ts'

/** The version whose section is looked for. */
export interface ChangelogQuestion {
  readonly name: string
  readonly version: string
  /** The tag, which a heading may name as well. */
  readonly tag: string
}

interface Heading {
  readonly level: number
  readonly words: string
  /** Its first line, and the first one behind it. */
  readonly from: number
  readonly to: number
}

/** No heading of a version is longer. */
const LONGEST_HEADING = 300

const definition = /^ {0,3}\[((?:[^[\]\\]|\\.)+)\]:[ \t]*\S/

/**
 * The text under the heading that names exactly this version, up to the next
 * heading that is as high or higher; `null`: there is none, or nothing under
 * it. Headings in code and comments are none. The definitions of the links
 * that it uses go with it, wherever they stand.
 */
export function findChangelogSection(
  changelog: string,
  question: ChangelogQuestion,
): string | null {
  const lines = readLines(changelog)
  const headings = findHeadings(lines)
  const at = headings.findIndex(({ words }) => names(words, question))
  const heading = headings[at]
  if (heading === undefined) return null
  const next = headings
    .slice(at + 1)
    .find(({ level }) => level <= heading.level)
  const section = lines.slice(heading.to, next?.from)
  const isDefinition = (line: (typeof lines)[number]): boolean =>
    !line.literal && definition.test(line.text)
  const end = section.findLastIndex(
    (line) => line.text.trim() !== '' && !isDefinition(line),
  )
  if (end === -1) return null
  const begin = section.findIndex(({ text }) => text.trim() !== '')
  const body = changelog.slice(section[begin]?.from, section[end]?.to).trimEnd()
  const used = new Set(
    [...body.matchAll(/\[([^[\]]+)\]/g)].map(([, label = '']) => norm(label)),
  )
  const kept = section.slice(begin, end + 1).filter(isDefinition)
  const known = new Set(kept.map(({ text }) => labelOf(text)))
  const links = lines
    .filter(isDefinition)
    .map(({ text }) => text)
    .filter((text) => {
      const label = labelOf(text)
      if (!used.has(label) || known.has(label)) return false
      known.add(label)
      return true
    })
  return links.length === 0 ? body : `${body}\n\n${links.join('\n')}`
}

function labelOf(line: string): string {
  return norm(definition.exec(line)?.[1] ?? '')
}

/** Labels of links are compared without case. */
function norm(label: string): string {
  return label.trim().replaceAll(/\s+/g, ' ').toLowerCase()
}

function findHeadings(lines: ReturnType<typeof readLines>): readonly Heading[] {
  const headings: Heading[] = []
  /** The first line of the paragraph that may become a heading. */
  let paragraph = -1
  for (const [at, { text, literal, listed }] of lines.entries()) {
    const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(text)
    const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(text)
    if (literal || listed || text.trim() === '') paragraph = -1
    else if (atx !== null) {
      const words = (atx[2] ?? '').trimEnd().replace(/(?:^|[ \t])#+$/, '')
      const level = (atx[1] ?? '').length
      headings.push({ level, words, from: at, to: at + 1 })
      paragraph = -1
    } else if (paragraph >= 0 && underline !== null) {
      headings.push({
        level: underline[1]?.startsWith('=') === true ? 1 : 2,
        words: lines
          .slice(paragraph, at)
          .map((line) => line.text)
          .join(' '),
        from: paragraph,
        to: at + 1,
      })
      paragraph = -1
    } else if (paragraph < 0 && !/^(?: {0,3}>| {4}|\t)/.test(text))
      paragraph = at
  }
  return headings
}

/** Is the first version in these words this one? */
function names(
  words: string,
  { name, version, tag }: ChangelogQuestion,
): boolean {
  if (words.length > LONGEST_HEADING) return false
  const plain = words
    .replaceAll(/<[^<>]*>/g, ' ')
    // What a link leads to may name any version.
    .replaceAll(/\]\([^()]*\)/g, ']')
    .replaceAll('\\', '')
  const first = plain
    .split(/[\s[\]()*`,:|"']+/)
    .map((word) => word.replace(/[.;!_]+$/, '').replace(/^_+/, ''))
    .find((word) => /(?:^|[-/@])v?\d+\.\d+\.\d+(?:[-+]|$)/i.test(word))
  const spellings = [
    version,
    ...['-', '/', '@'].flatMap((separator) => [
      `${name}${separator}${version}`,
      `${name}${separator}v${version}`,
    ]),
  ]
  return (
    first !== undefined &&
    (first === tag || spellings.includes(first.replace(/^v(?=\d)/i, '')))
  )
}

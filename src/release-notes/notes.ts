import { ReleaseError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Chart } from '../model.ts'
import { escapeMarkdown } from '../report/escape.ts'
import type { ReleaseNotes } from '../settings/release-notes.ts'
import { findChangelogs } from './changelog-file.ts'
import { findChangelogSection } from './changelog.ts'
import { renderChanges } from './changes.ts'
import type { Notes } from './cut.ts'
import { defuseMarkers } from './install-section.ts'
import { closingOf } from './markdown.ts'
import { readWorkspaceFile } from '../workspace-file.ts'

/** A chart of the release, at the version that is released. */
export interface NotedChart {
  readonly chart: Chart
  readonly version: string
}

export interface NotesOptions {
  readonly source: ReleaseNotes
  readonly workspace: string
  readonly tag: string
  readonly charts: readonly NotedChart[]
  /** Where a file of the workspace can be read at this tag. */
  readonly fileUrl: (file: string) => string
  /** GitHub's own notes; never rejects. */
  readonly generate: () => Promise<Notes>
  readonly log: Log
}

/**
 * The text of a new release, without the install commands. What the maintainers
 * wrote themselves passes as it is; where a chart has nothing to say, GitHub's
 * notes stand for it. Never rejects, but for the file of `release-notes`, which
 * is `INPUT_INVALID` when it cannot be read.
 */
export async function readNotes(options: NotesOptions): Promise<Notes> {
  const { source, workspace, generate } = options
  switch (source.from) {
    case 'none':
      return { text: '' }
    case 'generated':
      return await generate()
    case 'file':
      return { text: await readNotesFile(workspace, source.file) }
    case 'auto':
      return await gatherNotes(options)
  }
}

/** The file that the input names. Throws `INPUT_INVALID`. */
export async function readNotesFile(
  workspace: string,
  file: string,
): Promise<string> {
  const found = await readWorkspaceFile(workspace, file)
  if ('text' in found) return defuseMarkers(found.text).trim()
  throw new ReleaseError(
    'INPUT_INVALID',
    `release-notes: ${JSON.stringify(file)} cannot be read: ${found.why}. Name a Markdown file of the workspace, or write auto, generated or none.`,
    { cause: found.cause },
  )
}

/** Each chart's own words; under its name, when there are several. */
async function gatherNotes(options: NotesOptions): Promise<Notes> {
  const { charts, generate } = options
  const found: (Notes | null)[] = []
  for (const one of charts) found.push(await readOwnNotes(options, one))
  const own = charts.flatMap(({ chart, version }, at) => {
    const notes = found[at]
    if (notes == null) return []
    const heading = `## ${escapeMarkdown(`${chart.name} ${version}`)}`
    const closing = closingOf(notes.text)
    return [
      {
        ...notes,
        text:
          charts.length === 1
            ? notes.text
            : `${heading}\n\n${notes.text}${closing === '' ? '' : `\n${closing}`}`,
      },
    ]
  })
  // They are about the whole tag: once is enough.
  const all = found.includes(null) ? [...own, await generate()] : own
  const places = new Set(all.map(({ more }) => more))
  return {
    text: all
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join('\n\n'),
    more: places.size === 1 ? [...places][0] : undefined,
  }
}

/** The annotation, else the section of the changelog. */
async function readOwnNotes(
  { workspace, tag, charts, fileUrl, log }: NotesOptions,
  { chart, version }: NotedChart,
): Promise<Notes | null> {
  const changes = chart.annotations['artifacthub.io/changes']
  const rendered = changes === undefined ? null : renderChanges(changes)
  if (rendered !== null) return { text: rendered }
  const changelogs = await findChangelogs({
    workspace,
    directory: chart.directory,
    directories: charts.map((one) => one.chart.directory),
  })
  for (const { file, content } of changelogs) {
    if (!('text' in content)) {
      log.warning(
        `${file} is not used for the release notes: ${content.why}. Correct it, or name another file in release-notes.`,
      )
      continue
    }
    const question = { name: chart.name, version, tag }
    const section = findChangelogSection(content.text, question)
    if (section !== null)
      return { text: defuseMarkers(section), more: fileUrl(file) }
  }
  return null
}

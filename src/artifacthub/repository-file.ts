import path from 'node:path'
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { ReleaseError } from '../errors.ts'
import { findRepeatedKey } from '../repository/nodes.ts'
import { readWorkspaceFile } from '../workspace-file.ts'

/** ArtifactHub's file about a repository: whose it is, and what to ignore. */
export interface RepositoryFile {
  /** `artifacthub-repo.yml`, or `.yaml`. */
  readonly name: string
  readonly bytes: Uint8Array
  /** `repositoryID`, in lower case; `null`: it names none. */
  readonly id: string | null
}

/** In the order in which ArtifactHub looks for them. */
export const repositoryFileNames = [
  'artifacthub-repo.yml',
  'artifacthub-repo.yaml',
] as const

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/**
 * The file in a directory of the workspace; `null`: there is none. Throws
 * `METADATA_INVALID`, with the line, for one that ArtifactHub would refuse
 * (artifacthub/hub, `internal/repo/manager.go`).
 */
export async function readRepositoryFile(
  workspace: string,
  directory: string,
): Promise<RepositoryFile | null> {
  for (const name of repositoryFileNames) {
    const file = path.posix.join(directory, name)
    const found = await readWorkspaceFile(workspace, file)
    if ('text' in found) {
      // Nothing but comments says nothing: ArtifactHub does without.
      if (isEmpty(found.text)) return null
      const id = readId(found.text, file)
      return { name, bytes: Buffer.from(found.text), id }
    }
    if (!isMissing(found.cause))
      throw new ReleaseError(
        'METADATA_INVALID',
        `${file} cannot be read: ${found.why}. Correct it, or set artifacthub-repo: false.`,
        { at: { file } },
      )
  }
  return null
}

function isEmpty(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line))
}

function isMissing(cause: unknown): boolean {
  const { code } = (cause ?? {}) as { readonly code?: unknown }
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Throws `METADATA_INVALID`. */
function readId(text: string, file: string): string | null {
  let id: string | null = null
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    logLevel: 'silent',
  })
  const fault = (offset: number | undefined, why: string): ReleaseError => {
    const line = offset === undefined ? 1 : lines.linePos(offset).line
    return new ReleaseError(
      'METADATA_INVALID',
      `${file}, line ${line}: ArtifactHub would refuse the whole file: ${why}.`,
      { at: { file, line } },
    )
  }
  const [error] = document.errors
  if (error !== undefined)
    throw fault(
      error.pos[0],
      `it is no YAML: ${error.message.split('\n')[0]?.replace(/ at line.*$/, '') ?? ''}`,
    )
  const repeated = findRepeatedKey(document)
  if (repeated !== undefined)
    throw fault(repeated.offset, `${JSON.stringify(repeated.key)} stands twice`)
  const { contents } = document
  if (!isMap(contents))
    throw fault(undefined, 'it holds no fields like "repositoryID: …"')
  for (const { key, value } of contents.items) {
    const name = isScalar(key) ? String(key.value) : ''
    const at = isScalar(key) ? key.range?.[0] : undefined
    const plain: unknown = isScalar(value)
      ? value.value
      : ((value as { toJSON?: () => unknown } | null)?.toJSON?.() ?? null)
    const why = explain(name, plain)
    if (why !== null) throw fault(at, why)
    if (name === 'repositoryID' && typeof plain === 'string' && plain !== '')
      id = plain.toLowerCase()
  }
  return id
}

function explain(name: string, value: unknown): string | null {
  if (value === null || value === '') return null
  switch (name) {
    case 'repositoryID':
      return typeof value === 'string' && uuid.test(value)
        ? null
        : `repositoryID is ${JSON.stringify(value)}, which is no UUID: copy the ID from the card of your repository in ArtifactHub's control panel`
    case 'owners':
      return explainList(name, value, ['name', 'email'])
    case 'ignore':
      return explainList(name, value, ['name', 'version'])
    default:
      return null
  }
}

function explainList(
  name: string,
  value: unknown,
  fields: readonly string[],
): string | null {
  if (!Array.isArray(value)) return `${name} is no list`
  for (const item of value as readonly unknown[]) {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      return `${name} has an item that is no map of ${fields.join(' and ')}`
    for (const field of fields)
      if (
        typeof (item as Readonly<Record<string, unknown>>)[field] ===
          'object' &&
        (item as Readonly<Record<string, unknown>>)[field] !== null
      )
        return `${name} has an item whose ${field} is no text`
  }
  return null
}

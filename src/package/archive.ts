import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { unpackTar } from 'modern-tar'
import { messageOf, ReleaseError } from '../errors.ts'

/** Path in the archive (`demo/Chart.yaml`) to the file's bytes. */
export type ArchiveFiles = ReadonlyMap<string, Uint8Array>

/** Helm itself refuses a chart that unpacks to more than 100 MiB. */
const LARGEST = 256 * 1024 * 1024
const MOST_FILES = 20_000

const inflate = promisify(gunzip)

/**
 * The files of a gzipped tar, in the archive's order. Nothing is written to
 * disk. Throws `CHART_INVALID` for what is no archive, is too large, or holds
 * anything but plain files under plain relative paths.
 */
export async function readArchive(bytes: Uint8Array): Promise<ArchiveFiles> {
  const entries = await unpack(bytes).catch((cause: unknown) => {
    throw new ReleaseError(
      'CHART_INVALID',
      `This is no chart archive that can be read: ${messageOf(cause)}.`,
      { cause },
    )
  })
  if (entries.length > MOST_FILES)
    throw refuse(`it has ${entries.length} entries, the limit is ${MOST_FILES}`)
  const files = new Map<string, Uint8Array>()
  for (const { header, data = new Uint8Array() } of entries) {
    const { name, type = 'file' } = header
    if (type === 'directory' || type === 'pax-global-header') continue
    if (type !== 'file')
      throw refuse(`${JSON.stringify(name)} is a ${type}, not a file`)
    if (!isPlain(name))
      throw refuse(`${JSON.stringify(name)} is no plain relative path`)
    const known = files.get(name)
    // Helm writes a dependency twice when charts/ holds both its folder and
    // its archive. Which of two contents a reader sees would be chance.
    if (known !== undefined && Buffer.compare(known, data) !== 0)
      throw refuse(
        `it holds ${JSON.stringify(name)} twice, with different content (does charts/ hold one dependency as a folder and as an archive?)`,
      )
    files.set(name, data)
  }
  return files
}

/**
 * How two archives of one chart version relate. `equal`: the same paths with
 * the same bytes, the `generated:` time of lock files aside; mode, times, order
 * and compression do not count. `dependencies`: they differ only under
 * `<chart>/charts/` and in the chart's own lock. What cannot be read as an
 * archive is `different` from everything but its own bytes.
 */
export async function compareArchives(
  a: Uint8Array,
  b: Uint8Array,
): Promise<'equal' | 'dependencies' | 'different'> {
  if (Buffer.compare(a, b) === 0) return 'equal'
  const [ours, theirs] = await Promise.all([a, b].map(readOrNull))
  if (ours == null || theirs == null) return 'different'
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])].filter(
    (path) => !sameFile(path, ours.get(path), theirs.get(path)),
  )
  if (differing.length === 0) return 'equal'
  return differing.every(isFetched) ? 'dependencies' : 'different'
}

async function unpack(
  bytes: Uint8Array,
): Promise<Awaited<ReturnType<typeof unpackTar>>> {
  const tar = await inflate(bytes, { maxOutputLength: LARGEST })
  return await unpackTar(tar, { strict: true })
}

async function readOrNull(bytes: Uint8Array): Promise<ArchiveFiles | null> {
  return await readArchive(bytes).catch(() => null)
}

/** No absolute path, no drive, no way up, nothing that a terminal would obey. */
function isPlain(name: string): boolean {
  return (
    name !== '' &&
    !/^[A-Za-z]:/.test(name) &&
    // oxlint-disable-next-line no-control-regex
    !/[\\\u0000-\u001f\u007f]/.test(name) &&
    name.split('/').every((part) => part !== '' && !/^\.{1,2}$/.test(part))
  )
}

function sameFile(
  path: string,
  a: Uint8Array | undefined,
  b: Uint8Array | undefined,
): boolean {
  if (a === undefined || b === undefined) return false
  if (Buffer.compare(a, b) === 0) return true
  return isLock(path) && withoutTime(a) === withoutTime(b)
}

/** The lock of the chart itself or of a dependency inside it. */
function isLock(path: string): boolean {
  return /^[^/]+\/(charts\/[^/]+\/)*(Chart|requirements)\.lock$/.test(path)
}

function isFetched(path: string): boolean {
  return (
    /^[^/]+\/charts\//.test(path) ||
    /^[^/]+\/(Chart|requirements)\.lock$/.test(path)
  )
}

function withoutTime(lock: Uint8Array): string {
  return Buffer.from(lock)
    .toString('latin1')
    .replace(/^generated:.*\r?\n?/m, '')
}

function refuse(reason: string): ReleaseError {
  return new ReleaseError(
    'CHART_INVALID',
    `The chart archive cannot be trusted: ${reason}.`,
  )
}

import { promisify } from 'node:util'
import { gunzip, inflateRaw } from 'node:zlib'
import { unpackTar } from 'modern-tar'
import type { HelmAsset } from './asset.ts'

const LARGEST = 512 * 1024 * 1024

const inflateGzip = promisify(gunzip)
const inflateDeflate = promisify(inflateRaw)

/**
 * One file out of an archive whose checksum was verified; `null` when it is not
 * in there. In this process: the toolkit's unpacking would hand every secret of
 * the step to a child process.
 */
export async function unpackMember(
  archive: Uint8Array,
  asset: HelmAsset,
): Promise<Uint8Array | null> {
  if (asset.format === 'zip') return await unpackZip(archive, asset.member)
  const tar = await inflateGzip(archive, { maxOutputLength: LARGEST })
  const entries = await unpackTar(tar, {
    filter: ({ name, type = 'file' }) =>
      type === 'file' && name === asset.member,
  })
  return entries[0]?.data ?? null
}

const END = 0x06054b50
const CENTRAL = 0x02014b50
const STORED = 0
const DEFLATED = 8

/**
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3: the end
 * record names the central directory, its entries name the local headers.
 */
async function unpackZip(
  archive: Uint8Array,
  member: string,
): Promise<Uint8Array | null> {
  const zip = Buffer.from(archive)
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0 || zip.readUInt32LE(end) !== END)
    throw new Error('it is no zip archive')
  const count = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  for (let seen = 0; seen < count; seen++) {
    if (zip.readUInt32LE(at) !== CENTRAL)
      throw new Error('its zip directory is damaged')
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28)
    if (zip.toString('utf8', at + 46, nameEnd) === member)
      return await readEntry(zip, at)
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return null
}

async function readEntry(zip: Buffer, entry: number): Promise<Uint8Array> {
  const method = zip.readUInt16LE(entry + 10)
  const size = zip.readUInt32LE(entry + 20)
  const local = zip.readUInt32LE(entry + 42)
  const start =
    local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  const data = zip.subarray(start, start + size)
  if (method === STORED) return data
  if (method !== DEFLATED)
    throw new Error(`its compression method ${method} is not supported`)
  return await inflateDeflate(data, { maxOutputLength: LARGEST })
}

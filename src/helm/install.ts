import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { messageOf, ReleaseError } from '../errors.ts'
import type { Exec } from '../exec.ts'
import type { Log } from '../log.ts'
import { type HelmAsset, helmAsset } from './asset.ts'
import { expectedChecksum, verifyChecksum } from './checksum.ts'
import { checkDownloadUrl, download, type DownloadPorts } from './download.ts'
import {
  findInstalled,
  type InstalledHelm,
  isProgram,
  versionOf,
} from './program.ts'
import { unpackMember } from './unpack.ts'

/** The part of `@actions/tool-cache` that is used. */
export interface ToolCache {
  /** The folder of a cached tool, or `''`. */
  find(tool: string, version: string, arch?: string): string
  cacheDir(
    folder: string,
    tool: string,
    version: string,
    arch?: string,
  ): Promise<string>
}

export interface HelmWanted extends DownloadPorts {
  /** `installed`, or one exact version with or without its `v`. */
  readonly version: string
  /** `https://get.helm.sh` or a mirror. */
  readonly downloadUrl: string
  readonly exec: Exec
  readonly log: Log
  readonly toolCache: ToolCache
  /** A folder of this run, for unpacking. */
  readonly temp: string
  readonly platform: NodeJS.Platform
  /** As Node names it: `x64`, `arm64`. */
  readonly arch: string
  /** `PATH`, where an installed Helm is looked for. */
  readonly searchPath: string
}

/**
 * In the runner's tool cache. Not `helm`: what other actions put there under
 * that name was not checked by us.
 */
const TOOL = 'chart-release-helm'

/**
 * Finds or downloads the wanted Helm, and runs it once. What is downloaded is
 * checked against its SHA-256 before it is unpacked.
 *
 * Throws `INPUT_INVALID` for a version that is not exact or a download URL that
 * is not https, `HELM_UNAVAILABLE` for everything that keeps Helm away.
 */
export async function installHelm(wanted: HelmWanted): Promise<InstalledHelm> {
  if (wanted.version === 'installed') return await findInstalled(wanted)
  const exact = /^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(wanted.version)
  if (exact === null)
    throw new ReleaseError(
      'INPUT_INVALID',
      `helm-version must be one exact version such as v4.2.4, or "installed"; found "${wanted.version}".`,
    )
  const number = exact[1] as string
  const version = `v${number}`
  const base = checkDownloadUrl(wanted.downloadUrl)
  const asset = helmAsset(version, wanted)
  const cached = await findCached(wanted, asset, number)
  if (cached !== null) return cached
  const url = `${base}/${asset.fileName}`
  const binary = await downloadBinary(wanted, asset, { version, url })
  const folder = await mkdtemp(path.join(wanted.temp, 'helm-'))
  const file = path.join(folder, path.basename(asset.member))
  await writeFile(file, binary)
  await chmod(file, 0o755)
  const found = await versionOf(file, wanted.exec)
  if (found !== version)
    throw new ReleaseError(
      'HELM_UNAVAILABLE',
      `The helm in ${url} says it is ${found}, expected ${version}. Check the mirror (helm-download-url).`,
    )
  return { path: await cache({ ...wanted, folder, file, number }), version }
}

async function findCached(
  { toolCache, arch, exec, log }: HelmWanted,
  asset: HelmAsset,
  number: string,
): Promise<InstalledHelm | null> {
  let folder = ''
  try {
    folder = toolCache.find(TOOL, number, arch)
  } catch (thrown) {
    log.debug(`there is no tool cache: ${messageOf(thrown)}`)
  }
  if (folder === '') return null
  const file = path.join(folder, path.basename(asset.member))
  const version = await versionOf(file, exec).catch(messageOf)
  if (version === `v${number}`) return { path: file, version }
  log.warning(`${file} is not used, it should be Helm v${number}: ${version}`)
  return null
}

async function downloadBinary(
  wanted: HelmWanted,
  asset: HelmAsset,
  from: { readonly version: string; readonly url: string },
): Promise<Uint8Array> {
  const source = { ...from, fileName: asset.fileName }
  const expected = await expectedChecksum(source, wanted)
  wanted.log.info(`Downloading ${from.url}`)
  const archive = await download(from.url, wanted)
  if (archive === null)
    throw new ReleaseError(
      'HELM_UNAVAILABLE',
      `There is no ${from.url}. Check helm-version and helm-download-url.`,
    )
  verifyChecksum(archive, expected, source)
  const binary = await unpackMember(archive, asset).catch((cause: unknown) => {
    throw new ReleaseError(
      'HELM_UNAVAILABLE',
      `${from.url} cannot be unpacked: ${messageOf(cause)}`,
      { cause },
    )
  })
  if (binary === null)
    throw new ReleaseError(
      'HELM_UNAVAILABLE',
      `${from.url} holds no ${asset.member}. Check helm-download-url.`,
    )
  return binary
}

/** A cache that cannot be written costs time, not the release. */
async function cache(
  made: HelmWanted & { folder: string; file: string; number: string },
): Promise<string> {
  const { toolCache, folder, file, number, arch, log } = made
  try {
    const cached = await toolCache.cacheDir(folder, TOOL, number, arch)
    const copy = path.join(cached, path.basename(file))
    if (!(await isProgram(copy))) return file
    if (cached !== folder) await rm(folder, { recursive: true, force: true })
    return copy
  } catch (thrown) {
    log.debug(`Helm is not cached: ${messageOf(thrown)}`)
    return file
  }
}

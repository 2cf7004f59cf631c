import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { digestOf } from '../src/digest.ts'
import type { Digest } from '../src/model.ts'
import { helmBinary, type HelmMajor } from './helm.ts'

const execute = promisify(execFile)

/** A user with no credentials, no configuration and no cache. */
export interface Stranger {
  /** What Helm printed. Rejects, with Helm's words, when it fails. */
  helm(...args: readonly string[]): Promise<string>
  /** Pulls into an empty folder; the digest of the archive that arrived. */
  pull(...args: readonly string[]): Promise<Digest>
  remove(): Promise<void>
}

export async function createStranger(major: HelmMajor = 4): Promise<Stranger> {
  const home = await mkdtemp(path.join(tmpdir(), 'stranger-'))
  const binary = await helmBinary(major)
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    HELM_CACHE_HOME: path.join(home, 'cache'),
    HELM_CONFIG_HOME: path.join(home, 'config'),
    HELM_DATA_HOME: path.join(home, 'data'),
    DOCKER_CONFIG: path.join(home, 'docker'),
  }
  const helm = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await execute(binary, [...args], {
      env,
      cwd: home,
    })
    return stdout + stderr
  }
  let pulls = 0
  return {
    helm,
    pull: async (...args) => {
      pulls += 1
      const folder = path.join(home, `pull-${pulls}`)
      await mkdir(folder)
      await helm('pull', ...args, '--destination', folder)
      const archives = (await readdir(folder)).filter((name) =>
        name.endsWith('.tgz'),
      )
      if (archives.length !== 1)
        throw new Error(`helm pull left ${archives.join(', ') || 'nothing'}`)
      return digestOf(await readFile(path.join(folder, archives[0] as string)))
    },
    remove: async () => {
      await rm(home, { recursive: true, force: true })
    },
  }
}

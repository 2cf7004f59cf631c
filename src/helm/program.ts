import { access, constants, stat } from 'node:fs/promises'
import path from 'node:path'
import { messageOf, ReleaseError } from '../errors.ts'
import type { Exec } from '../exec.ts'

export interface InstalledHelm {
  readonly path: string
  /** As it says itself, such as `v4.2.4`. */
  readonly version: string
}

/**
 * The first Helm on the search path. Throws `HELM_UNAVAILABLE` when there is
 * none that can be used.
 */
export async function findInstalled(wanted: {
  readonly searchPath: string
  readonly platform: string
  readonly exec: Exec
}): Promise<InstalledHelm> {
  const windows = wanted.platform === 'win32'
  const name = windows ? 'helm.exe' : 'helm'
  for (const folder of wanted.searchPath.split(windows ? ';' : ':')) {
    // A relative entry would find what the repository put there.
    if (!path.isAbsolute(folder)) continue
    const file = path.join(folder, name)
    if (!(await isProgram(file))) continue
    const version = await versionOf(file, wanted.exec)
    if (/^v[0-2]\./.test(version))
      throw new ReleaseError(
        'HELM_UNAVAILABLE',
        `${file} is Helm ${version}, Helm 3 or later is needed. Install a newer one in an earlier step, or name an exact helm-version such as v4.2.4.`,
      )
    return { path: file, version }
  }
  throw new ReleaseError(
    'HELM_UNAVAILABLE',
    'The input helm-version is "installed", but there is no helm on PATH. Install it in an earlier step, or name an exact version such as v4.2.4.',
  )
}

/** What a program says it is. Throws `HELM_UNAVAILABLE` when it is no Helm. */
export async function versionOf(file: string, exec: Exec): Promise<string> {
  const unavailable = (words: string, cause?: unknown): ReleaseError =>
    new ReleaseError(
      'HELM_UNAVAILABLE',
      `${file} is no Helm that can be run here: ${words}`,
      { cause },
    )
  const result = await exec(file, ['version', '--template={{.Version}}']).catch(
    (cause: unknown) => {
      throw unavailable(messageOf(cause), cause)
    },
  )
  const version = result.stdout.trim()
  if (result.exitCode !== 0 || !/^v\d/.test(version))
    throw unavailable(result.stderr.trim() || `it says "${version}"`)
  return version
}

/** Is this a file that may be run? */
export async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

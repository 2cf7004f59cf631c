import path from 'node:path'
import type { ChartCollection } from './charts/collect.ts'
import { ReleaseError } from './errors.ts'
import type { Exec } from './exec.ts'
import type { Tag } from './model.ts'

/** What a run finds before it asks which charts to release. */
export interface Workspace {
  readonly collection: ChartCollection
  /** `null`: the workspace is no git checkout. */
  readonly checkout: Checkout | null
}

/** The commit that the workspace holds. */
export interface Checkout {
  /** 40 (or 64) hex digits. */
  readonly commit: string
  /** When it was committed. */
  readonly time: Date
}

/**
 * A workspace without `.git` whose files look like a bare repository brings a
 * configuration of its own, which may name programs to run.
 */
export const noForeignConfig = [
  '-c',
  'safe.bareRepository=explicit',
  '-c',
  'core.fsmonitor=false',
] as const

/**
 * Reads the commit of the workspace; `null` when that is no git checkout (or
 * when there is no git). A repository further up does not count.
 */
export async function readCheckout(
  workspace: string,
  exec: Exec,
): Promise<Checkout | null> {
  // The workspace may belong to another user than this process (a container).
  const result = await exec(
    'git',
    [
      '-c',
      'safe.directory=*',
      ...noForeignConfig,
      'show',
      '--no-patch',
      '--format=%H %ct',
      'HEAD',
    ],
    {
      cwd: workspace,
      env: { GIT_CEILING_DIRECTORIES: path.dirname(workspace) },
    },
  ).catch(() => null)
  const found = /^([0-9a-f]{40,64}) (\d+)\s*$/.exec(result?.stdout ?? '')
  if (result?.exitCode !== 0 || found === null) return null
  return {
    commit: found[1] as string,
    time: new Date(Number(found[2]) * 1000),
  }
}

/**
 * Throws `TAG_MISMATCH` when the workspace holds another commit than the tag's:
 * what would be packaged is not what was tagged.
 */
export function checkCommit(commit: string, tag: Tag): void {
  if (commit === tag.commit) return
  throw new ReleaseError(
    'TAG_MISMATCH',
    `The workspace is at commit ${commit}, but tag ${tag.name} points at ${tag.commit}. Check out the tag: give the actions/checkout step\n  with:\n    ref: refs/tags/${tag.name}`,
  )
}

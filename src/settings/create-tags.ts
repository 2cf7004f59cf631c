import { matchesGlob } from 'node:path'
import { invalid, parseLines, quote, type Setting } from './values.ts'

/** On which branches tags are created. */
export type CreateTags =
  | false
  | { readonly on: 'default branch' }
  | {
      readonly on: 'branches'
      /** Globs, never empty. */
      readonly globs: readonly string[]
    }

/** `true`, `false`, or globs of branches, one a line. */
export function parseCreateTags({ name, value }: Setting): CreateTags {
  if (/^(?:true|True|TRUE)$/.test(value)) return { on: 'default branch' }
  if (/^(?:false|False|FALSE)$/.test(value)) return false
  const globs = parseLines(value)
  const odd = globs.find((glob) => !/^[\w.+@=,/*?{}[\]!-]+$/.test(glob))
  if (odd !== undefined || globs.length === 0)
    throw invalid(
      name,
      `${quote(odd ?? value)} is neither true nor false, nor a glob of branches like release/*.`,
    )
  return { on: 'branches', globs }
}

/** Is this a branch where tags are created? */
export function createsTagsOn(
  setting: CreateTags,
  branch: string,
  defaultBranch: string,
): boolean {
  if (setting === false) return false
  return setting.on === 'default branch'
    ? branch === defaultBranch
    : setting.globs.some((glob) => matchesGlob(branch, glob))
}

import { parsePath, type Setting } from './values.ts'

/** Where the text of a new GitHub Release comes from. */
export type ReleaseNotes =
  | { readonly from: 'auto' | 'generated' | 'none' }
  | {
      readonly from: 'file'
      /** Relative to the workspace, with `/`. */
      readonly file: string
    }

/** The input `release-notes`: one of its words, else the path of a file. */
export function parseReleaseNotes(setting: Setting): ReleaseNotes {
  switch (setting.value) {
    case 'auto':
    case 'generated':
    case 'none':
      return { from: setting.value }
    default:
      return { from: 'file', file: parsePath(setting) }
  }
}

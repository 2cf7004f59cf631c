import { invalid, quote, type Setting } from './values.ts'

export type Visibility = 'public' | 'private' | 'internal'

/** Whether there is a pages branch, and what the log says if it is left out. */
export interface PagesChoice {
  /** Absent: no pages. */
  readonly pagesBranch?: string
  readonly notices: readonly string[]
}

/**
 * The pages branch; empty for none. In a repository that is not public it is
 * left out, since its Pages usually are.
 */
export function choosePages(
  setting: Setting,
  facts: {
    readonly pagesUrl: string | undefined
    readonly pagesPackages: 'release' | 'pages' | 'oci'
    readonly visibility: Visibility | undefined
  },
): PagesChoice {
  const { value } = setting
  if (value === '') return { notices: [] }
  const pagesBranch = parseBranch(setting)
  const { visibility = 'public', pagesUrl } = facts
  if (visibility === 'public') return { pagesBranch, notices: [] }
  if (pagesUrl !== undefined && facts.pagesPackages !== 'release')
    return { pagesBranch, notices: [] }
  if (pagesUrl !== undefined)
    throw invalid(
      'pages-packages',
      `release is not possible in this ${visibility} repository: Helm has no login for the files of its releases. Set pages-packages to pages or oci, or take pages-url out.`,
    )
  return {
    notices: [
      `pages-branch: ${pagesBranch} is left out, because this repository is ${visibility} and its Pages could be public.`,
    ],
  }
}

/** https://git-scm.com/docs/git-check-ref-format, without the rare characters. */
function parseBranch({ name, value }: Setting): string {
  const branch = value.replace(/^refs\/heads\//, '')
  if (
    /^[\w.+@=,/-]+$/.test(branch) &&
    !/^[-/.@]|\.\.|\/[/.]|\.lock(?:\/|$)|[/.]$/.test(branch)
  )
    return branch
  throw invalid(name, `${quote(value)} is no name of a branch.`)
}

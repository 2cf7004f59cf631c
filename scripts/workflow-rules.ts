import { isMap, isScalar, parseDocument, visit } from 'yaml'

/** What a workflow does that none of ours may do, and where. */
export interface Finding {
  readonly line: number
  readonly message: string
}

/**
 * The rules for workflows that actionlint does not know, on the text of one
 * file: actions pinned by commit with the version beside it, permissions
 * declared, and no expression inside a script. Actions of this repository are
 * named by path, or as users name them.
 */
export function checkWorkflow(text: string): readonly Finding[] {
  return [...pins(text), ...permissions(text), ...scripts(text)].toSorted(
    (a, b) => a.line - b.line,
  )
}

/** Which commit stands for each `OWNER/REPO vX.Y.Z` of a text. */
export function pinnedVersions(text: string): readonly (readonly string[])[] {
  return [
    ...text.matchAll(
      /uses: ([\w.-]+\/[\w.-]+)[\w./-]*@([0-9a-f]{40}) # (v[\d.]+)/g,
    ),
  ].map(([, repository = '', commit = '', version = '']) => [
    `${repository} ${version}`,
    commit,
  ])
}

function pins(text: string): readonly Finding[] {
  const found: Finding[] = []
  for (const [at, line] of text.split('\n').entries()) {
    const uses =
      /^\s*(?:- )?uses: (?!\.\/|pcp\/chart-release-action@)(.*)$/.exec(
        line,
      )?.[1]
    if (uses === undefined || /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses))
      continue
    found.push({
      line: at + 1,
      message: `"${uses}" is not pinned: OWNER/REPO@COMMIT # vX.Y.Z`,
    })
  }
  return found
}

/** Without them a job gets whatever the repository's settings say. */
function permissions(text: string): readonly Finding[] {
  const document = parseDocument(text)
  if (document.has('permissions')) return []
  const jobs = document.get('jobs')
  if (!isMap(jobs)) return []
  return jobs.items
    .filter(({ value }) => !isMap(value) || !value.has('permissions'))
    .map(({ key }) => ({
      line: isScalar(key) ? lineAt(text, key.range?.[0]) : 1,
      message: `the job "${String(key)}" does not say what its token may do: add permissions:`,
    }))
}

/**
 * An expression is put into a script before the shell reads it: a branch or a
 * title of a stranger's choosing would be a command. `env:` keeps it a value.
 */
function scripts(text: string): readonly Finding[] {
  const found: Finding[] = []
  visit(parseDocument(text), {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || (key.value !== 'run' && key.value !== 'script'))
        return
      if (!isScalar(value) || !String(value.value).includes('${{')) return
      found.push({
        line: lineAt(text, key.range?.[0]),
        message: `an expression stands in a script: give it to "${key.value}" through env:`,
      })
    },
  })
  return found
}

function lineAt(text: string, offset = 0): number {
  return text.slice(0, offset).split('\n').length
}

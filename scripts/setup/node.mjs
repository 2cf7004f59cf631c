import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { run, works } from './run.mjs'
import { say } from './say.mjs'

const WANTED_MAJOR = 24
const VERSION = '24.9.0'

/**
 * The path of a Node 24: this one, or, where it is older, the one that the npm
 * registry carries, kept beside the project. GitHub runs the action with it.
 */
export function findNode(cache) {
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR)
    return process.execPath
  const windows = process.platform === 'win32'
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`
  const folder = path.join(cache, `node-${VERSION}`)
  const inside = ['node_modules', name, 'bin', windows ? 'node.exe' : 'node']
  const node = path.join(folder, ...inside)
  if (existsSync(node)) return node
  say(
    `Node ${process.versions.node} is older than ${WANTED_MAJOR}: installing ${name}@${VERSION} from the npm registry`,
  )
  // Elsewhere first: what a broken installation leaves is not taken for it.
  const attempt = `${folder}.${process.pid}`
  mkdirSync(attempt, { recursive: true })
  try {
    run(
      'npm',
      [
        'install',
        '--no-save',
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        '--prefix',
        attempt,
        `${name}@${VERSION}`,
      ],
      { cwd: attempt },
    )
    if (!works(path.join(attempt, ...inside)))
      throw new Error(`${name}@${VERSION} does not start here`)
    rmSync(folder, { recursive: true, force: true })
    renameSync(attempt, folder)
  } catch (thrown) {
    rmSync(attempt, { recursive: true, force: true })
    throw new Error(
      `Node ${WANTED_MAJOR} is needed and could not be had from the npm registry (${thrown.message}). Install it and put it on PATH.`,
      { cause: thrown },
    )
  }
  return node
}

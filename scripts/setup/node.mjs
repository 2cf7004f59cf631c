import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { run } from './run.mjs'
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
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  const folder = path.join(cache, `node-${VERSION}`)
  const node = path.join(
    folder,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (existsSync(node)) return node
  say(
    `Node ${process.versions.node} is older than ${WANTED_MAJOR}: installing ${name}@${VERSION} from the npm registry`,
  )
  mkdirSync(folder, { recursive: true })
  run(
    'npm',
    [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--prefix',
      folder,
      `${name}@${VERSION}`,
    ],
    { cwd: folder, shell: process.platform === 'win32' },
  )
  return node
}

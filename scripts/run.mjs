/**
 * Runs a task of this project, after setting up what it needs: the npm
 * packages of the lock file, Node 24, and (for what starts servers) system
 * packages. Plain JavaScript for Node 20 with nothing installed.
 */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode } from './setup/node.mjs'
import { installPackages } from './setup/packages.mjs'
import { installSystemPackages } from './setup/system.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const cache = path.join(root, '.cache')

const oxlint = [
  'node_modules/oxlint/bin/oxlint',
  '--type-aware',
  '--deny-warnings',
]
const prettier = 'node_modules/prettier/bin/prettier.cjs'

/** For each task the commands, as arguments of Node. */
const tasks = {
  demo: { servers: true, steps: [['testing/demo.ts']] },
  test: {
    servers: true,
    steps: [
      [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
      ],
    ],
  },
  build: { steps: [['scripts/build.ts']] },
  lint: { steps: [oxlint, ['scripts/workflows.ts']] },
  types: { steps: [['node_modules/typescript/bin/tsc']] },
  format: { steps: [[prettier, '--check', '.']] },
  'format:write': { steps: [[prettier, '--write', '--log-level=warn', '.']] },
  tables: { steps: [['scripts/tables.ts']] },
  check: {
    steps: [
      oxlint,
      ['scripts/workflows.ts'],
      ['node_modules/typescript/bin/tsc'],
      [prettier, '--check', '.'],
      ['scripts/tables.ts', '--check'],
      ['scripts/build.ts', '--check'],
    ],
  },
}

const [name, ...args] = process.argv.slice(2)
const task = Object.hasOwn(tasks, name ?? '') ? tasks[name] : undefined
if (task === undefined) {
  console.error(
    `Usage: node scripts/run.mjs ${Object.keys(tasks).join('|')} [ARGUMENT …]`,
  )
  process.exit(2)
}

const node = findNode(cache)
const folders = [path.dirname(node)]
if (task.servers) folders.push(...installSystemPackages(cache))
const environment = {
  ...process.env,
  PATH: [...folders, process.env.PATH].join(path.delimiter),
}
installPackages(root, environment)

// Every step runs, so that one look shows all that is wrong.
for (const [at, step] of task.steps.entries()) {
  const last = at === task.steps.length - 1
  const status = await start([...step, ...(last ? args : [])])
  if (status !== 0) process.exitCode = status
}

/** Runs Node with these arguments; resolves to the exit code. */
async function start(all) {
  const child = spawn(node, all, {
    cwd: root,
    stdio: 'inherit',
    env: environment,
  })
  const forward = (signal) => child.kill(signal)
  process.on('SIGINT', forward)
  process.on('SIGTERM', forward)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => resolve(code ?? 1))
    })
  } finally {
    process.off('SIGINT', forward)
    process.off('SIGTERM', forward)
  }
}

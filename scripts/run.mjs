/**
 * Runs a task of this project, after setting up what it needs: the npm
 * packages of the lock file, Node 24, and (for what starts servers) system
 * packages. Plain JavaScript for Node 20 with nothing installed.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode } from './setup/node.mjs'
import { installPackages } from './setup/packages.mjs'
import { say } from './setup/say.mjs'
import { installBrowser, installSystemPackages } from './setup/system.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const cache = path.join(root, '.cache')

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

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
    browser: true,
    steps: [
      [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
      ],
    ],
  },
  bench: { steps: [['scripts/bench.ts']] },
  screenshots: { browser: true, steps: [['scripts/screenshots.ts']] },
  'test:portable': { steps: [['scripts/portable-tests.ts']] },
  faults: { servers: true, steps: [['__tests__/faults/run.ts']] },
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

/** What ended this, once something has. */
let stopped

try {
  const node = findNode(cache)
  if (task.browser) installBrowser()
  const system = task.servers ? installSystemPackages(cache) : []
  const environment = {
    ...process.env,
    // What this machine has wins over what was unpacked for it.
    PATH: [path.dirname(node), process.env.PATH, ...system].join(
      path.delimiter,
    ),
  }
  installPackages(root, environment)
  // Every step runs, so that one look shows all that is wrong.
  for (const [at, step] of task.steps.entries()) {
    if (stopped !== undefined) break
    const last = at === task.steps.length - 1
    const all = [...step, ...(last ? args : [])]
    const status = await start(node, all, environment)
    if (status === 0) continue
    process.exitCode = status
    if (task.steps.length > 1) say(`failed: ${step.join(' ')}`)
  }
} catch (thrown) {
  say(thrown.message)
  process.exitCode = 1
}

/** Runs Node with these arguments; resolves to the exit code, as a shell has it. */
async function start(node, all, environment) {
  const child = spawn(node, all, {
    cwd: root,
    stdio: 'inherit',
    env: environment,
  })
  const forward = (signal) => {
    stopped = signal
    // A terminal has told the child already, and twice means "at once".
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of signals) process.on(signal, forward)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        resolve(code ?? 128 + constants.signals[signal])
      })
    })
  } finally {
    for (const signal of signals) process.off(signal, forward)
  }
}

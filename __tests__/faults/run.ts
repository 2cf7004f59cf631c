/**
 * Attacks releases on purpose: `npm run faults`. Each case has GitHub, a
 * registry and Pages of its own on loopback. Prints a table of how they ended;
 * exit code 1 when anything was lost.
 */
import { messageOf } from '../../src/errors.ts'
import { doCases } from './bench.ts'
import { collectCases } from './collect.ts'
import { type Options, readOptions, usage } from './options.ts'
import { killAll } from './processes.ts'
import { renderTable, repeatCommand, type Result } from './table.ts'

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function readArguments(): Options {
  try {
    return readOptions(process.argv.slice(2))
  } catch (thrown) {
    say(`${messageOf(thrown)}\n\n${usage}`)
    process.exit(2)
  }
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(name, () => {
    // Jobs lead groups of their own, which no terminal reaches.
    killAll()
    process.exit(130)
  })

const options = readArguments()
const begun = Date.now()
const { cases, close } = await collectCases(options)
say(`${cases.length} cases, seed ${options.seed}, ${options.jobs} side by side`)
let done = 0
const tell = ({ case: one, verdict }: Result): void => {
  done += 1
  if (done % 50 === 0) say(`${done} of ${cases.length}`)
  if (verdict.ending !== 'lost') return
  say(`\nlost: ${one.name}`)
  for (const line of verdict.words) say(`  ${line}`)
  say(`  again: ${repeatCommand(one.name, options.seed)}\n`)
}
const results = await doCases(cases, options.jobs, tell)
await close()
say(`\n${renderTable(results)}`)
say(`${Math.round((Date.now() - begun) / 1000)} s`)
const lost = results.some(({ verdict }) => verdict.ending === 'lost')
process.exitCode = lost || cases.length === 0 ? 1 : 0

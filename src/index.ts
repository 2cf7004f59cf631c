import * as core from '@actions/core'
import { systemClock } from './clock.ts'
import { createExec } from './exec.ts'
import { createHttp } from './http.ts'
import { workflowLog } from './log.ts'
import { main } from './main.ts'

await main({
  environment: process.env,
  exec: createExec(process.env),
  http: createHttp(),
  clock: systemClock,
  log: workflowLog,
  setOutput: core.setOutput,
  addSummary: async (markdown) => {
    // A runner that shows no summaries names no file for them.
    if ((process.env['GITHUB_STEP_SUMMARY'] ?? '') === '') return
    await core.summary.addRaw(markdown, true).write()
  },
  fail: () => {
    process.exitCode = core.ExitCode.Failure
  },
})

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { readCheckout } from '../../src/checkout.ts'
import { warnAboutUntracked } from '../../src/package/untracked.ts'
import { chartAt, exec } from '../helm/fixtures.ts'

test('P11: files that look like a repository configure no git', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'hostile-git-'))
  try {
    // No .git: the workspace itself is HEAD, config, objects and refs.
    const workspace = path.join(folder, 'workspace')
    const trace = path.join(folder, 'trace')
    const hook = path.join(folder, 'hook')
    execFileSync('git', ['init', '-q', '--bare', workspace])
    await writeFile(hook, `#!/bin/sh\ntouch '${trace}'\n`)
    await chmod(hook, 0o755)
    await appendFile(
      path.join(workspace, 'config'),
      `[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = ${hook}\n`,
    )
    // It does run where nothing forbids it.
    execFileSync('git', ['-c', 'safe.bareRepository=all', 'ls-files', '-o'], {
      cwd: workspace,
    })
    expect(existsSync(trace)).toBe(true)
    await rm(trace)
    expect(await readCheckout(workspace, exec)).toBeNull()
    const warning = await warnAboutUntracked({
      chart: chartAt('.'),
      workspace,
      files: new Map(),
      exec,
    })
    expect(warning).toBeNull()
    expect(existsSync(trace)).toBe(false)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

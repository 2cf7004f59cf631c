import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ActionResult } from '../../testing/action.ts'
import {
  chartFiles,
  type Files,
  type Repository,
} from '../../testing/repository.ts'
import { openTerminal } from '../../testing/terminal.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'
import { textOf } from '../site/setting.ts'

let world: LoopbackWorld

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  await world.close()
})

const branch = 'gh-pages'

async function release(
  repository: Repository,
  tag: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionResult> {
  return await world.release({ repository, tag, inputs })
}

async function page(file = 'index.html'): Promise<string> {
  return String(await world.github.readBranchFile(branch, file))
}

/** What the buttons copy. */
function commandsOf(html: string): readonly string[] {
  return Array.from(
    html.matchAll(/data-copy=[\s\S]*?<code>([\s\S]*?)<\/code>/g),
    ([, code = '']) => textOf(code),
  )
}

function warningsOf({ annotations }: ActionResult): readonly string[] {
  return annotations
    .filter(({ level }) => level !== 'notice')
    .map(({ message }) => message)
}

/** A chart that tries everything that its metadata lets it. */
const hostile: Files = {
  ...chartFiles({
    appVersion: '<b>7</b>',
    extra: `home: javascript:alert(1)
keywords: ["</style><script>alert(1)</script>"]
maintainers:
  - name: "<img src=x onerror=alert(1)>"
    url: https://example.com/"onclick="alert(1)
`,
  }),
  'demo/README.md':
    '# demo\n\nSay *hello*. <script>alert(1)</script> [x](javascript:alert(1))\n',
}

describe('the landing page', () => {
  test('P10: comes in the commit of the index, is served, and a re-run leaves it alone', async () => {
    const repository = await world.repository(hostile, 'v1.2.3')
    const run = await release(repository, 'v1.2.3')
    expect(run.log).not.toContain('::error')
    expect(await world.github.listBranchFiles(branch)).toEqual([
      '.nojekyll',
      'index.html',
      'index.yaml',
      'landing-page.json',
    ])
    expect(await world.github.branchCommits(branch)).toHaveLength(1)

    const served = await fetch(`${world.pages.url}/`)
    const html = await served.text()
    expect(html).toBe(await page())
    const text = textOf(html)
    for (const command of [
      `helm install demo oci://${world.registryPath}/demo --version 1.2.3 --plain-http`,
      `helm repo add charts ${world.pages.url}`,
      'helm install demo charts/demo --version 1.2.3',
      `helm install demo ${world.github.serverUrl}/example/charts/releases/download/v1.2.3/demo-1.2.3.tgz`,
      `git clone --depth 1 --branch v1.2.3 ${world.github.serverUrl}/example/charts`,
      (run.outputs['digest'] ?? '').slice('sha256:'.length),
      'Say hello.',
    ])
      expect(text).toContain(command)
    // P11
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).not.toMatch(/href="javascript|<b>7|<img src="?x/)
    expect(text).toContain('<img src=x onerror=alert(1)>')

    const before = world.mutations()
    await release(repository, 'v1.2.3')
    expect(world.mutations()).toBe(before)
  })

  test.each([4, 3] as const)(
    'P9: every command of it works for a stranger with Helm %i',
    async (major) => {
      const repository = await world.repository(chartFiles(), 'v1.2.3')
      await release(repository, 'v1.2.3')
      const terminal = await openTerminal({ hosts: {}, helm: major })
      try {
        const printed: string[] = []
        for (const block of commandsOf(await page()))
          printed.push(await terminal.run(block))
        expect(printed).toHaveLength(5)
        for (const manifest of printed.slice(0, 4))
          expect(manifest).toContain('kind: ConfigMap')
        expect(printed[4]).toContain('demo-1.2.3.tgz: OK')
      } finally {
        await terminal.remove()
      }
    },
  )

  test('P6: a home page that is there stays; auto says nothing, true warns', async () => {
    const home = { 'index.html': '<title>Ours</title>\n' }
    await world.github.commitToBranch(branch, home)
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    const auto = await release(repository, 'v1.2.3')
    expect(warningsOf(auto)).toEqual([])
    await world.push(repository, chartFiles({ version: '1.3.0' }), 'v1.3.0')
    const run = await release(repository, 'v1.3.0', { 'pages-site': 'true' })
    expect(run.exitCode).toBe(0)
    expect(await page()).toBe(home['index.html'])
    expect(await world.github.listBranchFiles(branch)).toEqual([
      'index.html',
      'index.yaml',
    ])
    expect(warningsOf(run)).toEqual([
      expect.stringMatching(/^pages-site: no landing page is written/),
    ])
  })

  test('true: comes to an older branch, by a re-run of the newest tag too', async () => {
    await world.github.commitToBranch(branch, { 'notes.txt': 'kept\n' })
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    await release(repository, 'v1.2.3')
    expect(await world.github.listBranchFiles(branch)).toEqual([
      'index.yaml',
      'notes.txt',
    ])
    const run = await release(repository, 'v1.2.3', { 'pages-site': 'true' })
    expect(run.log).not.toContain('::error')
    expect(await page()).toContain('1.2.3')
    expect(await page()).toContain('From the OCI registry')
  })

  test('false: does not come', async () => {
    const repository = await world.repository(chartFiles(), 'v1.2.3')
    await release(repository, 'v1.2.3', { 'pages-site': 'false' })
    expect(await world.github.listBranchFiles(branch)).toEqual([
      '.nojekyll',
      'index.yaml',
    ])
  })

  test('an older tag brings no older README and no older command back', async () => {
    const files = (version: string): Files => ({
      ...chartFiles({ version }),
      'demo/README.md': `About ${version}\n`,
    })
    const repository = await world.repository(files('1.2.0'), 'v1.2.0')
    await world.push(repository, files('1.3.0'), 'v1.3.0')
    await release(repository, 'v1.3.0')
    await repository.checkout('v1.2.0')
    await release(repository, 'v1.2.0')
    const html = await page()
    expect(html).toContain('About 1.3.0')
    expect(html).not.toContain('About 1.2.0')
    expect(html).toMatch(
      /<th scope=row>1\.3\.0<td>[\s\S]*<th scope=row>1\.2\.0<td>/,
    )
  })
})

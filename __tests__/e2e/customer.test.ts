import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import { digestOf } from '../../src/digest.ts'
import type { Receipt } from '../../src/model.ts'
import type { ActionResult } from '../../testing/action.ts'
import { gitIn } from '../../testing/git.ts'
import type { HelmMajor } from '../../testing/helm.ts'
import { type Block, blocksOf } from '../../testing/markdown.ts'
import { createRepository } from '../../testing/repository.ts'
import { openTerminal, type Terminal } from '../../testing/terminal.ts'
import { ownSteps, type Workflow } from '../../testing/workflow.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'
import { publishBefore, registeredId } from './customer-before.ts'

const kit = path.resolve(
  import.meta.dirname,
  '../../examples/performancecopilot',
)
const pagesOf = ['README.md', 'GUIDE.md', 'INSTALL.md'] as const
const [readme, guide, install] = pagesOf.map((name) =>
  readFileSync(path.join(kit, name), 'utf8'),
) as [string, string, string]
const charts = ['pcp', 'archive-analysis'] as const

/** As they stand in the report that began this, but for the host. */
const reported = [
  'helm install pcp oci://ghcr.io/performancecopilot/helm-charts/pcp --version v1.0.0',
  'helm install pcp oci://ghcr.io/performancecopilot/helm-charts/pcp --version ">=1.0.0 <2.0.0"',
  'helm repo add pcp https://performancecopilot.github.io/helm-charts && helm install pcp pcp/pcp --version v1.0.0',
] as const

/** One line of every release of the stand-ins. */
const rendered = /^ +helm\.sh\/chart: (?:pcp|archive-analysis)-1\.[01]\.0$/gm

/** The IDs that ArtifactHub gives when the charts are registered there. */
const ids = {
  pcp: '7d1f4b60-2f0a-4f55-8f0e-0d5b8f1c2a02',
  'archive-analysis': '7d1f4b60-2f0a-4f55-8f0e-0d5b8f1c2a03',
} as const

interface Moved {
  /** Digests of the archives that Pages served before, by chart and version. */
  readonly served: ReadonlyMap<string, string>
  /** Digests of what their own workflow had published, before and after. */
  readonly published: readonly [readonly string[], readonly string[]]
  /** A run while a package was private. */
  readonly refused: ActionResult
  /** Of v1.0.0 and v1.0.1. */
  readonly completed: readonly ActionResult[]
  /** Of v1.1.0. */
  readonly released: ActionResult
  /** Blocks of the guide that nobody typed. */
  readonly left: readonly Block[]
}

let world: LoopbackWorld
let maintainer: Terminal
let moved: Moved

beforeAll(async () => {
  world = await startWorld({ owner: 'performancecopilot', repo: 'helm-charts' })
  await publishBefore(world)
  const login = Buffer.from(`maintainer:${world.github.token}`)
  maintainer = await openTerminal({
    hosts: hosts(),
    environment: {
      KIT: kit,
      GIT_CONFIG_COUNT: '3',
      GIT_CONFIG_KEY_0: 'http.extraHeader',
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${login.toString('base64')}`,
      GIT_CONFIG_KEY_1: 'user.name',
      GIT_CONFIG_VALUE_1: 'A Maintainer',
      GIT_CONFIG_KEY_2: 'user.email',
      GIT_CONFIG_VALUE_2: 'maintainer@example.com',
    },
  })
  moved = await followGuide()
}, 300_000)
afterAll(async () => {
  await maintainer.remove()
  await world.close()
})

function hosts(): Readonly<Record<string, string>> {
  return {
    'https://performancecopilot.github.io': new URL(world.pages.url).origin,
    'https://github.com': world.github.serverUrl,
    'ghcr.io': world.registry.host,
  }
}

/** What is shell in a page, in its order. */
function shellOf(markdown: string): readonly Block[] {
  return blocksOf(markdown).filter(({ language }) => language === 'sh')
}

/** Types the guide's blocks, and clicks between them what it says to click. */
async function followGuide(): Promise<Moved> {
  const { github, registry } = world
  const blocks = [...shellOf(guide)]
  const type = async (step: string): Promise<void> => {
    const block = blocks.shift()
    expect(block?.heading).toMatch(new RegExp(`^${step}\\. `))
    await maintainer.run(block?.text ?? '')
  }
  const served = await servedArchives()
  const before = await publishedDigests()

  await type('1')
  await type('2')
  // Step 3 happens at ArtifactHub.
  await type('4')
  for (const name of charts) {
    const file = path.join(
      maintainer.home,
      'helm-charts',
      name,
      'artifacthub-repo.yml',
    )
    const text = await readFile(file, 'utf8')
    await writeFile(
      file,
      text.replace(/^repositoryID: .*$/m, `repositoryID: ${ids[name]}`),
    )
  }
  await type('4')
  await gitIn(github.gitDirectory)(['branch', '-f', 'main', 'release-by-tag'])
  // Step 5: Settings, Pages.
  const settings = github.pages()
  github.setPages(settings && { ...settings, build_type: 'legacy' })
  await type('5')

  // Step 6, forgotten at first.
  const refused = await run('old-version.yml', 'v1.0.0')
  registry.setPrivate('performancecopilot/helm-charts/archive-analysis', false)
  const completed = [
    await run('old-version.yml', 'v1.0.0'),
    await run('old-version.yml', 'v1.0.1'),
  ]
  await type('8')
  const released = await run('release.yml', 'v1.1.0')
  const published = [before, await publishedDigests()] as const
  return { served, published, refused, completed, released, left: blocks }
}

/** A job of the kit's workflow for that tag, in a checkout of it. */
async function run(
  workflow: string,
  tag: string,
  where: LoopbackWorld = world,
): Promise<ActionResult> {
  const file = path.join(kit, '.github/workflows', workflow)
  const { on, jobs } = parse(await readFile(file, 'utf8')) as Workflow
  const [step] = Object.values(jobs).flatMap(({ steps = [] }) =>
    ownSteps(steps),
  )
  const inputs = Object.fromEntries(
    Object.entries(step?.with ?? {}).map(([name, value]) => [
      name,
      String(value).replaceAll('${{ inputs.tag }}', tag),
    ]),
  )
  const [event = ''] = Object.keys(on)
  const repository = await createRepository()
  try {
    const git = gitIn(repository.path)
    await git([
      'fetch',
      '-q',
      where.github.gitDirectory,
      'refs/tags/*:refs/tags/*',
    ])
    await repository.checkout('--detach', tag)
    return await where.release({
      repository,
      event,
      ...(event === 'push' ? { tag } : {}),
      inputs,
      hurry: 20,
    })
  } finally {
    await repository.remove()
  }
}

interface Entry {
  readonly name: string
  readonly version: string
  readonly urls: readonly string[]
}

async function servedEntries(): Promise<readonly Entry[]> {
  const answer = await fetch(`${world.pages.url}/index.yaml`)
  const { entries } = parse(await answer.text()) as {
    readonly entries: Readonly<Record<string, readonly Entry[]>>
  }
  return Object.values(entries).flat()
}

/** What a user gets who downloads what the index lists. */
async function servedArchives(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { name, version, urls } of await servedEntries()) {
    const answer = await fetch(urls[0] ?? '')
    expect(answer.status).toBe(200)
    const bytes = Buffer.from(await answer.arrayBuffer())
    found.set(`${name} ${version}`, digestOf(bytes))
  }
  return found
}

/** Of 1.0.0 and 1.0.1, in the registry and on the Releases. */
async function publishedDigests(): Promise<readonly string[]> {
  const found: string[] = []
  for (const version of ['1.0.0', '1.0.1']) {
    for (const name of charts) {
      const repository = `performancecopilot/helm-charts/${name}`
      const manifest = await world.registry.manifest(repository, version)
      found.push(`${name} ${version} ${manifest?.digest}`)
    }
    const release = world.github
      .releases()
      .find(({ tag }) => tag === `v${version}`)
    for (const { name, digest } of release?.assets ?? [])
      found.push(`${name} ${digest}`)
  }
  return found
}

/** `name version: statuses of OCI, Release and pages` of every receipt. */
function told(result: ActionResult): readonly string[] {
  const receipts = JSON.parse(result.outputs['charts'] ?? '[]') as Receipt[]
  return receipts
    .map(
      ({ name, version, publications }) =>
        `${name} ${version}: ${publications.map(({ status }) => status).join(' ')}`,
    )
    .toSorted()
}

function messages(
  result: ActionResult,
  level: 'error' | 'warning',
): readonly string[] {
  return result.annotations
    .filter((one) => one.level === level)
    .map(({ message }) => message)
}

describe('the guide', () => {
  test('has no command that was not run', () => {
    expect(moved.left).toEqual([])
    expect(shellOf(readme)).toEqual([])
  })

  test('P6: moves Pages from the workflow’s site to the branch, and every version with its bytes', async () => {
    expect([...moved.served.keys()].toSorted()).toEqual([
      'archive-analysis 1.0.1',
      'pcp 1.0.1',
    ])
    const now = await servedArchives()
    for (const [version, digest] of moved.served)
      expect([version, now.get(version)]).toEqual([version, digest])
    expect([...now.keys()].toSorted()).toEqual([
      'archive-analysis 1.0.0',
      'archive-analysis 1.0.1',
      'archive-analysis 1.1.0',
      'pcp 1.0.0',
      'pcp 1.0.1',
      'pcp 1.1.0',
    ])
  })

  test('compares what was served with what is, and that notices a difference', async () => {
    const compare = shellOf(guide).find(({ text }) => text.includes('diff'))
    await expect(maintainer.run(compare?.text ?? '')).rejects.toThrow(
      /^> .*version: 1\.1\.0/m,
    )
  })

  test('is right that versions are at stake: a run without it names them', async () => {
    const other = await startWorld({
      owner: 'performancecopilot',
      repo: 'helm-charts',
    })
    try {
      await publishBefore(other)
      const hasty = await run('old-version.yml', 'v1.0.0', other)
      const warning = messages(hasty, 'warning').find((message) =>
        message.includes('Pages is built by a workflow'),
      )
      expect(warning).toContain('those versions are lost: ')
      expect(warning).toContain('pcp 1.0.1')
      expect(warning).toContain('archive-analysis 1.0.1')
    } finally {
      await other.close()
    }
  })

  test('P9: is right about private packages: the run names the page that the guide links to', () => {
    expect(moved.refused.exitCode).toBe(1)
    expect(moved.refused.annotations).toContainEqual(
      expect.objectContaining({
        level: 'error',
        properties: expect.objectContaining({ title: 'VERIFY_BROKEN' }),
      }),
    )
    const [said] = messages(moved.refused, 'error')
    const links = [
      ...guide.matchAll(/\((https:\/\/github\.com\/orgs\/[^)]+)\)/g),
    ].map(([, link = '']) =>
      link.replace('https://github.com', world.github.serverUrl),
    )
    expect(links).toHaveLength(2)
    expect(links.filter((link) => said?.includes(link))).toEqual([
      expect.stringContaining('archive-analysis'),
    ])
  })

  test('P5: completes the old versions and replaces nothing', async () => {
    expect(moved.completed.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect(moved.completed.map(told)).toEqual([
      [
        'archive-analysis 1.0.0: unchanged unchanged unchanged',
        'pcp 1.0.0: unchanged unchanged unchanged',
      ],
      [
        'archive-analysis 1.0.1: unchanged unchanged unchanged',
        'pcp 1.0.1: unchanged unchanged unchanged',
      ],
    ])
    // The run that met a private package had put 1.0.0 back into the index.
    expect(told(moved.refused)).toEqual([
      'archive-analysis 1.0.0: unchanged unchanged published',
      'pcp 1.0.0: unchanged unchanged published',
    ])
    for (const name of charts)
      expect(
        await world.registry.tags(`performancecopilot/helm-charts/${name}`),
      ).toEqual(expect.arrayContaining(['v1.0.0', 'v1.0.1', 'v1.1.0']))
    const [, second] = moved.completed
    for (const words of [
      'pcp 1.0.1 is published as several archives of the same content',
      'holds pcp-1.0.1.tgz',
    ])
      expect(messages(second as ActionResult, 'warning')).toContainEqual(
        expect.stringContaining(words),
      )
    const [before, after] = moved.published
    expect(before).toHaveLength(8)
    expect(after).toEqual(before)
    expect(
      world.github
        .releases()
        .filter(({ body }) => body?.startsWith('Words of theirs'))
        .map(({ tag }) => tag),
    ).toEqual(['v1.0.0', 'v1.0.1'])
  })

  test('ends with a release of both charts through every channel, nothing to complain about', () => {
    const { released } = moved
    expect(messages(released, 'error')).toEqual([])
    expect(messages(released, 'warning')).toEqual([])
    expect(told(released)).toEqual([
      'archive-analysis 1.1.0: published published published',
      'pcp 1.1.0: published published published',
    ])
    const receipts = JSON.parse(released.outputs['charts'] ?? '') as Receipt[]
    expect(
      receipts.flatMap(({ publications }) =>
        publications.map(({ verified }) => verified),
      ),
    ).toEqual(Array.from({ length: 6 }, () => 'installable'))
  })

  test('gives each ArtifactHub repository the file with its own ID', async () => {
    const beside = await fetch(`${world.pages.url}/artifacthub-repo.yml`)
    expect(await beside.text()).toContain(`repositoryID: ${registeredId}`)
    for (const name of charts) {
      const repository = `performancecopilot/helm-charts/${name}`
      const manifest = await world.registry.manifest(
        repository,
        'artifacthub.io',
      )
      const { layers } = (manifest?.content ?? { layers: [] }) as {
        readonly layers: readonly { readonly digest: string }[]
      }
      expect(
        String(await world.registry.blob(repository, layers[0]?.digest ?? '')),
      ).toContain(`repositoryID: ${ids[name]}`)
    }
  })

  test('leaves neither workflows nor files behind that it replaces', async () => {
    expect(
      (await world.github.listBranchFiles('main')).filter((file) =>
        file.startsWith('.github/'),
      ),
    ).toEqual([
      '.github/workflows/old-version.yml',
      '.github/workflows/release.yml',
      '.github/workflows/test.yml',
    ])
    const list = await maintainer.run(`cd "$(mktemp -d -p "$HOME")"
for chart in pcp archive-analysis; do
  helm pull oci://ghcr.io/performancecopilot/helm-charts/$chart --version 1.1.0
  tar -tzf $chart-1.1.0.tgz
done
cd ~/helm-charts`)
    expect(list).toContain('archive-analysis/templates/pod.yaml')
    expect(list).not.toMatch(/\/(?:artifacthub-repo|index)\.ya?ml|\/.*\.tgz/)
  })

  test('goes no further while a placeholder is left, and shows it', async () => {
    const step = shellOf(guide).find(({ text }) => text.startsWith('! grep'))
    const terminal = await openTerminal({ hosts: {} })
    try {
      await cp(kit, path.join(terminal.home, 'kit'), { recursive: true })
      await terminal.run('cd kit')
      await expect(terminal.run(step?.text ?? '')).rejects.toThrow(
        /archive-analysis.*0003\npcp\/artifacthub-repo.*0002\n$/,
      )
    } finally {
      await terminal.remove()
    }
  })
})

describe.each<HelmMajor>([4, 3])(
  'a user with Helm %i (without a cluster: helm install --dry-run=client, or helm template with Helm 3)',
  (helm) => {
    let user: Terminal

    beforeAll(async () => {
      user = await openTerminal({ hosts: hosts(), helm })
    })
    afterAll(async () => {
      await user.remove()
    })

    test.each([
      [reported[0], '1.0.0'],
      [reported[1], '1.1.0'],
      [reported[2], '1.0.0'],
    ])('%s works as it was reported: %s', async (command, version) => {
      expect(install.split('\n')).toContain(command)
      expect(await user.run(command)).toContain(`helm.sh/chart: pcp-${version}`)
    })

    test('can run every command of the page, in its order', async () => {
      const blocks = shellOf(install)
      expect(blocks.length).toBeGreaterThan(12)
      const fresh = await openTerminal({ hosts: hosts(), helm })
      try {
        for (const { heading, text } of blocks) {
          if (heading.includes('denied')) await keepStaleLogin(fresh)
          const said = await fresh.run(text)
          // What would be installed was rendered, once for each command.
          expect([text, [...said.matchAll(rendered)].length]).toEqual([
            text,
            [...text.matchAll(/helm install/g)].length,
          ])
        }
        // The login that stood in the way is gone.
        await fresh.run(reported[0])
      } finally {
        await fresh.remove()
      }
    })

    test('is kept out by a login that has expired, as the page says', async () => {
      const fresh = await openTerminal({ hosts: hosts(), helm })
      try {
        await keepStaleLogin(fresh)
        await expect(fresh.run(reported[0])).rejects.toThrow(/denied|403/)
      } finally {
        await fresh.remove()
      }
    })

    test.each([
      [
        'improper constraint: ',
        'helm install pcp oci://ghcr.io/performancecopilot/helm-charts/pcp --version latest',
      ],
      [
        'not found',
        'helm install pcp oci://ghcr.io/performancecopilot/helm-charts/pcp --version 9.9.9',
      ],
      [
        'no chart version found',
        'helm repo add pcp https://performancecopilot.github.io/helm-charts && helm install pcp pcp/pcp --version 9.9.9',
      ],
      [
        'is not a valid chart repository or cannot be reached',
        'helm repo add other https://performancecopilot.github.io/helm-charts/index.yaml',
      ],
      [
        'chart requires kubeVersion: ',
        'helm template pcp oci://ghcr.io/performancecopilot/helm-charts/pcp --version 1.1.0 --kube-version 1.18.0',
      ],
    ])(
      'meets the error that troubleshooting names: %s',
      async (words, command) => {
        const headings = [...install.matchAll(/^### (.*)$/gm)].map(
          ([, heading]) => heading,
        )
        expect(headings).toContainEqual(expect.stringContaining(words))
        await expect(user.run(command)).rejects.toThrow(words)
      },
    )
  },
)

/** As `helm registry login` left it long ago. */
async function keepStaleLogin({ home }: Terminal): Promise<void> {
  const folder = path.join(home, '.config/helm/registry')
  await mkdir(folder, { recursive: true })
  const auth = Buffer.from('user:a token that has expired').toString('base64')
  await writeFile(
    path.join(folder, 'config.json'),
    JSON.stringify({ auths: { [world.registry.host]: { auth } } }),
  )
}

describe('the kit', () => {
  const chartOf = (
    name: string,
  ): Readonly<Record<'version' | 'appVersion' | 'kubeVersion', string>> & {
    readonly sources: readonly string[]
  } => parse(readFileSync(path.join(kit, name, 'Chart.yaml'), 'utf8')) as never

  test.each(charts)(
    'says of %s in the matrix what its Chart.yaml says',
    (name) => {
      const chart = chartOf(name)
      const [row = ''] =
        install.match(
          new RegExp(`^\\| ${chart.version.replace(/\.\d+$/, '')} .*$`, 'm'),
        ) ?? []
      expect(row).toContain(chart.appVersion)
      expect(`>=${/\| (1\.\d+) and newer/.exec(row)?.[1]}.0-0`).toBe(
        chart.kubeVersion,
      )
    },
  )

  test.each(charts)(
    'links the package of %s to the repository of the charts',
    (name) => {
      expect(chartOf(name).sources[0]).toBe(
        'https://github.com/performancecopilot/helm-charts',
      )
    },
  )

  test('leaves what is deployed as it was: the image of archive-analysis is the latest', async () => {
    const said = await maintainer.run(
      'helm template x oci://ghcr.io/performancecopilot/helm-charts/archive-analysis --version 1.1.0',
    )
    expect(said).toMatch(/image: ".*archive-analysis:latest"/)
  })

  test('has three IDs, each a placeholder and none twice', () => {
    const found = ['.', ...charts].map(
      (directory) =>
        (
          parse(
            readFileSync(
              path.join(kit, directory, 'artifacthub-repo.yml'),
              'utf8',
            ),
          ) as { readonly repositoryID: string }
        ).repositoryID,
    )
    expect(new Set(found).size).toBe(3)
    for (const id of found)
      expect(id).toMatch(/^00000000-0000-4000-8000-[0-9a-f]{12}$/)
  })

  test.each(pagesOf)('has no dead link to its own files in %s', (name) => {
    const text = readFileSync(path.join(kit, name), 'utf8')
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, target = '']) => target,
    )
    expect(
      targets.filter((target) => !existsSync(path.join(kit, target))),
    ).toEqual([])
  })
})

import { execFile } from 'node:child_process'
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gitIn } from '../../testing/git.ts'
import { helmBinary } from '../../testing/helm.ts'
import type { Files, Repository } from '../../testing/repository.ts'
import type { LoopbackWorld } from '../../testing/world.ts'

/** The ArtifactHub ID of the Helm repository, which is there already. */
export const registeredId = '3f0c2a52-6c0e-4c55-9d0b-6b8a6a3d7c11'

const charts = ['pcp', 'archive-analysis'] as const

/** A chart that is built as theirs are: the image's tag is `appVersion` if none is set. */
function chart(name: string, version: string, tag: string): Files {
  return {
    [`${name}/Chart.yaml`]: `apiVersion: v2
name: ${name}
description: A stand-in
type: application
version: ${version}
appVersion: "latest"
home: https://pcp.io
sources:
  - https://github.com/performancecopilot/pcp
  - https://github.com/performancecopilot/helm-charts
annotations:
  category: Monitoring
`,
    [`${name}/README.md`]: `helm install ${name} oci://ghcr.io/performancecopilot/helm-charts/${name} --version 1.0.0\n`,
    [`${name}/values.yaml`]: `image:\n  repository: ghcr.io/performancecopilot/${name}\n  tag: "${tag}"\n`,
    [`${name}/templates/pod.yaml`]: `apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
  labels:
    helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
spec:
  containers:
    - name: {{ .Chart.Name }}
      image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
`,
  }
}

function repositoryFile(id: string): string {
  return `repositoryID: ${id}\nowners:\n  - name: A team\n    email: team@example.com\n`
}

/**
 * Their repository and what it has published, as it was found: two charts at the
 * root; v1.0.1 raises one of them, and its workflow writes the version into both; a
 * package and an index lie in a chart; a workflow packages once more and builds
 * Pages from that, with an index that has forgotten 1.0.0; one package is private.
 */
export async function publishBefore(world: LoopbackWorld): Promise<void> {
  const repository = await world.repository(
    {
      ...chart('pcp', '1.0.0', 'latest'),
      ...chart('archive-analysis', '1.0.0', ''),
      'README.md': '# Charts\n',
      '.gitignore': '*.orig\n',
      'artifacthub-repo.yml': repositoryFile('performancecopilot-helm-charts'),
      '.github/cr.yaml': 'pages-branch: gh-pages\n',
      '.github/workflows/pages.yml': 'on: push\n',
      '.github/workflows/publish.yml': 'on: push\n',
      '.github/workflows/release.yml': 'on: push\n',
      '.github/workflows/test.yml': 'on: push\n',
    },
    'v1.0.0',
  )
  await releaseByHand(world, repository, '1.0.0')
  await world.push(
    repository,
    {
      ...chart('pcp', '1.0.1', 'latest'),
      'archive-analysis/pcp-1.0.1.tgz': 'a package that slipped in',
      'archive-analysis/index.yaml': 'apiVersion: v1\nentries: {}\n',
      'artifacthub-repo.yml': repositoryFile(registeredId),
    },
    'v1.0.1',
  )
  await releaseByHand(world, repository, '1.0.1')
  await world.push(repository, chart('archive-analysis', '1.0.1', ''))
  // Helm 3 stamps the second of packaging: another second, other bytes.
  await sleep(1100)
  await buildSite(world, repository)
  world.registry.setPrivate(
    'performancecopilot/helm-charts/archive-analysis',
    true,
  )
}

/** What their workflow did for a tag: the tag's version, packaged and pushed. */
async function releaseByHand(
  world: LoopbackWorld,
  repository: Repository,
  version: string,
): Promise<void> {
  await inFolder(async (folder) => {
    const { user, password } = world.registryLogin
    const auth = Buffer.from(`${user}:${password}`).toString('base64')
    const config = path.join(folder, 'config.json')
    await writeFile(
      config,
      JSON.stringify({ auths: { [world.registry.host]: { auth } } }),
    )
    const packed = await packCharts(repository, folder, version)
    for (const { file } of packed)
      await helm(
        folder,
        'push',
        file,
        `oci://${world.registryPath}`,
        '--plain-http',
        '--registry-config',
        config,
      )
    await world.github.createRelease({
      tag: `v${version}`,
      body: 'Words of theirs',
      assets: packed.map(({ name, content }) => ({ name, content })),
    })
  })
}

/** What their other workflow did for every commit of the default branch. */
async function buildSite(
  { github, pages }: LoopbackWorld,
  repository: Repository,
): Promise<void> {
  const files: Record<string, Buffer> = {}
  await inFolder(async (folder) => {
    const site = path.join(folder, 'site')
    await mkdir(site)
    await packCharts(repository, site)
    await helm(folder, 'repo', 'index', site, '--url', pages.url)
    for (const name of await readdir(site))
      files[name] = await readFile(path.join(site, name))
  })
  const name = 'artifacthub-repo.yml'
  files[name] = await readFile(path.join(repository.path, name))
  // An artifact, not a branch: what was served is kept nowhere in the repository.
  const built = await github.commitToBranch('artifact', files)
  await gitIn(github.gitDirectory)(['branch', '-q', '-D', 'artifact'])
  const settings = github.pages()
  github.setPages(settings && { ...settings, build_type: 'workflow' })
  pages.deploy(built)
}

interface Packed {
  readonly name: string
  readonly file: string
  readonly content: Buffer
}

async function packCharts(
  repository: Repository,
  to: string,
  version?: string,
): Promise<readonly Packed[]> {
  const wanted = version === undefined ? [] : ['--version', version]
  for (const name of charts)
    await helm(to, 'package', path.join(repository.path, name), ...wanted)
  const names = (await readdir(to)).filter((name) => name.endsWith('.tgz'))
  return await Promise.all(
    names.map(async (name) => {
      const file = path.join(to, name)
      return { name, file, content: await readFile(file) }
    }),
  )
}

/** They use Helm 3. */
async function helm(folder: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(await helmBinary(3), [...args], { cwd: folder })
}

async function inFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'before-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

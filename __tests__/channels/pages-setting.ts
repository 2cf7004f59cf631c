import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Channel, Expected } from '../../src/channels/channel.ts'
import {
  createPagesChannel,
  type PagesChannelOptions,
} from '../../src/channels/pages.ts'
import type { Clock } from '../../src/clock.ts'
import { digestOf } from '../../src/digest.ts'
import { createExec, type Exec } from '../../src/exec.ts'
import { createPagesSite } from '../../src/github/pages-site.ts'
import { createStrangers } from '../../src/helm/stranger.ts'
import type { Package, Publication, Verification } from '../../src/model.ts'
import type { GitHubOptions } from '../../testing/github.ts'
import { type HelmMajor, helmBinary } from '../../testing/helm.ts'
import {
  type Pages,
  type PagesOptions,
  startPages,
} from '../../testing/pages.ts'
import { chartFiles, createRepository } from '../../testing/repository.ts'
import { type Site, startSite } from '../github/site.ts'
import { releaseStore } from './release-store.ts'

/** An archive that Helm made, and that it can pull again. */
export interface RealPackage {
  readonly name: string
  readonly version: string
  readonly fileName: string
  readonly bytes: Buffer
}

/** A chart that Helm has packaged. */
export async function packReal(
  version: string,
  note = 'hello',
): Promise<RealPackage> {
  const files = chartFiles({ version })
  const repository = await createRepository({
    files: { ...files, 'demo/values.yaml': `greeting: ${note}\n` },
  })
  try {
    const exec = createExec(process.env)
    const args = ['package', 'demo', '--destination', '.']
    const { exitCode, stderr } = await exec(await helmBinary(4), args, {
      cwd: repository.path,
    })
    if (exitCode !== 0) throw new Error(stderr)
    const fileName = `demo-${version}.tgz`
    const bytes = await readFile(path.join(repository.path, fileName))
    return { name: 'demo', version, fileName, bytes }
  } finally {
    await repository.remove()
  }
}

export interface SettingOptions {
  readonly github?: Partial<GitHubOptions>
  readonly pages?: PagesOptions
  readonly helm?: HelmMajor
  readonly clock?: Clock
  readonly timeoutSeconds?: number
}

/** GitHub with Pages, and jobs that release there. */
export interface PagesSetting {
  readonly site: Site
  readonly pages: Pages
  /** The arguments of every Helm process. */
  readonly helmRuns: string[]
  /** The channel of a new job. */
  open(options?: Partial<PagesChannelOptions>): Promise<Channel>
  /** Releases the archive as an asset, and lists it. */
  publish(
    channel: Channel,
    real: RealPackage,
    provenance?: string,
  ): Promise<[Publication, Expected]>
  /** A whole job: looks, publishes and verifies. */
  release(
    real: RealPackage,
    options?: Partial<PagesChannelOptions>,
  ): Promise<Verification>
  close(): Promise<void>
}

export async function startPagesSetting(
  options: SettingOptions = {},
): Promise<PagesSetting> {
  const site = await startSite(options.github)
  const pages = await startPages(site.server, options.pages)
  const folder = await mkdtemp(path.join(tmpdir(), 'pages-setting-'))
  const helmRuns: string[] = []
  const exec: Exec = async (program, args, more) => {
    helmRuns.push(args.join(' '))
    return await createExec(process.env)(program, args, more)
  }
  const helm = await helmBinary(options.helm ?? 4)
  const { serverUrl } = site.server
  const open: PagesSetting['open'] = async (changes = {}) => {
    const github = site.connect(
      options.clock === undefined ? {} : { clock: options.clock },
    )
    const pagesSite = createPagesSite(github)
    return createPagesChannel({
      github,
      branch: 'gh-pages',
      directory: '.',
      baseUrl: changes.baseUrl ?? pages.url,
      store: releaseStore(
        site.github,
        ({ version, fileName }) =>
          `${serverUrl}/acme/charts/releases/download/v${version}/${fileName}`,
      ),
      log: site.log,
      verification: {
        site: pagesSite,
        strangers: createStrangers({ path: helm, exec, folder }),
        timeoutSeconds: options.timeoutSeconds ?? 300,
      },
      ...changes,
    })
  }
  const publish: PagesSetting['publish'] = async (
    channel,
    { name, version, fileName, bytes },
    provenance,
  ) => {
    const content = bytes
    await site.server.createRelease({
      tag: `v${version}`,
      assets: [
        { name: fileName, content },
        ...(provenance === undefined
          ? []
          : [{ name: `${fileName}.prov`, content: provenance }]),
      ],
    })
    const made: Package = {
      name,
      version,
      path: '/nowhere',
      fileName,
      digest: digestOf(bytes),
      size: bytes.length,
      provenance: provenance === undefined ? null : '/nowhere.prov',
      metadata: { apiVersion: 'v2', name, version },
      created: '2026-01-02T03:04:05Z',
    }
    const [publication] = await channel.publish([{ package: made }])
    if (publication === undefined) throw new Error('nothing was published')
    const { digest } = made
    const hasProvenance = provenance !== undefined
    return [publication, { name, version, digest, hasProvenance }]
  }
  return {
    site,
    pages,
    helmRuns,
    open,
    publish,
    release: async (real, changes) => {
      const channel = await open(changes)
      await channel.survey?.()
      return await channel.verify(...(await publish(channel, real)))
    },
    close: async () => {
      await pages.close()
      await site.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

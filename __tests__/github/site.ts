import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Clock } from '../../src/clock.ts'
import { digestOf } from '../../src/digest.ts'
import {
  createGitHub,
  type GitHub,
  type GitHubOptions as ClientOptions,
} from '../../src/github/client.ts'
import { createHttp } from '../../src/http.ts'
import type { Log } from '../../src/log.ts'
import type { Package, Tag } from '../../src/model.ts'
import { createRetry } from '../../src/retry.ts'
import { fastClock } from '../../testing/clock.ts'
import { quietLog } from '../../testing/log.ts'
import {
  type GitHub as Server,
  type GitHubOptions,
  startGitHub,
} from '../../testing/github.ts'

/** A GitHub on loopback, and our client of it with a clock that never waits. */
export interface Site {
  readonly server: Server
  readonly github: GitHub
  readonly clock: Clock
  readonly log: Log
  /** Everything that was logged. */
  readonly logged: string[]
  /** Another client: of another job, another server, another network. */
  connect(changes?: Partial<ClientOptions>): GitHub
  /** A tag at a new commit of `main`, or at that one. */
  tag(name: string, commit?: string): Promise<Tag>
  /** A package of these bytes; nothing of it is a chart. */
  pack(wanted: PackageWish): Promise<Package>
  /** Method and path below the repository of what changed something. */
  mutations(): readonly string[]
  /** Forgets the requests so far. */
  forget(): void
  close(): Promise<void>
}

export interface PackageWish {
  /** Default: `demo`. */
  readonly name?: string
  readonly version: string
  readonly content?: string
  readonly provenance?: string
}

export const place = { owner: 'acme', repo: 'charts' }

export async function startSite(
  options: Partial<GitHubOptions> = {},
): Promise<Site> {
  const server = await startGitHub({ ...place, ...options })
  const folder = await mkdtemp(path.join(tmpdir(), 'site-'))
  await server.commitToBranch('main', { 'README.md': '# Charts\n' }, 'Begin')
  const logged: string[] = []
  const keep = (message: string): void => void logged.push(message)
  const log = quietLog({ info: keep, notice: keep, warning: keep, error: keep })
  const clock = fastClock()
  const connect: Site['connect'] = (changes) =>
    createGitHub({
      ...place,
      token: server.token,
      apiUrl: server.apiUrl,
      serverUrl: server.serverUrl,
      http: createHttp(),
      retry: createRetry(clock, log),
      clock,
      log,
      ...changes,
    })
  const github = connect()
  let packed = 0
  return {
    server,
    github,
    clock,
    log,
    logged,
    connect,
    tag: async (name, at) => {
      const commit =
        at ?? (await server.commitToBranch('main', { 'tag.txt': name }))
      await github.octokit.rest.git.createRef({
        ...place,
        ref: `refs/tags/${name}`,
        sha: commit,
      })
      return { name, commit }
    },
    pack: async (wanted) => {
      const { name = 'demo', version, provenance } = wanted
      const content = wanted.content ?? `archive of ${name} ${version}`
      const fileName = `${name}-${version}.tgz`
      const file = path.join(await mkdtemp(`${folder}/${++packed}-`), fileName)
      await writeFile(file, content)
      if (provenance !== undefined) await writeFile(`${file}.prov`, provenance)
      return {
        name,
        version,
        path: file,
        fileName,
        digest: digestOf(content),
        size: Buffer.byteLength(content),
        provenance: provenance === undefined ? null : `${file}.prov`,
        metadata: { apiVersion: 'v2', name, version },
        created: '2026-01-02T03:04:05Z',
      }
    },
    mutations: () =>
      server
        .mutations()
        .map(
          ({ method, path: at }) =>
            `${method} ${at.replace(/^.*\/acme\/charts\//, '').replace(/\?.*/, '')}`,
        ),
    forget: () => {
      server.door.clear()
    },
    close: async () => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

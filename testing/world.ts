import { type ActionResult, type ActionRun, runAction } from './action.ts'
import { type GitHub, startGitHub } from './github.ts'
import { helmFolder, type HelmMajor } from './helm.ts'
import { type Pages, startPages } from './pages.ts'
import { type Registry, startRegistry } from './registry.ts'
import { createRepository, type Files, type Repository } from './repository.ts'

export interface WorldOptions {
  readonly owner?: string
  readonly repo?: string
  /** Default: `token`, as ghcr.io. */
  readonly registryAuth?: 'none' | 'token'
}

export interface ReleaseRun {
  readonly repository: Repository
  /** Of the ref; absent: a run of the default branch. */
  readonly tag?: string
  /** Default: `push`. */
  readonly event?: string
  readonly inputs?: Readonly<Record<string, string>>
  /** Default: 4. */
  readonly helm?: HelmMajor
  readonly environment?: Readonly<Record<string, string>>
  readonly workspace?: string
  /** Before Helm's own folder on `PATH`. */
  readonly paths?: readonly string[]
  readonly onOutput?: ActionRun['onOutput']
  readonly onStart?: ActionRun['onStart']
  readonly hurry?: number
  readonly impatience?: number
}

/** GitHub, Pages and a registry on loopback, and the action that releases there. */
export interface LoopbackWorld {
  readonly github: GitHub
  readonly registry: Registry
  readonly pages: Pages
  /** `HOST/OWNER/REPO`, where the charts are pushed to. */
  readonly registryPath: string
  /** Who may push there. */
  readonly registryLogin: { readonly user: string; readonly password: string }
  /** A checkout with these files committed, tagged and pushed to GitHub. */
  repository(files: Files, ...tags: readonly string[]): Promise<Repository>
  /** Commits these files to it, tags that and pushes it. */
  push(
    repository: Repository,
    files: Files,
    ...tags: readonly string[]
  ): Promise<void>
  /** Runs the bundle as a job of that repository. */
  release(run: ReleaseRun): Promise<ActionResult>
  /** How many requests changed something, anywhere. */
  mutations(): number
  close(): Promise<void>
}

const user = 'robot'
const password = 'a password, with "quotes" & $pace'

export async function startWorld(
  options: WorldOptions = {},
): Promise<LoopbackWorld> {
  const { owner = 'example', repo = 'charts' } = options
  const github = await startGitHub({ owner, repo })
  const registry = await startRegistry({
    auth: options.registryAuth ?? 'token',
    users: { [user]: password },
  })
  const pages = await startPages(github)
  const registryPath = `${registry.host}/${owner}/${repo}`
  const results: ActionResult[] = []
  const repositories: Repository[] = []
  const push: LoopbackWorld['push'] = async (repository, files, ...tags) => {
    await repository.write(files)
    await repository.commit('Change the chart')
    for (const tag of tags) await repository.tag(tag)
    await github.pushRepository(repository.path)
  }
  return {
    repository: async (files, ...tags) => {
      const repository = await createRepository()
      repositories.push(repository)
      await push(repository, files, ...tags)
      return repository
    },
    push,
    github,
    registry,
    pages,
    registryPath,
    registryLogin: { user, password },
    release: async (run) => {
      const result = await runAction({
        workspace: run.workspace ?? run.repository.path,
        paths: [...(run.paths ?? []), await helmFolder(run.helm ?? 4)],
        ...(run.onOutput === undefined ? {} : { onOutput: run.onOutput }),
        ...(run.onStart === undefined ? {} : { onStart: run.onStart }),
        ...(run.hurry === undefined ? {} : { hurry: run.hurry }),
        ...(run.impatience === undefined ? {} : { impatience: run.impatience }),
        expressions: {
          'github.token': github.token,
          'github.repository': `${owner}/${repo}`,
        },
        inputs: {
          'helm-version': 'installed',
          registries: `oci://${registryPath}`,
          'registry-credentials': `${registry.host} ${user} ${password}`,
          ...run.inputs,
        },
        environment: {
          GITHUB_EVENT_NAME: run.event ?? 'push',
          GITHUB_REF:
            run.tag === undefined ? 'refs/heads/main' : `refs/tags/${run.tag}`,
          GITHUB_SHA: await run.repository.head(),
          GITHUB_REPOSITORY: `${owner}/${repo}`,
          GITHUB_SERVER_URL: github.serverUrl,
          GITHUB_API_URL: github.apiUrl,
          GITHUB_ACTOR: github.login,
          GITHUB_RUN_ID: '1',
          ...run.environment,
        },
      })
      results.push(result)
      return result
    },
    mutations: () => github.mutations().length + registry.mutations().length,
    close: async () => {
      await Promise.all(
        [...results, ...repositories].map(async (one) => await one.remove()),
      )
      await pages.close()
      await github.close()
      await registry.close()
    },
  }
}

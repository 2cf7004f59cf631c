import { digestOf } from '../../src/digest.ts'
import type { ActionResult } from '../../testing/action.ts'
import type { Door } from '../../testing/door.ts'
import {
  chartFiles,
  createRepository,
  type Files,
  type Repository,
} from '../../testing/repository.ts'
import {
  type LoopbackWorld,
  type ReleaseRun,
  startWorld,
} from '../../testing/world.ts'
import { forget, killGroup, remember } from './processes.ts'
import { PAGES, readState, type State } from './state.ts'
import { type Watcher, watchIndex } from './watcher.ts'

/**
 * `first`: nothing was ever released. `later`: an index has grown. `branch`:
 * the same, and a run of the default branch makes the tag.
 */
export type Setting = 'first' | 'later' | 'branch'

/** A checkout that every job of a case runs in; none of them writes to it. */
export interface Checkout {
  readonly repository: Repository
  readonly charts: readonly string[]
}

/** A world of its own for one case: nothing is shared but the checkout. */
export interface Stage {
  readonly world: LoopbackWorld
  readonly doors: Readonly<Record<string, Door>>
  readonly watcher: Watcher
  /** One job, of the tag `v1.2.3` or of the branch. */
  release(run?: Partial<ReleaseRun>): Promise<ActionResult>
  state(): Promise<State>
  close(): Promise<void>
}

/** Times, and so digests, are the same in every world. */
const date = '2026-01-02T03:04:05Z'

export async function createCheckout(
  charts: readonly string[],
  ...tags: readonly string[]
): Promise<Checkout> {
  const repository = await createRepository()
  await repository.write(
    Object.assign(
      {},
      ...charts.map((name) => ({
        ...chartFiles({ name }),
        [`${name}/README.md`]: `# ${name}\n`,
      })),
    ) as Files,
  )
  await repository.commit('Begin', { date })
  for (const tag of tags) await repository.tag(tag)
  return { repository, charts }
}

/** So long may one run take, in milliseconds. */
export const LIMIT = 120_000

/** Pauses and, where a case says so, time-outs are this much shorter. */
export const HURRY = 40

export async function openStage(
  checkout: Checkout,
  setting: Setting,
): Promise<Stage> {
  const world = await startWorld()
  await world.github.pushRepository(checkout.repository.path)
  if (setting !== 'first') await growOld(world)
  const watcher = watchIndex(world)
  const { github, registry, pages } = world
  return {
    world,
    doors: {
      github: github.door,
      storage: github.storage,
      registry: registry.door,
      pages: pages.door,
    },
    watcher,
    release: async (run) => {
      let limit: NodeJS.Timeout | undefined
      let leader = 0
      try {
        return await world.release({
          repository: checkout.repository,
          ...(setting === 'branch'
            ? { inputs: { 'create-tags': 'true' } }
            : { tag: 'v1.2.3' }),
          hurry: HURRY,
          ...run,
          onStart: (pid) => {
            leader = pid
            remember(pid)
            limit = setTimeout(() => killGroup(pid), LIMIT)
            run?.onStart?.(pid)
          },
        })
      } finally {
        clearTimeout(limit)
        forget(leader)
      }
    },
    state: async () => await readState(world, checkout.charts),
    close: async () => {
      await world.close()
    },
  }
}

/** An older version, and what people keep beside an index. */
async function growOld({ github }: LoopbackWorld): Promise<void> {
  const content = 'an archive of 1.1.0'
  const name = 'demo-1.1.0.tgz'
  await github.createRelease({ tag: 'v1.1.0', assets: [{ name, content }] })
  const url = `${github.serverUrl}/${github.owner}/${github.repo}/releases/download/v1.1.0/${name}`
  await github.commitToBranch(PAGES, {
    'by-hand.txt': 'kept\n',
    'index.yaml': `# Kept, too.
apiVersion: v1
entries:
  demo:
  - apiVersion: v2
    created: "2025-01-02T03:04:05Z"
    digest: ${digestOf(Buffer.from(content)).slice('sha256:'.length)}
    name: demo
    urls:
    - ${url}
    version: 1.1.0
generated: "2025-01-02T03:04:05Z"
`,
  })
}

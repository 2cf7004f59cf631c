import type { GitHub } from '../github.ts'

export interface BuildOptions {
  readonly branch?: string
  readonly delaySeconds?: number
}

/** Which commit is served, and what GitHub tells of how it came there. */
export interface Builds {
  /** From now on new commits are not served. */
  hold(): Promise<void>
  /** From now on new commits cannot be built, with these words. */
  fail(message: string): void
  /** Serves the newest commit again. */
  release(): void
  /** Serves, while a workflow builds the site, what this commit or branch holds. */
  deploy(ref: string): void
  /** The commit that is served now; `null`: none. */
  served(): Promise<string | null>
}

type State =
  | { readonly kind: 'open' }
  | { readonly kind: 'held'; readonly commit: string | null }
  | { readonly kind: 'failing'; readonly message: string }

/**
 * The newest commit of the branch in the settings is built when somebody first
 * asks after it, and takes as long as it is told to.
 */
export async function startBuilds(
  github: GitHub,
  { branch = 'gh-pages', delaySeconds = 0 }: BuildOptions,
): Promise<Builds> {
  let state: State = { kind: 'open' }
  let shown = await github.branchHead(branch)
  let deployed: string | null = null
  let byWorkflow: string | null = null
  let next: { readonly commit: string; readonly seenAt: number } | null = null

  /** The commit that ought to be served; the build of a newer one is told. */
  const choose = async (from: string): Promise<string | null> => {
    const newest = await github.branchHead(from)
    if (newest === null || newest === deployed) return newest
    if (state.kind === 'held' && newest !== state.commit) {
      github.setPagesBuild({ status: 'building', commit: newest })
      return state.commit
    }
    if (state.kind === 'failing') {
      const { message } = state
      github.setPagesBuild({ status: 'errored', commit: newest, message })
      return shown
    }
    if (delaySeconds === 0 || newest === shown) return newest
    if (next?.commit !== newest) next = { commit: newest, seenAt: Date.now() }
    if (Date.now() - next.seenAt >= delaySeconds * 1000) return newest
    github.setPagesBuild({ status: 'building', commit: newest })
    return shown
  }

  const served = async (): Promise<string | null> => {
    const settings = github.pages()
    if (settings === null) return null
    if (settings.build_type === 'workflow') return byWorkflow
    const { branch: ref } = settings.source
    shown = await choose(ref)
    if (shown === null || shown === deployed) return shown
    deployed = shown
    github.recordDeployment({ sha: shown, ref })
    // Unless a newer one is being told of.
    if (shown === (await github.branchHead(ref)))
      github.setPagesBuild({ status: 'built', commit: shown })
    return shown
  }

  // One at a time: a commit is deployed once.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = async (): Promise<string | null> => {
    const turn = last.then(served)
    last = turn.catch(() => undefined)
    return await turn
  }
  github.beforePagesAreRead(async () => {
    await inTurn()
  })
  return {
    hold: async () => {
      state = { kind: 'held', commit: await github.branchHead(branch) }
    },
    fail: (message) => {
      state = { kind: 'failing', message }
    },
    release: () => {
      state = { kind: 'open' }
    },
    deploy: (ref) => {
      byWorkflow = ref
    },
    served: inTurn,
  }
}

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Channel } from '../../src/channels/channel.ts'
import { createReleaseChannel } from '../../src/channels/github-release.ts'
import { createPagesChannel } from '../../src/channels/pages.ts'
import { ReleaseError } from '../../src/errors.ts'
import type { Package } from '../../src/model.ts'
import { type Site, startSite } from '../github/site.ts'
import { nobodyComes } from './pages-strangers.ts'
import { releaseStore } from './release-store.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
})
afterEach(async () => {
  await site.close()
})

/** One version to publish in one channel, untouched by the others of a test. */
interface Stage {
  readonly made: Package
  /** As a new job opens it. */
  readonly open: () => Channel
  /** What is there, in words that are the same for every stage. */
  readonly outcome: () => Promise<unknown>
}

/** The release of a tag of its own, higher than those before. */
async function releaseStage(number: number): Promise<Stage> {
  const version = `1.${number}.0`
  const tag = await site.tag(`v${version}`)
  const made = await site.pack({
    version,
    content: 'archive',
    provenance: 'signed',
  })
  return {
    made,
    open: () =>
      createReleaseChannel({
        github: site.github,
        tag,
        charts: [made],
        title: tag.name,
        prerelease: 'auto',
        makeLatest: 'auto',
        adopt: false,
        log: site.log,
      }),
    outcome: async () =>
      await Promise.resolve(
        site.server
          .releases()
          .filter((one) => one.tag === tag.name)
          .map(({ draft, latest, assets }) => ({
            draft,
            latest,
            assets: assets.map(({ name, state, content }) => [
              name === made.fileName,
              state,
              content.length,
            ]),
          })),
      ),
  }
}

/** An index on a branch of its own, beside a file that is somebody else's. */
async function pagesStage(number: number): Promise<Stage> {
  const { server } = site
  const branch = `pages-${number}`
  const made = await site.pack({ version: '1.2.3', content: 'archive' })
  const asset = { name: made.fileName, content: 'archive' }
  if (server.releases().length === 0)
    await server.createRelease({ tag: 'v1.2.3', assets: [asset] })
  await server.commitToBranch(branch, {
    'index.yaml': 'apiVersion: v1\nentries: {}\n',
    'by-hand.txt': 'kept',
  })
  return {
    made,
    open: () =>
      createPagesChannel({
        github: site.github,
        branch,
        directory: '.',
        baseUrl: 'https://acme.github.io/charts',
        store: releaseStore(
          site.github,
          ({ fileName }) =>
            `${server.serverUrl}/acme/charts/releases/download/v1.2.3/${fileName}`,
        ),
        verification: nobodyComes(site.github),
        log: site.log,
      }),
    outcome: async () => ({
      commits: (await server.branchCommits(branch)).length,
      files: await server.listBranchFiles(branch),
      index: String(await server.readBranchFile(branch, 'index.yaml')),
    }),
  }
}

/** What a run does with a channel where nothing, or half of it, was found. */
async function run({ open, made }: Stage): Promise<void> {
  const channel = open()
  const found = await channel.locate(made)
  if (found.state === 'found') return
  const shipments = [{ package: made }]
  await channel.stage?.(shipments)
  await channel.publish(shipments)
}

const kinds = { 'the release': releaseStage, 'the index': pagesStage }

describe.each(Object.entries(kinds))('%s', (_, begin) => {
  /**
   * Does this once for every request of a run without faults: what is there
   * then, and what a run that finds it changes. Wanted is what the run without
   * faults leaves, and nothing.
   */
  async function forEachRequest(
    disturb: (stage: Stage, at: number) => Promise<void>,
  ): Promise<{ readonly found: unknown; readonly wanted: unknown }> {
    const model = await begin(0)
    site.forget()
    await run(model)
    const requests = [...site.server.door.requests.keys()]
    const end = await model.outcome()
    const found = []
    for (const at of requests) {
      const stage = await begin(at + 1)
      site.forget()
      await disturb(stage, at)
      const outcome = await stage.outcome()
      site.forget()
      await run(stage)
      found.push({ at, outcome, changed: site.mutations() })
    }
    const wanted = requests.map((at) => ({ at, outcome: end, changed: [] }))
    return { found, wanted }
  }

  // The server did what it was asked, and half of its answer arrives.
  const effect = { kind: 'truncate' } as const
  test('P4: the answer to any one request may be lost', async () => {
    const { found, wanted } = await forEachRequest(async (stage, at) => {
      site.server.door.inject({ path: /./, after: at, effect })
      await run(stage)
    })
    expect(found).toEqual(wanted)
  })

  test('P4: a run may be cut off after any request; the next one ends it', async () => {
    const { found, wanted } = await forEachRequest(async (stage, at) => {
      const { door } = site.server
      const cut = { path: /./, after: at }
      door.inject({ ...cut, effect: { kind: 'reset', when: 'after' } })
      const dead = { kind: 'reset', when: 'before' } as const
      door.inject({ ...cut, times: Infinity, effect: dead })
      await expect(run(stage)).rejects.toThrow(ReleaseError)
      site.forget()
      await run(stage)
    })
    expect(found).toEqual(wanted)
  })
})

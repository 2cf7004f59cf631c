import { parse } from 'yaml'
import type { ActionResult } from '../../testing/action.ts'
import { judge } from './attempt.ts'
import type { Recording } from './recording.ts'
import { createCheckout, LIMIT, openStage, type Stage } from './stage.ts'
import { differences, PAGES } from './state.ts'
import { tailOf, untidiness, type Case, type Verdict } from './verdict.ts'

/** How often each race is run. */
const ROUNDS = 3

export function raceCases(recording: Recording): readonly Case[] {
  const races: Readonly<Record<string, () => Promise<Verdict>>> = {
    'ten charts, one index': raceOfCharts,
    'three jobs, one tag': async () => await raceOfOneTag(recording),
    'a commit by hand in between': async () => await raceWithHand(recording),
  }
  return Object.entries(races).flatMap(([group, run]) =>
    Array.from({ length: ROUNDS }, (_, at) => ({
      group,
      name: `${group}: round ${at + 1}`,
      run,
    })),
  )
}

/** Ten jobs release ten charts to one index at once. */
async function raceOfCharts(): Promise<Verdict> {
  const charts = Array.from({ length: 10 }, (_, at) => `chart-${at}`)
  const tags = charts.map((name) => `${name}-1.2.3`)
  const checkout = await createCheckout(charts, ...tags)
  const stage = await openStage(checkout, 'later')
  try {
    const race = await runAtOnce(stage, tags)
    const words = [...race.words]
    if (race.failed > 0)
      for (const [at, run] of race.runs.entries()) {
        if (run.exitCode === 0) continue
        const again = await stage.release({ tag: tags[at] as string })
        if (again.exitCode !== 0) words.push(...tailOf(again))
      }
    const wanted = [...charts.map((name) => `${name} 1.2.3`), 'demo 1.1.0']
    words.push(
      ...unlike(await listedIn(stage), wanted),
      ...stage.watcher.complaints,
    )
    return verdictOn(words, race.failed)
  } finally {
    await stage.close()
    await checkout.repository.remove()
  }
}

/** Three jobs release the same tag at once. */
async function raceOfOneTag(recording: Recording): Promise<Verdict> {
  const stage = await openStage(recording.checkout, recording.setting)
  try {
    const race = await runAtOnce(stage, ['v1.2.3', 'v1.2.3', 'v1.2.3'])
    const words = [...race.words]
    if (race.failed > 0) {
      const again = await stage.release()
      if (again.exitCode !== 0) words.push(...tailOf(again))
    }
    words.push(
      ...differences(await stage.state(), recording.state),
      ...stage.watcher.complaints,
    )
    return verdictOn(words, race.failed)
  } finally {
    await stage.close()
  }
}

/** Somebody commits to the pages branch just before the job's own commit. */
async function raceWithHand(recording: Recording): Promise<Verdict> {
  const stage = await openStage(recording.checkout, recording.setting)
  const { github } = stage.world
  try {
    let met = false
    github.door.observe({
      asked: async ({ method, path }) => {
        if (met || method !== 'PATCH' || !path.includes('/git/refs/')) return
        met = true
        const index = String(await github.readBranchFile(PAGES, 'index.yaml'))
        await github.commitToBranch(PAGES, {
          'about.html': 'by hand',
          'index.yaml': index.replace('entries:\n', `entries:\n${byHand}`),
        })
      },
    })
    const first = await stage.release()
    const state = new Map(recording.state)
    state.set('pages about.html', 'by hand')
    const index = state.get('pages index.yaml') ?? ''
    state.set(
      'pages index.yaml',
      index.replace('entries:\n', `entries:\n${byHand}`),
    )
    return await judge({ stage, wanted: state, first, met })
  } finally {
    await stage.close()
  }
}

/** An entry of somebody else's, without an address that could be watched. */
const byHand = `  another:
  - apiVersion: v2
    name: another
    urls: []
    version: 0.1.0
`

interface Race {
  readonly runs: readonly ActionResult[]
  /** What no job of a race may do. */
  readonly words: readonly string[]
  /** How many ended with an error. */
  readonly failed: number
}

/** Every job ends in time, green or with a clear word. */
async function runAtOnce(stage: Stage, tags: readonly string[]): Promise<Race> {
  const begun = Date.now()
  const runs = await Promise.all(
    tags.map(async (tag) => await stage.release({ tag })),
  )
  const failed = runs.filter(({ exitCode }) => exitCode !== 0)
  const untidy = failed.flatMap((run) => {
    const words = untidiness(run)
    return words.length === 0 ? [] : [...words, ...tailOf(run)]
  })
  const seconds = (Date.now() - begun) / 1000
  const slow = seconds > LIMIT / 1000 ? [`it took ${seconds} s`] : []
  return { runs, words: [...untidy, ...slow], failed: failed.length }
}

/** `NAME VERSION` for each entry, one that is there twice twice. */
async function listedIn({ world }: Stage): Promise<readonly string[]> {
  const text = await world.github.readBranchFile(PAGES, 'index.yaml')
  const { entries } = parse(String(text)) as {
    entries: Record<string, readonly { readonly version: string }[]>
  }
  return Object.entries(entries).flatMap(([name, versions]) =>
    versions.map(({ version }) => `${name} ${version}`),
  )
}

function unlike(
  found: readonly string[],
  wanted: readonly string[],
): readonly string[] {
  const [has, should] = [found, wanted].map((all) => all.toSorted().join(', '))
  return has === should ? [] : [`the index lists ${has}, should list ${should}`]
}

function verdictOn(words: readonly string[], failed: number): Verdict {
  if (words.length > 0) return { ending: 'lost', words, met: true }
  return { ending: failed > 0 ? 'by re-run' : 'at once', words, met: true }
}

/**
 * The main job, for real on loopback: releases the example chart through all
 * three channels, installs it back from each with Helm as a stranger, and runs
 * the same tag again. Exits with 1 when anything is not as promised.
 */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import { digestOf } from '../src/digest.ts'
import { type ActionResult } from './action.ts'
import type { Files } from './repository.ts'
import { createStranger, type Stranger } from './stranger.ts'
import { type LoopbackWorld, startWorld } from './world.ts'

const example = path.resolve(import.meta.dirname, '../examples/one-chart')

const world = await startWorld()
const stranger = await createStranger()
try {
  const succeeded = await demonstrate(world, stranger)
  if (!succeeded) process.exitCode = 1
} finally {
  await stranger.remove()
  await world.close()
}

async function demonstrate(
  { github, registry, pages, ...rest }: LoopbackWorld,
  helm: Stranger,
): Promise<boolean> {
  const files = await readFiles(example)
  const chart = parse(String(files['demo/Chart.yaml'])) as {
    name: string
    version: string
  }
  const tag = `v${chart.version}`
  heading('Servers on loopback')
  console.log(
    `GitHub        ${github.serverUrl}/${github.owner}/${github.repo}`,
  )
  console.log(`OCI registry  ${registry.url}`)
  console.log(`GitHub Pages  ${pages.url}`)

  heading(`git push origin ${tag}`)
  const repository = await rest.repository(files, tag)
  console.log(`examples/one-chart is pushed, and tagged ${tag}`)

  heading('The action runs')
  const first = await rest.release({ repository, tag })
  printLog(first)
  if (first.exitCode !== 0)
    return failed(`the action ended with ${first.exitCode}`)

  heading('A stranger installs it')
  const wanted = first.outputs['digest']
  const oci = `oci://${rest.registryPath}/${chart.name}`
  await helm.helm('repo', 'add', 'example', pages.url)
  const doors: Readonly<Record<string, () => Promise<string>>> = {
    [`helm pull ${oci} --version ${chart.version} --plain-http`]: async () =>
      await helm.pull(oci, '--version', chart.version, '--plain-http'),
    [`helm pull ${oci} --version v${chart.version} --plain-http`]: async () =>
      await helm.pull(oci, '--version', `v${chart.version}`, '--plain-http'),
    [`helm pull ${oci} --version ">=1.0.0 <2.0.0" --plain-http`]: async () =>
      await helm.pull(oci, '--version', '>=1.0.0 <2.0.0', '--plain-http'),
    [`helm repo add example ${pages.url} && helm pull example/${chart.name} --version ${chart.version}`]:
      async () =>
        await helm.pull(`example/${chart.name}`, '--version', chart.version),
    [`curl -LO ${first.outputs['package-url']}`]: async () => {
      const answer = await fetch(first.outputs['package-url'] ?? '')
      return digestOf(Buffer.from(await answer.arrayBuffer()))
    },
  }
  let same = true
  for (const [command, pull] of Object.entries(doors)) {
    const digest = await pull()
    same &&= digest === wanted
    console.log(`${digest === wanted ? '✔' : '✖'} ${digest}  $ ${command}`)
  }
  if (!same) return failed(`not everything is ${wanted}`)

  heading('The same tag again')
  const before = rest.mutations()
  const second = await rest.release({ repository, tag })
  const changes = rest.mutations() - before
  console.log(
    `exit code ${second.exitCode}, released: ${second.outputs['released']}, ${changes} requests that changed something`,
  )
  if (second.exitCode !== 0 || changes > 0)
    return failed('it changed something')

  heading('Done')
  console.log(`${chart.name} ${chart.version} is ${wanted} through every door.`)
  console.log(
    'Next: copy examples/one-chart/.github/workflows/release.yml into your chart repository.',
  )
  return true
}

function heading(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 74 - text.length))}`)
}

function failed(why: string): boolean {
  console.log(`\n✖ The demo failed: ${why}.`)
  return false
}

/** The log as GitHub shows it: groups as titles, commands not at all. */
function printLog({ log }: ActionResult): void {
  for (const line of log.split('\n')) {
    const title = /^::group::(.*)$/.exec(line)?.[1]
    if (title !== undefined) console.log(`▸ ${title}`)
    else if (line !== '' && !/^::(?:endgroup|add-mask|debug)::/.test(line))
      console.log(`    ${line}`)
  }
}

async function readFiles(folder: string): Promise<Files> {
  const files: Record<string, Buffer> = {}
  for (const entry of await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  })) {
    if (!entry.isFile()) continue
    const file = path.join(entry.parentPath, entry.name)
    const name = path.relative(folder, file).split(path.sep).join('/')
    files[name] = await readFile(file)
  }
  return files
}

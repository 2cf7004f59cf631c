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
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ActionResult } from '../../testing/action.ts'
import {
  type ChartRepository,
  startChartRepository,
} from '../../testing/chart-repository.ts'
import { readCommands } from '../../testing/commands.ts'
import { type Door, openDoor } from '../../testing/door.ts'
import { helmBinary } from '../../testing/helm.ts'
import { createProgramSpy, type ProgramSpy } from '../../testing/program-spy.ts'
import { type Registry, startRegistry } from '../../testing/registry.ts'
import { chartFiles, type Repository } from '../../testing/repository.ts'
import { type LoopbackWorld, startWorld } from '../../testing/world.ts'

/** Nothing but these may hold them; the registry's is the world's own. */
const secrets = {
  token: '',
  registry: 'a password, with "quotes" & $pace',
  helper: `kept 'elsewhere' $(by) a "helper"`,
  charts: `of charts: #1 & "50%" <more>`,
  earlier: 'from an earlier step',
  cloud: 'cloud-key-1f2e3d',
  runtime: 'runtime-token-4c5b6a',
  unrelated: 'something-of-the-job-7d8e9f',
}
type Secret = keyof typeof secrets

let world: LoopbackWorld
let second: Registry
let charts: ChartRepository
let listing: Door
let folder: string
let spies: Record<'helm' | 'git' | 'helper', ProgramSpy>
let repository: Repository
let run: ActionResult
let failed: ActionResult

beforeAll(async () => {
  world = await startWorld()
  secrets.token = world.github.token
  second = await startRegistry({
    auth: 'token',
    users: { vault: secrets.helper },
  })
  // The index is served by one host, and leads to archives on another.
  charts = await startChartRepository()
  await charts.add(chartFiles({ name: 'lib' }), 'lib')
  listing = await openDoor(async ({ url }) => ({
    status: 200,
    body: Buffer.from(
      await (await fetch(`${charts.url}${url.pathname}`)).arrayBuffer(),
    ),
  }))
  folder = await mkdtemp(path.join(tmpdir(), 'secrets-'))
  const bin = path.join(folder, 'bin')
  const answer = JSON.stringify({ Username: 'vault', Secret: secrets.helper })
  await mkdir(path.join(folder, 'docker'))
  await mkdir(path.join(folder, 'tmp'))
  await writeFile(path.join(folder, 'answer'), answer)
  await writeFile(
    path.join(folder, 'docker', 'config.json'),
    JSON.stringify({
      auths: {
        'unused.example': {
          auth: Buffer.from(`me:${secrets.earlier}`).toString('base64'),
        },
      },
      credHelpers: { [second.host]: 'vault' },
    }),
  )
  spies = {
    helm: await createProgramSpy(
      bin,
      'helm',
      `exec '${await helmBinary(4)}' "$@"`,
    ),
    git: await createProgramSpy(bin, 'git', `PATH=\${PATH#*:} exec git "$@"`),
    helper: await createProgramSpy(
      bin,
      'docker-credential-vault',
      `cat > /dev/null; cat '${folder}/answer'`,
    ),
  }
  repository = await world.repository(
    chartFiles({
      extra: `dependencies:\n- name: lib\n  version: 1.2.3\n  repository: ${listing.url}\n`,
    }),
    'v1.2.3',
  )
  const registries = `oci://${world.registryPath}\noci://${second.host}/charts`
  const hostOf = ({ url }: Door): string => new URL(url).host
  const credentials = (registry: string): string =>
    `${world.registry.host} robot ${registry}\n${hostOf(listing)} me ${secrets.charts}`
  const order = {
    repository,
    tag: 'v1.2.3',
    paths: [bin],
    hurry: 20,
    environment: {
      RUNNER_DEBUG: '1',
      DOCKER_CONFIG: path.join(folder, 'docker'),
      TMPDIR: path.join(folder, 'tmp'),
      AWS_SECRET_ACCESS_KEY: secrets.cloud,
      ACTIONS_RUNTIME_TOKEN: secrets.runtime,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: secrets.runtime,
      GITHUB_TOKEN: world.github.token,
      HELM_REGISTRY_PASSWORD: secrets.unrelated,
      DEPLOY_KEY: secrets.unrelated,
    },
  }
  failed = await world.release({
    ...order,
    inputs: {
      registries,
      'registry-credentials': credentials(`${secrets.registry} (not quite)`),
    },
  })
  run = await world.release({
    ...order,
    inputs: {
      registries,
      'registry-credentials': credentials(secrets.registry),
    },
  })
})
afterAll(async () => {
  await world.close()
  await second.close()
  await listing.close()
  await charts.close()
  await rm(folder, { recursive: true, force: true })
})

/** As they are, and as something else might write them. */
function spellingsOf(secret: string): readonly string[] {
  const base64 = (text: string): string =>
    Buffer.from(text).toString('base64').replace(/=+$/, '')
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    secret.replaceAll('"', '&quot;'),
    base64(secret),
    ...['robot', 'vault', 'me', world.github.login].map((user) =>
      base64(`${user}:${secret}`),
    ),
  ]
}

/** Which secrets these texts hold, in any spelling. */
function found(texts: readonly string[]): readonly Secret[] {
  const all = texts.join('\n')
  return (Object.keys(secrets) as Secret[]).filter((name) =>
    spellingsOf(secrets[name]).some((one) => all.includes(one)),
  )
}

function asked(door: Door): readonly string[] {
  return door.requests.flatMap(({ path: at, headers }) => [
    at,
    decodeURIComponent(at.replaceAll('+', ' ')),
    ...Object.entries(headers).map((pair) => pair.join(': ')),
  ])
}

/** Without the commands that make the runner hide them. */
function withoutMasks(log: string): string {
  return log.replaceAll(/^::add-mask::.*$/gm, '')
}

async function filesBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const file = path.join(parentPath, name)
        return `${file}\n${await readFile(file, 'latin1')}`
      }),
  )
}

test('the runs are what they should be: one is released, one refused', () => {
  expect(run.log).not.toContain('::error')
  expect(run.outputs['released']).toBe('true')
  expect(failed.annotations).toContainEqual(
    expect.objectContaining({ properties: { title: 'REGISTRY_AUTH' } }),
  )
})

describe('P8: secrets stand in no', () => {
  test('argument list of a child process', async () => {
    for (const spy of Object.values(spies)) {
      const argv = await spy.argv()
      expect(argv.length).toBeGreaterThan(0)
      expect(found(argv)).toEqual([])
    }
  })

  test('environment of a child process, but for the helper that needs it', async () => {
    for (const [name, spy] of Object.entries(spies)) {
      const environment = await spy.environment()
      expect(environment).toContain(`TMPDIR=${path.join(folder, 'tmp')}`)
      expect(found(environment)).toEqual(name === 'helper' ? ['cloud'] : [])
      expect(
        environment.filter((one) => /^(?:INPUT|ACTIONS|GITHUB)_/.test(one)),
      ).toEqual([])
    }
  })

  test('log, not even at debug level', () => {
    expect(run.log).toContain('::debug::')
    for (const { log } of [run, failed])
      expect(found([withoutMasks(log)])).toEqual([])
  })

  test('output, summary or state', async () => {
    for (const { outputs, summary, temp } of [run, failed]) {
      expect(found([JSON.stringify(outputs), summary])).toEqual([])
      for (const file of ['output', 'state', 'env', 'path'])
        expect(found([await readFile(path.join(temp, file), 'utf8')])).toEqual(
          [],
        )
    }
  })

  test('file that outlives the run', async () => {
    for (const root of [run.temp, failed.temp, path.join(folder, 'tmp')])
      expect(found(await filesBelow(root))).toEqual([])
    expect(await readdir(path.join(folder, 'tmp'))).toEqual([])
    expect(found(await filesBelow(repository.path))).toEqual([])
  })

  test('release, package or page that is published', async () => {
    const [release] = world.github.releases()
    expect(found([JSON.stringify(release)])).toEqual([])
    expect(
      found(await filesBelow(path.join(run.temp, 'chart-release'))),
    ).toEqual([])
    const index = await fetch(`${world.pages.url}/index.yaml`)
    expect(found([await index.text()])).toEqual([])
  })
})

describe('P8: secrets go only', () => {
  test.each<[string, () => Door, readonly Secret[]]>([
    ['the token to GitHub', () => world.github.door, ['token']],
    [
      'none to where GitHub keeps its downloads',
      () => world.github.storage,
      [],
    ],
    ['none to Pages', () => world.pages.door, []],
    [
      'its password to the first registry',
      () => world.registry.door,
      ['registry'],
    ],
    ['its own to the second', () => second.door, ['helper']],
    ['its login to the chart repository', () => listing, ['charts']],
    ['none to where that keeps its archives', () => charts.door, []],
  ])('%s', (_, door, allowed) => {
    expect(door().requests.length).toBeGreaterThan(0)
    expect(found(asked(door()))).toEqual(allowed)
  })

  test('where they are asked for: passwords to the token server alone', () => {
    const shown = [world.registry, second]
      .flatMap(({ door }) => door.requests)
      .filter(({ headers }) => /^basic /i.test(headers['authorization'] ?? ''))
      .map(({ path: at }) => at.replace(/\?.*/, ''))
    expect(new Set(shown)).toEqual(new Set(['/token']))
  })
})

test('P8: every secret is masked before it is used', () => {
  const masked = readCommands(run.log)
    .filter(({ name }) => name === 'add-mask')
    .map(({ data }) => data.replaceAll('%25', '%'))
  for (const name of [
    'token',
    'registry',
    'helper',
    'charts',
    'earlier',
  ] as const)
    expect(masked).toContain(secrets[name])
  const firstRequest = run.log.search(/^(?!::add-mask::).*Helm v/m)
  expect(run.log.lastIndexOf('::add-mask::')).toBeLessThan(firstRequest)
})

test('P8: what is not available yet shows nothing either', async () => {
  const passphrase = 'correct "horse" $battery'
  const refused = await world.release({
    repository,
    tag: 'v1.2.3',
    inputs: { 'signing-passphrase': passphrase },
    environment: { RUNNER_DEBUG: '1' },
  })
  expect(refused.exitCode).toBe(1)
  const said = `${withoutMasks(refused.log)}${refused.summary}${JSON.stringify(refused.outputs)}`
  for (const one of spellingsOf(passphrase)) expect(said).not.toContain(one)
  expect(found([said])).toEqual([])
})

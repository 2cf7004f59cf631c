import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { digestOf } from '../../src/digest.ts'
import { createExec } from '../../src/exec.ts'
import { createHelm } from '../../src/helm/cli.ts'
import { createStrangers, type Strangers } from '../../src/helm/stranger.ts'
import { type HelmMajor, helmBinary } from '../../testing/helm.ts'
import { type Registry, startRegistry } from '../../testing/registry.ts'

const user = 'maintainer'
const password = 'a secret of the maintainer'
let registry: Registry
let folder: string
/** The environment of a job whose maintainer is logged in everywhere. */
let environment: Record<string, string>
/** Written by the credential helper whenever it is asked. */
let asked: string
let logins: string
let archive: string

beforeAll(async () => {
  registry = await startRegistry({
    auth: 'token',
    users: { [user]: password },
    newPackages: 'private',
  })
  folder = await mkdtemp(path.join(tmpdir(), 'stranger-test-'))
  const home = path.join(folder, 'home')
  const programs = path.join(folder, 'programs')
  const auths = JSON.stringify({
    auths: {
      [registry.host]: {
        auth: Buffer.from(`${user}:${password}`).toString('base64'),
      },
    },
  })
  for (const place of [
    '.docker',
    '.config/helm/registry',
    '.config/containers',
  ])
    await mkdir(path.join(home, place), { recursive: true })
  logins = path.join(home, '.docker/config.json')
  await writeFile(logins, auths)
  await writeFile(path.join(home, '.config/helm/registry/config.json'), auths)
  await writeFile(path.join(home, '.config/containers/auth.json'), auths)
  await mkdir(programs)
  asked = path.join(folder, 'asked')
  const answer = JSON.stringify({ Username: user, Secret: password })
  for (const name of [
    'docker-credential-secretservice',
    'docker-credential-pass',
    'pass',
  ]) {
    const file = path.join(programs, name)
    await writeFile(
      file,
      `#!/bin/sh\necho "$0" >> '${asked}'\necho '${answer}'\n`,
    )
    await chmod(file, 0o755)
  }
  environment = {
    PATH: `${programs}:${process.env['PATH']}`,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    DOCKER_CONFIG: path.dirname(logins),
    DOCKER_AUTH_CONFIG: auths,
    HELM_REGISTRY_CONFIG: logins,
    REGISTRY_AUTH_FILE: logins,
    GITHUB_TOKEN: password,
    GH_TOKEN: password,
    INPUT_TOKEN: password,
  }
  const chart = path.join(folder, 'demo')
  await mkdir(path.join(chart, 'templates'), { recursive: true })
  await writeFile(
    path.join(chart, 'Chart.yaml'),
    'apiVersion: v2\nname: demo\nversion: 1.2.3\n',
  )
  await writeFile(
    path.join(chart, 'templates/map.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n',
  )
  const helm = createHelm({
    path: await helmBinary(4),
    exec: createExec(environment),
    home: path.join(folder, 'maintainers-helm'),
    registryConfig: logins,
  })
  await mkdir(path.join(folder, 'packages'))
  archive = await helm.packageChart({
    directory: chart,
    destination: path.join(folder, 'packages'),
    time: new Date('2026-01-02T03:04:05Z'),
  })
  await helm.push({
    archive,
    repository: `${registry.host}/owner`,
    plainHttp: true,
  })
})
afterAll(async () => {
  await registry.close()
  await rm(folder, { recursive: true, force: true })
})

async function strangers(major: HelmMajor): Promise<Strangers> {
  return createStrangers({
    path: await helmBinary(major),
    exec: createExec(environment),
    folder: path.join(folder, 'strangers'),
  })
}

function order() {
  return {
    chart: `oci://${registry.host}/owner/demo`,
    version: '1.2.3',
    plainHttp: true,
  }
}

describe.each<HelmMajor>([4, 3])('Helm %i in a stranger’s hands', (major) => {
  test('P9: finds none of the maintainer’s logins', async () => {
    await rm(asked, { force: true })
    const stranger = await (await strangers(major)).invite()
    const pulled = await stranger.pull(order())
    expect(pulled).toMatchObject({
      ok: false,
      words: expect.stringMatching(/40[13]|denied|unauthorized/i),
    })
    // Nor does it ask the machine's credential helper, as Helm does by itself.
    await expect(stat(asked)).rejects.toThrow('ENOENT')
  })

  test('but the maintainer gets in by each of them', async () => {
    const helm = await helmBinary(major)
    const pull = async (
      env: Record<string, string>,
    ): Promise<number | null> => {
      const destination = await mkdtemp(path.join(folder, 'pulled-'))
      const home = await mkdtemp(path.join(folder, 'fresh-'))
      const { exitCode } = await createExec(environment)(
        helm,
        [
          'pull',
          order().chart,
          '--version=1.2.3',
          '--plain-http',
          '-d',
          destination,
        ],
        {
          env: {
            HELM_CACHE_HOME: path.join(home, 'cache'),
            HELM_CONFIG_HOME: path.join(home, 'config'),
            HELM_DATA_HOME: path.join(home, 'data'),
            ...env,
          },
        },
      )
      return exitCode
    }
    expect(await pull({ HELM_REGISTRY_CONFIG: logins })).toBe(0)
    // Docker's own file, found by HOME.
    expect(await pull({})).toBe(0)
  })

  test('uses the logins that it is given', async () => {
    const stranger = await (await strangers(major)).invite(logins)
    const pulled = await stranger.pull(order())
    expect(pulled).toMatchObject({
      ok: true,
      value: {
        fileName: 'demo-1.2.3.tgz',
        digest: digestOf(await readFile(archive)),
        hasProvenance: false,
      },
    })
  })

  test('reads and renders an archive', async () => {
    const stranger = await (await strangers(major)).invite()
    expect(await stranger.showChart(archive)).toMatchObject({
      ok: true,
      value: expect.stringContaining('version: 1.2.3'),
    })
    expect(await stranger.template(archive)).toMatchObject({
      ok: true,
      value: expect.stringContaining('kind: ConfigMap'),
    })
  })

  test('says in Helm’s words what cannot be done', async () => {
    const stranger = await (await strangers(major)).invite()
    expect(await stranger.template(`${archive}.missing`)).toMatchObject({
      ok: false,
      words: expect.stringMatching(/not found|no such file/),
    })
    expect(
      await stranger.addRepository('demo', 'http://127.0.0.1:1/charts'),
    ).toMatchObject({
      ok: false,
      words: expect.stringContaining('refused'),
    })
  })
})

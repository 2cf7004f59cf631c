import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Exec } from '../../src/exec.ts'
import {
  createCredentials,
  type CredentialsSource,
} from '../../src/oci/credentials.ts'
import { findLoginFiles } from '../../src/oci/login-files.ts'
import { quietLog } from '../../testing/log.ts'

const basic = (text: string): string => Buffer.from(text).toString('base64')

let folder: string
let warnings: string[]
let masked: string[]

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'credentials-'))
  warnings = []
  masked = []
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const noExec: Exec = async (program) =>
  await Promise.reject(new Error(`no ${program}`))

function source(part: Partial<CredentialsSource>): CredentialsSource {
  const log = quietLog({
    warning: (message) => void warnings.push(message),
    mask: (secret) => void masked.push(secret),
  })
  return {
    given: [],
    loginFiles: [],
    hosts: [],
    folder: path.join(folder, 'run'),
    exec: noExec,
    log,
    ...part,
  }
}

async function loginFile(name: string, content: unknown): Promise<string> {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(
    file,
    typeof content === 'string' ? content : JSON.stringify(content),
  )
  return file
}

interface Written {
  auths: Record<string, { auth: string; identitytoken?: string }>
  credHelpers: Record<string, string>
}

async function written(file: string): Promise<Written> {
  return JSON.parse(await readFile(file, 'utf8')) as Written
}

const token = {
  value: 'job-token',
  actor: 'octocat',
  serverUrl: 'https://github.com',
}

describe('registry credentials', () => {
  test('of the input win over earlier logins, which win over the token', async () => {
    const docker = await loginFile('docker/config.json', {
      auths: {
        'ghcr.io': { auth: basic('docker:from login') },
        'quay.io': { auth: basic('docker:from login') },
      },
    })
    const all = await createCredentials(
      source({
        given: [{ host: 'QUAY.io', username: 'me', password: 'a b:c' }],
        loginFiles: [docker],
        token,
      }),
    )
    expect(all.forHost('quay.io')).toMatchObject({
      username: 'me',
      password: 'a b:c',
    })
    expect(all.forHost('ghcr.io')).toMatchObject({ password: 'from login' })
    expect(all.forHost('xghcr.io')).toBeUndefined()
    expect(all.forHost('ghcr.io:443')).toBeUndefined()
  })

  test('P8: stand in one file that only this user can read, and are masked', async () => {
    const all = await createCredentials(
      source({
        given: [{ host: 'quay.io', username: 'me', password: 'p w' }],
        token,
      }),
    )
    expect((await stat(all.configFile)).mode & 0o777).toBe(0o600)
    expect(path.basename(all.configFile)).toBe('config.json')
    expect(path.relative(folder, all.configFile)).not.toMatch(/^\.\./)
    expect((await written(all.configFile)).auths).toEqual({
      'quay.io': { auth: basic('me:p w') },
      'ghcr.io': { auth: basic('octocat:job-token') },
    })
    expect(masked).toEqual(expect.arrayContaining(['p w', 'job-token']))
  })

  test('P8: the job token is for ghcr.io, and only on github.com', async () => {
    for (const serverUrl of [
      'https://github.example.com',
      'https://github.com.evil.example',
      '',
    ]) {
      const all = await createCredentials(
        source({
          token: { ...token, serverUrl },
          folder: await mkdtemp(path.join(folder, 'run-')),
        }),
      )
      expect(all.forHost('ghcr.io')).toBeUndefined()
    }
    const all = await createCredentials(source({ token }))
    expect(all.forHost('ghcr.io')?.password).toBe('job-token')
    expect(all.forHost('docker.io')).toBeUndefined()
  })

  test("know Docker Hub's names as one", async () => {
    const docker = await loginFile('config.json', {
      auths: { 'https://index.docker.io/v1/': { auth: basic('hub:secret') } },
    })
    const all = await createCredentials(source({ loginFiles: [docker] }))
    for (const host of ['docker.io', 'registry-1.docker.io', 'index.docker.io'])
      expect(all.forHost(host)?.username).toBe('hub')
    expect(Object.keys((await written(all.configFile)).auths)).toEqual(
      expect.arrayContaining([
        'https://index.docker.io/v1/',
        'registry-1.docker.io',
      ]),
    )
  })

  test('keep identity tokens, which stand for a password', async () => {
    const docker = await loginFile('config.json', {
      auths: {
        'mine.azurecr.io': {
          auth: basic('00000000-0000-0000-0000-000000000000:'),
          identitytoken: 'refresh',
        },
      },
    })
    const all = await createCredentials(source({ loginFiles: [docker] }))
    expect(all.forHost('mine.azurecr.io')?.identityToken).toBe('refresh')
    expect(
      (await written(all.configFile)).auths['mine.azurecr.io']?.identitytoken,
    ).toBe('refresh')
    expect(masked).toContain('refresh')
  })

  test('for one path of a host are not used for all of it', async () => {
    const podman = await loginFile('auth.json', {
      auths: { 'quay.io/team': { auth: basic('me:secret') } },
    })
    const all = await createCredentials(source({ loginFiles: [podman] }))
    expect(all.forHost('quay.io')).toBeUndefined()
  })

  test('of a helper are asked for the hosts of this run; the others stay with the helper', async () => {
    const docker = await loginFile('config.json', {
      auths: { 'kept.example': {}, 'quay.io': {} },
      credsStore: 'store',
      credHelpers: { 'gcr.io': 'gcloud', 'ghcr.io': 'other' },
    })
    const asked: string[] = []
    const exec: Exec = async (program, args, options) => {
      asked.push(`${program} ${args.join(' ')} < ${options?.input}`)
      const known = options?.input === 'quay.io'
      return await Promise.resolve({
        exitCode: known ? 0 : 1,
        stdout: known
          ? '{"ServerURL":"quay.io","Username":"me","Secret":"kept"}'
          : 'credentials not found in native keychain',
        stderr: '',
      })
    }
    const all = await createCredentials(
      source({
        loginFiles: [docker],
        hosts: ['quay.io', 'registry.example'],
        exec,
        token,
      }),
    )
    expect(asked).toEqual([
      'docker-credential-store get < quay.io',
      'docker-credential-store get < registry.example',
    ])
    expect(all.forHost('quay.io')?.password).toBe('kept')
    expect(await written(all.configFile)).toEqual({
      auths: {
        'quay.io': { auth: basic('me:kept') },
        'ghcr.io': { auth: basic('octocat:job-token') },
      },
      credHelpers: { 'kept.example': 'store', 'gcr.io': 'gcloud' },
    })
  })

  test('P8: a broken login file is a warning that quotes nothing of it', async () => {
    const broken = await loginFile('config.json', 'hunter2 { "auths"')
    const all = await createCredentials(
      source({
        loginFiles: [broken, path.join(folder, 'none.json')],
        token,
      }),
    )
    expect(all.forHost('ghcr.io')).toBeDefined()
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(broken)
    expect(warnings[0]).not.toContain('hunter2')
  })
})

describe('the files that earlier logins left', () => {
  test("are the ones that the user's Helm and Docker are told to use", () => {
    expect(
      findLoginFiles(
        {
          HOME: '/home/u',
          HELM_REGISTRY_CONFIG: '/h/registry.json',
          DOCKER_CONFIG: '/d',
        },
        'linux',
      ),
    ).toEqual(['/h/registry.json', '/d/config.json'])
    expect(
      findLoginFiles({ HOME: '/home/u', HELM_CONFIG_HOME: '/h' }, 'linux'),
    ).toEqual(['/h/registry/config.json', '/home/u/.docker/config.json'])
  })

  test('stand where each platform keeps them', () => {
    expect(findLoginFiles({ HOME: '/home/u' }, 'linux')[0]).toBe(
      '/home/u/.config/helm/registry/config.json',
    )
    expect(
      findLoginFiles({ HOME: '/home/u', XDG_CONFIG_HOME: '/x' }, 'linux')[0],
    ).toBe('/x/helm/registry/config.json')
    expect(findLoginFiles({ HOME: '/Users/u' }, 'darwin')[0]).toBe(
      '/Users/u/Library/Preferences/helm/registry/config.json',
    )
    expect(findLoginFiles({}, 'linux')).toEqual([])
  })
})

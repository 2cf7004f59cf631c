import { mkdir, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { digestOf } from '../../src/digest.ts'
import type { Exec, ExecResult } from '../../src/exec.ts'
import { createHelm } from '../../src/helm/cli.ts'
import { helmVersions } from '../../testing/helm.ts'
import {
  type Answer,
  chartFiles,
  helmIn,
  inFolder,
  whileServing,
  writeFiles,
} from './fixtures.ts'

const majors = [3, 4] as const
const time = new Date('2026-02-03T04:05:06Z')

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** As much of the distribution API as a push needs. */
function registry(): {
  readonly answer: (path: string, request: IncomingMessage) => Promise<Answer>
  /** The manifest that was pushed last. */
  readonly manifest: () => Uint8Array
} {
  let manifest: Uint8Array = new Uint8Array()
  return {
    manifest: () => manifest,
    answer: async (asked, request) => {
      const body = await readBody(request)
      const { method } = request
      if (method === 'POST')
        return { status: 202, headers: { location: `${asked}1` } }
      const isManifest = asked.includes('/manifests/')
      if (method === 'PUT' && !isManifest)
        return {
          status: 201,
          headers: { 'docker-content-digest': digestOf(body) },
        }
      if (method === 'PUT') manifest = body
      if (!isManifest || manifest.length === 0) return undefined
      return {
        status: method === 'PUT' ? 201 : 200,
        headers: {
          'docker-content-digest': digestOf(manifest),
          'content-type': 'application/vnd.oci.image.manifest.v1+json',
          ...(method === 'PUT'
            ? {}
            : { 'content-length': String(manifest.length) }),
        },
        ...(method === 'GET' ? { body: Buffer.from(manifest).toString() } : {}),
      }
    },
  }
}

/** Pushes a small chart to a server that answers so. */
async function push(
  major: (typeof majors)[number],
  answer: (path: string, request: IncomingMessage) => Promise<Answer> | Answer,
): Promise<string | null> {
  return await inFolder(async (folder) => {
    await writeFiles(folder, chartFiles('demo'))
    const { helm } = await helmIn(folder, major)
    const destination = path.join(folder, 'out')
    await mkdir(destination)
    const archive = await helm.packageChart({
      directory: path.join(folder, 'demo'),
      destination,
      time,
    })
    return await whileServing(
      answer,
      async ({ host }) =>
        await helm.push({
          archive,
          repository: `${host}/owner/denied`,
          plainHttp: true,
        }),
    )
  })
}

/** A Helm of which only the arguments and the environment matter. */
function recorder(result: Partial<ExecResult> = {}): {
  readonly exec: Exec
  readonly calls: { args: readonly string[]; env: Record<string, string> }[]
} {
  const calls: { args: readonly string[]; env: Record<string, string> }[] = []
  return {
    calls,
    exec: async (_program, args, options) => {
      calls.push({ args, env: { ...options?.env } })
      return { exitCode: 0, stdout: '', stderr: '', ...result }
    },
  }
}

const place = {
  path: '/helm',
  home: '/run/helm',
  registryConfig: '/run/registry/config.json',
}

describe.each(majors)('Helm %i', (major) => {
  test('tells its version', async () => {
    await inFolder(async (folder) => {
      const { helm } = await helmIn(folder, major)
      expect(await helm.version()).toBe(helmVersions[major])
    })
  })

  test('pushes, and gives the digest of the manifest that arrived', async () => {
    const server = registry()
    const digest = await push(major, server.answer)
    expect(server.manifest().length).toBeGreaterThan(100)
    expect(digest).toBe(digestOf(server.manifest()))
  })

  const challenge = { 'www-authenticate': 'Basic realm="r"' }
  const denied = '{"errors":[{"code":"DENIED","message":"no write access"}]}'
  test.each([
    [401, 'REGISTRY_AUTH', ''],
    [403, 'REGISTRY_AUTH', denied],
    [501, 'REGISTRY_FAILED', ''],
    [404, 'REGISTRY_FAILED', ''],
  ])(
    'P7: a push that is answered %i is %s, in Helm’s own words',
    async (status, code, body) => {
      await expect(
        push(major, async (_, request) => {
          await readBody(request)
          return request.method === 'HEAD' && status !== 401
            ? undefined
            : { status, headers: status === 401 ? challenge : {}, body }
        }),
      ).rejects.toMatchObject({
        code,
        message: expect.stringMatching(
          status === 401 ? /basic|401/i : new RegExp(String(status)),
        ),
      })
    },
  )

  test('P11: names that look like flags are not read as flags', async () => {
    await inFolder(async (folder) => {
      await writeFiles(folder, chartFiles('demo'))
      const { helm } = await helmIn(folder, major)
      const destination = path.join(folder, 'out')
      await mkdir(destination)
      const archive = await helm.packageChart({
        directory: path.join(folder, 'demo'),
        destination,
        appVersion: '--debug',
        time,
      })
      expect(path.basename(archive)).toBe('demo-1.2.3.tgz')
      await expect(
        helm.buildDependencies({
          directory: '--repository-config=/etc/passwd',
        }),
      ).rejects.toMatchObject({
        code: 'DEPENDENCY_FAILED',
        message: expect.stringContaining('--repository-config=/etc/passwd'),
      })
    })
  })

  test('lint gives findings with their places', async () => {
    await inFolder(async (folder) => {
      await writeFiles(folder, {
        ...chartFiles('demo'),
        'demo/templates/map.yaml': 'a: b\n{{ nope }}\n',
        'demo/values.yaml': 'a: b\n',
      })
      const { helm } = await helmIn(folder, major)
      const directory = path.join(folder, 'demo')
      const broken = await helm.lint(directory, false)
      expect(broken.passed).toBe(false)
      expect(broken.findings).toContainEqual(
        expect.objectContaining({
          severity: 'ERROR',
          file: 'templates/map.yaml',
          line: 2,
        }),
      )
      await writeFile(path.join(directory, 'templates/map.yaml'), 'a: [\n')
      const yaml = await helm.lint(directory, false)
      expect(yaml.findings).toContainEqual(
        expect.objectContaining({
          severity: 'ERROR',
          file: 'templates/map.yaml',
        }),
      )
      await writeFiles(directory, {
        'templates/map.yaml': 'kind: A\n',
        'Chart.yaml':
          'apiVersion: v2\nname: demo\nversion: 1.2.3\ndependencies:\n- name: lib\n  version: 1.0.0\n  repository: https://nowhere.invalid\n',
      })
      expect((await helm.lint(directory, false)).passed).toBe(true)
      const strict = await helm.lint(directory, true)
      expect(strict.passed).toBe(false)
      expect(strict.findings).toContainEqual(
        expect.objectContaining({ severity: 'WARNING', file: null }),
      )
    })
  })

  test('a chart that cannot be packaged is HELM_FAILED', async () => {
    await inFolder(async (folder) => {
      const { helm } = await helmIn(folder, major)
      const destination = path.join(folder, 'out')
      await mkdir(destination)
      await expect(
        helm.packageChart({ directory: folder, destination, time }),
      ).rejects.toMatchObject({
        code: 'HELM_FAILED',
        message: expect.stringContaining('Chart.yaml'),
      })
    })
  })

  test('an unknown @name repository is DEPENDENCY_FAILED and says what to do', async () => {
    await inFolder(async (folder) => {
      await writeFiles(
        folder,
        chartFiles('demo', {
          yaml: 'dependencies:\n- name: lib\n  version: 1.0.0\n  repository: "@mine"\n',
        }),
      )
      const { helm } = await helmIn(folder, major)
      await expect(
        helm.updateDependencies({ directory: path.join(folder, 'demo') }),
      ).rejects.toMatchObject({
        code: 'DEPENDENCY_FAILED',
        message: expect.stringContaining('helm repo add'),
      })
    })
  })
})

describe('createHelm', () => {
  const digest = digestOf('a manifest')
  test.each(['stdout', 'stderr'] as const)(
    'finds the digest of a push on %s',
    async (stream) => {
      const { exec } = recorder({
        [stream]: `Pushed: ghcr.io/o/demo:1.2.3\nDigest: ${digest}\n`,
      })
      const order = {
        archive: '/a.tgz',
        repository: 'ghcr.io/o',
        plainHttp: false,
      }
      expect(await createHelm({ ...place, exec }).push(order)).toBe(digest)
    },
  )

  test('a push that prints no digest gives null', async () => {
    const { exec, calls } = recorder({ stdout: 'Digest: sha256:short\n' })
    const order = {
      archive: '/a.tgz',
      repository: 'ghcr.io/o',
      plainHttp: false,
    }
    expect(await createHelm({ ...place, exec }).push(order)).toBeNull()
    expect(calls[0]?.args).toEqual(['push', '--', '/a.tgz', 'oci://ghcr.io/o'])
  })

  test('P8: gives Helm the folders of this run, and logins only as files', async () => {
    const { exec, calls } = recorder()
    await createHelm({ ...place, exec }).lint('/chart', false)
    expect(calls[0]?.env).toEqual({
      HELM_CACHE_HOME: path.join('/run/helm/cache'),
      HELM_CONFIG_HOME: path.join('/run/helm/config'),
      HELM_DATA_HOME: path.join('/run/helm/data'),
      HELM_REGISTRY_CONFIG: '/run/registry/config.json',
      DOCKER_CONFIG: '/run/registry',
    })
  })
})

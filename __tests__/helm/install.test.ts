import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { deflateRawSync } from 'node:zlib'
import * as toolCache from '@actions/tool-cache'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { helmAsset } from '../../src/helm/asset.ts'
import { readChecksum } from '../../src/helm/checksum.ts'
import {
  DEFAULT_HELM_VERSION,
  defaultChecksums,
} from '../../src/helm/checksums.ts'
import { type HelmWanted, installHelm } from '../../src/helm/install.ts'
import { unpackMember } from '../../src/helm/unpack.ts'
import { createHttp } from '../../src/http.ts'
import { helmArchive, helmFolder } from '../../testing/helm.ts'
import {
  type Answer,
  exec,
  inFolder,
  keepLog,
  retry,
  whileServing,
} from './fixtures.ts'

const run = promisify(execFile)
const http = createHttp()
const name = 'helm-v4.2.3-linux-amd64.tar.gz'

/** The official binary in an archive like the official one. */
let archive: Uint8Array
let sum: string

beforeAll(async () => {
  archive = await helmArchive(4)
  sum = createHash('sha256').update(archive).digest('hex')
})

type Mirror = (path: string) => Answer

/** Installs from a mirror into a folder that is removed afterwards. */
async function install(
  mirror: Mirror,
  more: Partial<HelmWanted> = {},
  look: (found: {
    readonly path: string
    readonly version: string
    readonly temp: string
    readonly requests: readonly string[]
  }) => Promise<void> | void = () => {},
): Promise<void> {
  await inFolder(async (temp) => {
    await whileServing(mirror, async ({ url, requests }) => {
      const made = await installHelm({
        version: 'v4.2.3',
        downloadUrl: url,
        exec,
        http,
        retry,
        clock: systemClock,
        log: keepLog(),
        toolCache: { find: () => '', cacheDir: async (folder) => folder },
        temp,
        platform: 'linux',
        arch: 'x64',
        searchPath: '',
        ...more,
      }).catch(async (thrown: unknown) => {
        // Whatever goes wrong, nothing may have been unpacked.
        const left = await readdir(temp)
        throw left.length === 0 ? thrown : new Error(`unpacked: ${left.join()}`)
      })
      await look({ ...made, temp, requests })
    })
  })
}

const official: Mirror = (asked) =>
  asked === `/${name}`
    ? archive
    : asked === `/${name}.sha256sum`
      ? `${sum}  ${name}\n`
      : undefined

describe('from a mirror', () => {
  test.each(['v4.2.3', '4.2.3'])('installs exactly %s', async (version) => {
    await install(official, { version }, async (found) => {
      const { stdout } = await run(found.path, ['version', '--short'])
      expect(stdout).toContain('v4.2.3')
      expect(found.version).toBe('v4.2.3')
      expect(found.requests).toEqual([`GET /${name}.sha256sum`, `GET /${name}`])
    })
  })

  test('a tampered archive is not unpacked, and both digests are named', async () => {
    const tampered = Buffer.concat([archive, Buffer.from('x')])
    const found = createHash('sha256').update(tampered).digest('hex')
    const message = await install((asked) =>
      asked === `/${name}` ? tampered : official(asked),
    ).catch((thrown: Error) => thrown.message)
    expect(message).toContain(sum)
    expect(message).toContain(found)
  })

  const sums: Readonly<Record<string, Answer>> = {
    'no checksum file': undefined,
    'a checksum of another file': `${'0'.repeat(64)}  helm-v4.2.3-linux-arm64.tar.gz\n`,
    'an empty checksum file': '',
    'an HTML page for a checksum': '<html>',
  }
  test.each(Object.entries(sums))(
    '%s is HELM_UNAVAILABLE, and the archive is not even fetched',
    async (_, answer) => {
      const asked: string[] = []
      await expect(
        install((wanted) => {
          asked.push(wanted)
          return wanted === `/${name}` ? archive : answer
        }),
      ).rejects.toMatchObject({ code: 'HELM_UNAVAILABLE' })
      expect(asked).toEqual([`/${name}.sha256sum`])
    },
  )

  test('the default version is checked against the bundle, not the mirror', async () => {
    const fileName = `helm-${DEFAULT_HELM_VERSION}-linux-amd64.tar.gz`
    const foreign: Mirror = (asked) =>
      asked === `/${fileName}` ? archive : `${sum}  ${fileName}\n`
    await expect(
      install(foreign, { version: DEFAULT_HELM_VERSION }),
    ).rejects.toMatchObject({
      code: 'HELM_UNAVAILABLE',
      message: expect.stringContaining(
        defaultChecksums.get(fileName) as string,
      ),
    })
  })

  test('another version inside the archive is refused', async () => {
    const other = name.replace('4.2.3', '4.2.2')
    const mirror: Mirror = (asked) =>
      asked === `/${other}` ? archive : `${sum}  ${other}\n`
    await expect(
      inFolder(async (temp) => {
        await install(mirror, { version: 'v4.2.2', temp })
      }),
    ).rejects.toMatchObject({
      code: 'HELM_UNAVAILABLE',
      message: expect.stringContaining('v4.2.3'),
    })
  })

  test('a server that is down for a moment is asked again', async () => {
    let down = 2
    await install(
      (asked) => (down-- > 0 ? { status: 503 } : official(asked)),
      {},
      ({ requests }) => {
        expect(requests).toHaveLength(4)
      },
    )
  })

  test('P7: a 403 is not "no such version"', async () => {
    await expect(install(() => ({ status: 403 }))).rejects.toMatchObject({
      code: 'HELM_UNAVAILABLE',
      message: expect.stringContaining('403'),
    })
  })

  test('follows redirects, but neither for ever nor to plain http', async () => {
    const moved = (location: string): Answer => ({
      status: 302,
      headers: { location },
    })
    await install((asked) =>
      asked.startsWith('/there/')
        ? official(asked.slice('/there'.length))
        : moved(`/there${asked}`),
    )
    await expect(install((asked) => moved(`${asked}x`))).rejects.toMatchObject({
      message: expect.stringContaining('5 times'),
    })
    await expect(
      install(() => moved('http://example.com/helm')),
    ).rejects.toMatchObject({
      message: expect.stringContaining('not https'),
    })
  })
})

describe('the tool cache', () => {
  test('keeps what was installed, so nothing is downloaded again', async () => {
    await inFolder(async (runner) => {
      process.env['RUNNER_TOOL_CACHE'] = path.join(runner, 'tools')
      process.env['RUNNER_TEMP'] = runner
      try {
        await install(official, { toolCache }, async (found) => {
          expect(found.path).toBe(
            path.join(runner, 'tools/chart-release-helm/4.2.3/x64/helm'),
          )
          expect(await readdir(found.temp)).toEqual([])
        })
        await install(official, { toolCache }, (found) => {
          expect(found.requests).toEqual([])
          expect(found.version).toBe('v4.2.3')
        })
        await install(official, { toolCache }, async (found) => {
          await writeFile(found.path, '#!/bin/sh\necho v4.2.2\n')
        })
        // What is no longer the Helm it should be is replaced.
        await install(official, { toolCache }, (found) => {
          expect(found.requests).toHaveLength(2)
          expect(found.version).toBe('v4.2.3')
        })
      } finally {
        delete process.env['RUNNER_TOOL_CACHE']
        delete process.env['RUNNER_TEMP']
      }
    })
  })

  test('may be missing altogether', async () => {
    const fail = (): never => {
      throw new Error('Expected RUNNER_TOOL_CACHE to be defined')
    }
    const none = { find: fail, cacheDir: async () => fail() }
    await install(official, { toolCache: none }, (found) => {
      expect(path.basename(found.path)).toBe('helm')
    })
  })
})

describe('"installed"', () => {
  test('is the first helm on PATH', async () => {
    const searchPath = `/nowhere:${await helmFolder(3)}:${await helmFolder(4)}`
    await install(
      () => undefined,
      { version: 'installed', searchPath },
      (found) => {
        expect(found.version).toBe('v3.17.2')
        expect(path.dirname(found.path)).toBe(searchPath.split(':')[1])
        expect(found.requests).toEqual([])
      },
    )
  })

  test('without one is HELM_UNAVAILABLE and names the input', async () => {
    await expect(
      install(() => undefined, {
        version: 'installed',
        searchPath: '.:/nowhere',
      }),
    ).rejects.toMatchObject({
      code: 'HELM_UNAVAILABLE',
      message: expect.stringContaining('helm-version'),
    })
  })
})

describe('inputs', () => {
  test.each(['latest', '4', 'v4.2', '^4.2.0', '', 'v4.2.3/../x', '4.2.3\n'])(
    'helm-version %j is INPUT_INVALID',
    async (version) => {
      await expect(install(official, { version })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      })
    },
  )

  test.each([
    'http://get.helm.sh',
    'ftp://get.helm.sh',
    'get.helm.sh',
    'https://me:secret@get.helm.sh',
    'https://get.helm.sh?a=b',
  ])('helm-download-url %s is INPUT_INVALID', async (downloadUrl) => {
    const thrown = await install(official, { downloadUrl }).catch(
      (error: unknown) => error,
    )
    expect(thrown).toMatchObject({ code: 'INPUT_INVALID' })
    expect(String(thrown)).not.toContain('secret')
  })
})

describe('archives', () => {
  test.each([
    {
      platform: 'linux',
      arch: 'x64',
      end: 'linux-amd64.tar.gz',
      member: 'linux-amd64/helm',
    },
    {
      platform: 'linux',
      arch: 'arm64',
      end: 'linux-arm64.tar.gz',
      member: 'linux-arm64/helm',
    },
    {
      platform: 'linux',
      arch: 'arm',
      end: 'linux-arm.tar.gz',
      member: 'linux-arm/helm',
    },
    {
      platform: 'darwin',
      arch: 'x64',
      end: 'darwin-amd64.tar.gz',
      member: 'darwin-amd64/helm',
    },
    {
      platform: 'darwin',
      arch: 'arm64',
      end: 'darwin-arm64.tar.gz',
      member: 'darwin-arm64/helm',
    },
    {
      platform: 'win32',
      arch: 'x64',
      end: 'windows-amd64.zip',
      member: 'windows-amd64/helm.exe',
    },
    {
      platform: 'win32',
      arch: 'arm64',
      end: 'windows-arm64.zip',
      member: 'windows-arm64/helm.exe',
    },
  ])(
    '$platform $arch has one, with a checksum',
    async ({ platform, arch, end, member }) => {
      const asset = helmAsset(DEFAULT_HELM_VERSION, { platform, arch })
      expect(asset.fileName).toBe(`helm-${DEFAULT_HELM_VERSION}-${end}`)
      expect(asset.member).toBe(member)
      expect(defaultChecksums.get(asset.fileName)).toMatch(/^[0-9a-f]{64}$/)
      const asked: string[] = []
      await expect(
        install(
          (wanted) => {
            asked.push(wanted)
            return undefined
          },
          {
            version: DEFAULT_HELM_VERSION,
            platform: platform as NodeJS.Platform,
            arch,
          },
        ),
      ).rejects.toMatchObject({ code: 'HELM_UNAVAILABLE' })
      expect(asked).toEqual([`/${asset.fileName}`])
    },
  )

  test('a machine without one is HELM_UNAVAILABLE', () => {
    expect(() =>
      helmAsset('v4.2.4', { platform: 'sunos', arch: 'x64' }),
    ).toThrow(expect.objectContaining({ code: 'HELM_UNAVAILABLE' }))
  })

  test('every checksum in the bundle is of the default version', () => {
    for (const file of defaultChecksums.keys())
      expect(file).toContain(`helm-${DEFAULT_HELM_VERSION}-`)
  })

  test('a zip archive gives the program that is asked for', async () => {
    const zip = zipOf({
      'windows-amd64/README.md': 'no',
      'windows-amd64/helm.exe': 'a program',
    })
    const asset = helmAsset('v4.2.3', { platform: 'win32', arch: 'x64' })
    const found = await unpackMember(zip, asset)
    expect(Buffer.from(found ?? []).toString()).toBe('a program')
    const other = helmAsset('v4.2.3', { platform: 'win32', arch: 'arm64' })
    expect(await unpackMember(zip, other)).toBeNull()
    await expect(unpackMember(Buffer.from('no zip'), asset)).rejects.toThrow(
      'no zip archive',
    )
  })
})

describe('readChecksum', () => {
  const hex = 'ab'.repeat(32)
  test.each([
    [`${hex}  helm.tar.gz\n`, hex],
    [`${hex} *helm.tar.gz`, hex],
    [`${hex.toUpperCase()}\n`, hex],
    [`${hex}  _dist/helm.tar.gz\r\n`, hex],
    [`${'0'.repeat(64)}  other.tar.gz\n${hex}  helm.tar.gz\n`, hex],
    [`${hex}  other.tar.gz\n`, null],
    [`${hex.slice(1)}  helm.tar.gz\n`, null],
    ['', null],
  ])('%j', (text, expected) => {
    expect(readChecksum(text, 'helm.tar.gz')).toBe(expected)
  })
})

/** A zip archive with deflated members. */
function zipOf(members: Readonly<Record<string, string>>): Uint8Array {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [member, text] of Object.entries(members)) {
    const data = deflateRawSync(text)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 8)
    local.writeUInt16LE(member.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(data.length, 20)
    entry.writeUInt32LE(text.length, 24)
    entry.writeUInt16LE(member.length, 28)
    entry.writeUInt32LE(offset, 42)
    locals.push(local, Buffer.from(member), data)
    central.push(entry, Buffer.from(member))
    offset += 30 + member.length + data.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(members).length, 10)
  end.writeUInt32LE(Buffer.concat(central).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ...central, end])
}

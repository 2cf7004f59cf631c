import { afterEach, describe, expect, test } from '@jest/globals'
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../src/clock.ts'
import { digestOf } from '../../src/digest.ts'
import { createHttp } from '../../src/http.ts'
import {
  createOciClient,
  type OciClient,
  type OciClientOptions,
} from '../../src/oci/client.ts'
import type { Credential } from '../../src/oci/credentials.ts'
import { createRetry } from '../../src/retry.ts'
import { quietLog } from '../../testing/log.ts'

const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: {
    mediaType: 'application/vnd.cncf.helm.config.v1+json',
    digest: digestOf('{}'),
    size: 2,
  },
  layers: [],
})
const blob = Buffer.from('the bytes of a chart')
const descriptor = {
  mediaType: 'application/octet-stream',
  digest: digestOf(blob),
  size: blob.length,
}

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

interface Fake {
  readonly host: string
  /** `METHOD path` and the Authorization header, `-` for none. */
  readonly seen: string[]
}

/** A server that answers as told, and remembers what it was asked. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Fake> {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(
      `${request.method} ${request.url} ${request.headers.authorization ?? '-'}`,
    )
    request.resume()
    answer(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve()),
  )
  const { port } = server.address() as AddressInfo
  return { host: `127.0.0.1:${port}`, seen }
}

const me: Credential = { username: 'me', password: 'secret', origin: 'a test' }
const mine = `Basic ${Buffer.from('me:secret').toString('base64')}`

const silent = quietLog()

function client(options: {
  readonly credential?: Credential
  readonly mayPush?: boolean
  readonly pauses?: number[]
  readonly http?: OciClientOptions['http']
}): OciClient {
  const clock: Clock = {
    now: () => new Date(),
    sleep: async (milliseconds) => {
      options.pauses?.push(milliseconds)
      await Promise.resolve()
    },
  }
  return createOciClient({
    http: options.http ?? createHttp(),
    retry: createRetry(clock, silent),
    clock,
    log: silent,
    credentials: { forHost: () => options.credential },
    mayPush: options.mayPush ?? true,
  })
}

const at = (host: string) => ({ host, name: 'team/chart' })

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer = '',
): void {
  response.writeHead(status).end(body)
}

const unknown = '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"unknown"}]}'
const denied = '{"errors":[{"code":"DENIED","message":"denied"}]}'

/**
 * A registry with a token server of its own at `/token`; `rule` says what the
 * registry answers to whom, by the scope of the token.
 */
async function tokenRegistry(
  rule: (
    scope: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) => void,
): Promise<Fake> {
  const fake = await serve((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x')
    if (url.pathname === '/token') {
      const scope = url.searchParams.get('scope')?.split(':').at(-1) ?? 'none'
      const known = request.headers.authorization
      if (known !== undefined && known !== mine)
        return send(response, 401, denied)
      return send(response, 200, JSON.stringify({ token: scope }))
    }
    const scope = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (scope !== undefined) return rule(scope, request, response)
    response.setHeader(
      'www-authenticate',
      `Bearer realm="http://${request.headers.host}/token",service="s",scope="x"`,
    )
    send(response, 401, denied)
  })
  return fake
}

describe('P7: only what the registry says it does not have is absent', () => {
  test('a 404 with the errors of a registry', async () => {
    const { host } = await serve((_, response) => send(response, 404, unknown))
    expect(await client({}).getManifest(at(host), '1.0.0')).toBeUndefined()
    expect(await client({}).getDigest(at(host), '1.0.0')).toBeUndefined()
  })

  test("a web server's 404 page is not that", async () => {
    const { host } = await serve((_, response) =>
      send(response, 404, '<html>not found</html>'),
    )
    await expect(client({}).getManifest(at(host), '1.0.0')).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_FAILED' }),
    )
    await expect(client({}).getDigest(at(host), '1.0.0')).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_FAILED' }),
    )
  })

  test.each([400, 500, 503])('a %d is an error', async (status) => {
    const { host } = await serve((_, response) => send(response, status))
    await expect(client({}).getManifest(at(host), '1.0.0')).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_FAILED' }),
    )
  })

  test('a 401 is not absence', async () => {
    const { host } = await serve((_, response) => send(response, 401, denied))
    await expect(client({}).getManifest(at(host), '1.0.0')).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_AUTH' }),
    )
  })

  test('what a reader may not see is asked for with the right to push, and is then absent', async () => {
    const { host, seen } = await tokenRegistry((scope, _, response) =>
      scope === 'pull,push'
        ? send(response, 404, unknown)
        : send(response, 401, denied),
    )
    const oci = client({ credential: me })
    expect(await oci.getManifest(at(host), '1.0.0')).toBeUndefined()
    expect(seen.filter((line) => line.includes('/token'))).toHaveLength(2)
  })

  test('P7: a dry run never asks for the right to push', async () => {
    const { host, seen } = await tokenRegistry((_, _request, response) =>
      send(response, 403, denied),
    )
    const oci = client({ credential: me, mayPush: false })
    await expect(oci.getManifest(at(host), '1.0.0')).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_AUTH' }),
    )
    expect(seen.join('\n')).not.toContain('push')
  })

  test('what stays denied names the registry and the input to set', async () => {
    const { host } = await tokenRegistry((_, _request, response) =>
      send(response, 403, denied),
    )
    await expect(
      client({ credential: me }).getManifest(at(host), '1.0.0'),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'REGISTRY_AUTH',
        message: expect.stringMatching(
          new RegExp(`${host}.*a test.*push to.*403.*registry-credentials`),
        ),
      }),
    )
  })
})

describe('authentication', () => {
  test('gets one token for a repository and a right', async () => {
    const { host, seen } = await tokenRegistry((_, _request, response) =>
      send(response, 200, manifest),
    )
    const oci = client({ credential: me })
    await oci.getManifest(at(host), '1.0.0')
    await oci.getManifest(at(host), '1.0.1')
    expect(seen).toEqual([
      'GET /v2/team/chart/manifests/1.0.0 -',
      `GET /token?service=s&scope=repository%3Ateam%2Fchart%3Apull ${mine}`,
      'GET /v2/team/chart/manifests/1.0.0 Bearer pull',
      'GET /v2/team/chart/manifests/1.0.1 Bearer pull',
    ])
  })

  test('gets a new token when the old one has expired', async () => {
    let fresh = true
    const { host, seen } = await tokenRegistry((_, request, response) => {
      if (request.url?.endsWith('1.0.1') && fresh) {
        fresh = false
        response.setHeader(
          'www-authenticate',
          `Bearer realm="http://${request.headers.host}/token"`,
        )
        return send(response, 401, denied)
      }
      send(response, 200, manifest)
    })
    const oci = client({ credential: me })
    await oci.getManifest(at(host), '1.0.0')
    expect(await oci.getManifest(at(host), '1.0.1')).toBeDefined()
    expect(seen.filter((line) => line.includes('/token'))).toHaveLength(2)
  })

  test('works without credentials, and sends none', async () => {
    const { host, seen } = await tokenRegistry((_, _request, response) =>
      send(response, 200, manifest),
    )
    expect(await client({}).getManifest(at(host), '1.0.0')).toBeDefined()
    expect(seen[1]).toMatch(/^GET \/token.* -$/)
  })

  test('says so when the token server refuses the credentials', async () => {
    const { host } = await tokenRegistry(() => {})
    await expect(
      client({ credential: { ...me, password: 'wr0ng' } }).getManifest(
        at(host),
        '1.0.0',
      ),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'REGISTRY_AUTH',
        message: expect.stringContaining('refused the credentials of a test'),
      }),
    )
  })

  test('P8: no token is fetched from another host, and nothing is sent there', async () => {
    const { host, seen } = await serve((_, response) => {
      response.setHeader(
        'www-authenticate',
        'Bearer realm="https://evil.example/token",service="s"',
      )
      send(response, 401, denied)
    })
    await expect(
      client({ credential: me }).getManifest(at(host), '1.0.0'),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'REGISTRY_AUTH',
        message: expect.stringContaining('evil.example'),
      }),
    )
    expect(seen).toHaveLength(1)
  })

  test('can be Basic, and a second 401 then means refused', async () => {
    const { host, seen } = await serve((request, response) => {
      response.setHeader('www-authenticate', 'Basic realm="r"')
      if (request.headers.authorization === mine) send(response, 200, manifest)
      else send(response, 401, denied)
    })
    expect(
      await client({ credential: me }).getManifest(at(host), '1.0.0'),
    ).toBeDefined()
    expect(seen[0]).toMatch(/ -$/)
    await expect(
      client({ credential: { ...me, password: 'x' } }).getManifest(
        at(host),
        '1.0.0',
      ),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'REGISTRY_AUTH',
        message: expect.stringContaining('refused the credentials'),
      }),
    )
  })

  test('P8: an identity token goes in the body of a POST', async () => {
    const { host, seen } = await tokenRegistry((_, _request, response) =>
      send(response, 200, manifest),
    )
    const credential = { ...me, password: '', identityToken: 'refresh' }
    await client({ credential }).getManifest(at(host), '1.0.0')
    expect(seen[1]).toBe('POST /token -')
  })
})

describe('redirects', () => {
  test('P8: lead to other hosts without the credentials', async () => {
    const store = await serve((_, response) => send(response, 200, blob))
    const { host } = await tokenRegistry((_, _request, response) => {
      response.setHeader('location', `http://${store.host}/blob?sig=1`)
      send(response, 307)
    })
    expect(
      Buffer.from(
        await client({ credential: me }).getBlob(at(host), descriptor),
      ),
    ).toEqual(blob)
    expect(store.seen).toEqual(['GET /blob?sig=1 -'])
  })

  test('on the registry itself keep the token', async () => {
    const { host, seen } = await tokenRegistry((_, request, response) => {
      if (request.url === '/elsewhere') return send(response, 200, blob)
      response.setHeader('location', '/elsewhere')
      send(response, 302)
    })
    await client({ credential: me }).getBlob(at(host), descriptor)
    expect(seen.at(-1)).toBe('GET /elsewhere Bearer pull')
  })

  test('P8: back to the registry do not bring the credentials back', async () => {
    let home = ''
    const store = await serve((_, response) => {
      response.setHeader('location', `http://${home}/back`)
      send(response, 307)
    })
    const { host, seen } = await tokenRegistry((_, _request, response) => {
      response.setHeader('location', `http://${store.host}/away`)
      send(response, 307)
    })
    home = host
    await expect(
      client({ credential: me }).getBlob(at(host), descriptor),
    ).rejects.toThrow(expect.objectContaining({ code: 'REGISTRY_FAILED' }))
    expect(seen.at(-1)).toBe('GET /back -')
  })

  test('end after five', async () => {
    const { host, seen } = await serve((_, response) => {
      response.setHeader('location', '/again')
      send(response, 307)
    })
    await expect(client({}).getBlob(at(host), descriptor)).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_FAILED' }),
    )
    expect(seen).toHaveLength(6)
  })

  test('never lead from https to plain HTTP', async () => {
    const asked: string[] = []
    const http: OciClientOptions['http'] = async (url) => {
      asked.push(url)
      return await Promise.resolve({
        status: 307,
        headers: new Headers({ location: 'http://127.0.0.1:1/x' }),
        bytes: async () => await Promise.resolve(new Uint8Array()),
      })
    }
    await expect(
      client({ http }).getBlob(at('registry.example'), descriptor),
    ).rejects.toThrow(/not https/)
    expect(asked).toEqual([
      `https://registry.example/v2/team/chart/blobs/${descriptor.digest}`,
    ])
  })
})

describe('what is served', () => {
  test('by a digest must have that digest', async () => {
    const { host } = await serve((_, response) => send(response, 200, manifest))
    const oci = client({})
    const found = await oci.getManifest(at(host), digestOf(manifest))
    expect(found?.digest).toBe(digestOf(manifest))
    await expect(
      oci.getManifest(at(host), digestOf('something else')),
    ).rejects.toThrow(expect.objectContaining({ code: 'REGISTRY_FAILED' }))
    await expect(
      oci.getBlob(at(host), { ...descriptor, size: 1000 }),
    ).rejects.toThrow(expect.objectContaining({ code: 'REGISTRY_FAILED' }))
  })

  test('under a tag must have the digest that the registry names', async () => {
    const { host } = await serve((_, response) => {
      response.setHeader('docker-content-digest', digestOf('a lie'))
      send(response, 200, manifest)
    })
    await expect(client({}).getManifest(at(host), '1.0.0')).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_FAILED' }),
    )
  })

  test('is not read without end', async () => {
    const { host, seen } = await serve((_, response) => {
      response.writeHead(200)
      const chunk = Buffer.alloc(256 * 1024, 'x')
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    await expect(client({}).getManifest(at(host), '1.0.0')).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_FAILED' }),
    )
    expect(seen).toHaveLength(1)
  })

  test('must be a manifest', async () => {
    const { host } = await serve((_, response) =>
      send(response, 200, '<html>welcome</html>'),
    )
    await expect(client({}).getManifest(at(host), '1.0.0')).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_FAILED' }),
    )
  })
})

describe('P7: what fails for a moment is asked again', () => {
  test.each([429, 500, 503])('after a %d', async (status) => {
    let calls = 0
    const pauses: number[] = []
    const { host } = await serve((_, response) => {
      if (++calls > 1) return send(response, 200, manifest)
      response.setHeader('retry-after', '7')
      send(response, status)
    })
    expect(
      await client({ pauses }).getManifest(at(host), '1.0.0'),
    ).toBeDefined()
    expect(pauses).toEqual([7000])
  })

  test('after a broken connection, before or within the answer', async () => {
    let calls = 0
    const { host } = await serve((request, response) => {
      calls++
      if (calls === 1) return void request.socket.destroy()
      if (calls > 2) return send(response, 200, manifest)
      response.writeHead(200, { 'content-length': '1000' }).write('{')
      setImmediate(() => request.socket.destroy())
    })
    expect(await client({}).getManifest(at(host), '1.0.0')).toBeDefined()
    expect(calls).toBe(3)
  })

  test('and a time-out that stays is TIMED_OUT', async () => {
    const http: OciClientOptions['http'] = async () =>
      await Promise.reject(new DOMException('too slow', 'TimeoutError'))
    await expect(
      client({ http }).getManifest(at('registry.example'), '1.0.0'),
    ).rejects.toThrow(expect.objectContaining({ code: 'TIMED_OUT' }))
  })
})

test('a list of tags is read page by page, from the registry alone', async () => {
  const { host, seen } = await serve((request, response) => {
    if (request.url?.includes('last=a'))
      return send(response, 200, '{"tags":["b"]}')
    response.setHeader(
      'link',
      '<https://evil.example/v2/x/tags/list?last=a&n=1>; rel="next"',
    )
    send(response, 200, '{"tags":["a"]}')
  })
  expect(await client({}).listTags(at(host))).toEqual(['a', 'b'])
  expect(seen).toHaveLength(2)
})

describe('the right to push', () => {
  test('is proven by an upload that opens and is abandoned', async () => {
    const { host, seen } = await tokenRegistry((_, request, response) => {
      response.setHeader('location', '/v2/team/chart/blobs/uploads/u?state=1')
      send(response, request.method === 'POST' ? 202 : 204)
    })
    await client({ credential: me }).provePush(at(host))
    expect(seen.slice(-2)).toEqual([
      'POST /v2/team/chart/blobs/uploads/ Bearer pull,push',
      'DELETE /v2/team/chart/blobs/uploads/u?state=1 Bearer pull,push',
    ])
  })

  test('P8: an upload address on another host gets no credentials', async () => {
    const other = await serve((_, response) => send(response, 204))
    const { host } = await tokenRegistry((_, _request, response) => {
      response.setHeader('location', `http://${other.host}/upload`)
      send(response, 202)
    })
    await client({ credential: me }).provePush(at(host))
    expect(other.seen).toEqual([])
  })

  test('that is missing is REGISTRY_AUTH; on ghcr.io it names permission and settings', async () => {
    const http: OciClientOptions['http'] = async (url) =>
      await Promise.resolve({
        status: url.includes('/token') ? 200 : 403,
        headers: new Headers(),
        bytes: async () => await Promise.resolve(Buffer.from(denied)),
      })
    await expect(
      client({ http, credential: me }).provePush({
        host: 'ghcr.io',
        name: 'owner/repo/chart',
      }),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'REGISTRY_AUTH',
        message: expect.stringMatching(
          /permissions: packages: write.*https:\/\/github\.com\/orgs\/owner\/packages\/container\/repo%2Fchart\/settings/,
        ),
      }),
    )
  })

  test('in a registry that makes no repositories says to create it', async () => {
    const { host } = await serve((_, response) =>
      send(
        response,
        404,
        '{"errors":[{"code":"NAME_UNKNOWN","message":"no such repository"}]}',
      ),
    )
    await expect(client({}).provePush(at(host))).rejects.toThrow(
      /Create it there first/,
    )
  })
})

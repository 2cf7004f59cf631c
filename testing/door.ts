import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFaultList, type Fault, type FaultEffect } from './faults.ts'

export interface DoorRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface DoorResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: Buffer | string
}

/** What was asked, and what was answered. */
export interface Recorded {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** `null`: nothing was answered (yet). */
  status: number | null
}

/** Somebody who looks on; the request waits until they have looked. */
export interface Observer {
  /** Before anything is done, or goes wrong. */
  readonly asked?: (request: Recorded) => Promise<void> | void
  /** Once it is done, before anybody is told so. */
  readonly acted?: (request: Recorded) => Promise<void> | void
}

/** A server on loopback that writes down every request and can be made to fail. */
export interface Door {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly port: number
  /** In the order of their arrival. */
  readonly requests: readonly Recorded[]
  inject(fault: Fault): void
  observe(observer: Observer): void
  /** Forgets faults. */
  heal(): void
  /** Forgets faults and requests. */
  clear(): void
  /**
   * Ends every connection; resolves when the port is free and nothing is at
   * work any more. May be called twice.
   */
  close(): Promise<void>
}

/**
 * Opens a door on a free port, in front of a function that answers. What that
 * throws becomes a 500 with its words.
 */
export async function openDoor(
  handle: (request: DoorRequest) => Promise<DoorResponse>,
): Promise<Door> {
  const faults = createFaultList()
  const requests: Recorded[] = []
  const observers: Observer[] = []
  const atWork = new Set<Promise<void>>()
  const server = createServer((incoming, outgoing) => {
    const work = serve(incoming, outgoing).finally(() => atWork.delete(work))
    atWork.add(work)
  })
  // A client may keep a connection: closed by time, it would sometimes be
  // closed under the next request.
  server.keepAliveTimeout = 0
  const serve = async (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> => {
    const { method = 'GET', url: path = '/' } = incoming
    const headers = plainHeaders(incoming)
    const record: Recorded = { method, path, headers, status: null }
    requests.push(record)
    const effect = faults.strike(method, path)
    try {
      const body = await readBody(incoming)
      for (const { asked } of observers) await asked?.(record)
      const answer = async (): Promise<DoorResponse> => {
        const answered = await handle({
          method,
          path,
          url: addressOf(path, headers['host'] ?? 'localhost'),
          headers,
          body,
        })
        for (const { acted } of observers) await acted?.(record)
        return answered
      }
      await respond({ incoming, outgoing, record }, effect, answer)
    } catch (thrown) {
      if (outgoing.headersSent) incoming.destroy()
      else send({ outgoing, record }, { status: 500, body: String(thrown) })
    }
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      server.close((fault) => {
        if (fault === undefined) resolve()
        else reject(fault)
      })
      server.closeAllConnections()
    })
    await Promise.all(atWork)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    inject: faults.inject,
    observe: (observer) => {
      observers.push(observer)
    },
    heal: faults.clear,
    clear: () => {
      faults.clear()
      requests.length = 0
    },
    close: async () => await (closed ??= close()),
  }
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly record: Recorded
}

async function respond(
  exchange: Exchange,
  effect: FaultEffect | undefined,
  answer: () => Promise<DoorResponse>,
): Promise<void> {
  switch (effect?.kind) {
    case undefined:
      send(exchange, await answer())
      return
    case 'status':
      send(exchange, effect)
      return
    case 'reset':
      if (effect.when === 'after') await answer()
      exchange.incoming.socket.resetAndDestroy()
      return
    case 'truncate': {
      const { status, headers, body = '' } = await answer()
      const bytes = Buffer.from(body)
      exchange.outgoing.writeHead(status, {
        ...lowerCased(headers),
        'content-length': Math.max(bytes.length, 2),
      })
      exchange.outgoing.write(bytes.subarray(0, bytes.length >> 1), () => {
        exchange.incoming.socket.destroy()
      })
      return
    }
    case 'hang':
  }
}

function send(
  { outgoing, record }: Pick<Exchange, 'outgoing' | 'record'>,
  { status, headers, body = '' }: DoorResponse,
): void {
  // The client is gone: nobody was answered.
  if (outgoing.destroyed) return
  record.status = status
  const bytes = Buffer.from(body)
  const bodiless = status === 204 || status === 304
  // The answer to a HEAD says how long the body would be.
  const length = bodiless ? {} : { 'content-length': bytes.length }
  outgoing.writeHead(status, { ...length, ...lowerCased(headers) })
  outgoing.end(bodiless || record.method === 'HEAD' ? undefined : bytes)
}

/** The path is the request's own, even where it looks like a host: `//name`. */
function addressOf(path: string, host: string): URL {
  return new URL(path.startsWith('/') ? `http://${host}${path}` : path)
}

/** One spelling, or `content-length` could be sent twice. */
function lowerCased(
  headers: DoorResponse['headers'] = {},
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'string' ? value : [...value],
    ]),
  )
}

function plainHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined)
      headers[name] = Array.isArray(value) ? value.join(', ') : value
  return headers
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

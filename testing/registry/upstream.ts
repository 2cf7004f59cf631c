import type { DoorRequest, DoorResponse } from '../door.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

/** Headers of one connection, and what `fetch` sets itself. */
const notForwarded = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'x-registry-instance',
])

/**
 * Has the registry at this URL answer, over kept connections. Its `Location`s
 * are relative, so they lead the client back through the door.
 */
export async function forward(
  url: string,
  { method, path, headers, body }: DoorRequest,
): Promise<DoorResponse> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: Object.fromEntries(
      Object.entries(headers).filter(([name]) => !notForwarded.has(name)),
    ),
    redirect: 'manual',
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  })
  return {
    status: answer.status,
    headers: Object.fromEntries(
      [...answer.headers].filter(
        ([name]) =>
          !notForwarded.has(name) ||
          (name === 'content-length' && method === 'HEAD'),
      ),
    ),
    body: Buffer.from(await answer.arrayBuffer()),
  }
}

/** In the registry's order; empty also when there is no such repository. */
export async function listTags(
  url: string,
  repository: string,
): Promise<readonly string[]> {
  const found = await fetch(`${url}/v2/${repository}/tags/list`)
  if (found.status === 404) {
    await found.arrayBuffer()
    return []
  }
  if (!found.ok) throw new Error(`tags of ${repository}: ${found.status}`)
  const { tags } = (await found.json()) as { tags: string[] | null }
  return tags ?? []
}

/** A manifest as it is stored. */
export interface StoredManifest {
  readonly digest: string
  readonly content: unknown
}

/** `null`: there is no such manifest. */
export async function readManifest(
  url: string,
  { repository, reference }: { repository: string; reference: string },
): Promise<StoredManifest | null> {
  const found = await fetch(`${url}/v2/${repository}/manifests/${reference}`, {
    headers: { accept: MANIFEST },
  })
  if (found.status === 404) {
    await found.arrayBuffer()
    return null
  }
  if (!found.ok) throw new Error(`${repository}:${reference}: ${found.status}`)
  return {
    digest: found.headers.get('docker-content-digest') ?? '',
    content: await found.json(),
  }
}

import { readManifest } from './upstream.ts'

/** A tag of a repository: `owner/repo/chart` and `1.2.3`. */
export interface TagPlace {
  readonly repository: string
  readonly tag: string
}

interface Content {
  readonly mediaType?: string
  readonly config: { readonly digest: string }
  readonly layers: readonly { readonly digest: string }[]
}

/** Points a tag at what another one holds, blobs and all. */
export async function replaceTag(
  url: string,
  at: TagPlace,
  by: TagPlace,
): Promise<void> {
  const found = await readManifest(url, {
    repository: by.repository,
    reference: by.tag,
  })
  if (found === null) throw new Error(`no ${by.repository}:${by.tag}`)
  const { config, layers, mediaType } = found.content as Content
  const send = async (method: string, path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${url}/v2/${at.repository}/${path}`, {
      method,
      ...init,
    })
    await answer.arrayBuffer()
    if (answer.status !== 201)
      throw new Error(`${method} ${path}: ${answer.status}`)
  }
  for (const { digest } of [config, ...layers])
    await send(
      'POST',
      `blobs/uploads/?mount=${digest}&from=${encodeURIComponent(by.repository)}`,
    )
  await send('PUT', `manifests/${at.tag}`, {
    headers: {
      'content-type': mediaType ?? 'application/vnd.oci.image.manifest.v1+json',
    },
    body: JSON.stringify(found.content),
  })
}

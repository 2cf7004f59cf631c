import { messageOf, ReleaseError } from '../errors.ts'
import type { OciClient } from './client.ts'
import {
  chartOf,
  type ChartManifest,
  kindOf,
  type Manifest,
} from './manifest.ts'
import type { Repository } from './reference.ts'

/** What one client sees of a tag. */
export type View =
  | {
      readonly state: 'served'
      readonly manifest: Manifest
      readonly chart: ChartManifest
    }
  /** Not for this client; a stranger cannot tell private from missing. */
  | { readonly state: 'denied'; readonly words: string }
  | { readonly state: 'absent' }
  /** Under the tag lies something that is no chart. */
  | { readonly state: 'other'; readonly words: string }
  /** The network's or the registry's fault: nothing is known (P7). */
  | { readonly state: 'trouble'; readonly words: string }

/** Looks at a tag with the rights of a client. Never rejects for an answer. */
export async function viewTag(
  client: Pick<OciClient, 'getManifest'>,
  at: Repository,
  tag: string,
): Promise<View> {
  try {
    const manifest = await client.getManifest(at, tag)
    if (manifest === undefined) return { state: 'absent' }
    const chart = chartOf(manifest)
    return chart === null
      ? { state: 'other', words: kindOf(manifest) }
      : { state: 'served', manifest, chart }
  } catch (thrown) {
    const denied =
      thrown instanceof ReleaseError && thrown.code === 'REGISTRY_AUTH'
    return { state: denied ? 'denied' : 'trouble', words: messageOf(thrown) }
  }
}

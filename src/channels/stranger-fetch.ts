import { downloadFile, StatusError } from '../download.ts'
import { messageOf, ReleaseError } from '../errors.ts'
import type { GitHub } from '../github/client.ts'
import { judgeStatus } from '../retry.ts'

/** What somebody without any rights gets from an address. */
export type Fetched =
  | { readonly state: 'served'; readonly bytes: Uint8Array }
  /** A page for people, where a file was asked for. */
  | { readonly state: 'page' }
  | {
      readonly state: 'refused'
      readonly status: number
      readonly words: string
    }
  /** The network's or the server's fault: nothing is known (P7). */
  | {
      readonly state: 'trouble'
      readonly words: string
      /** That of a connection which failed: `ENOTFOUND`, `CERT_HAS_EXPIRED`. */
      readonly code: string | null
    }

export interface FetchOrder {
  readonly url: string
  /** Sent to this very host only. No header ever carries a login. */
  readonly headers?: Readonly<Record<string, string>>
  /** Ask again after these, because what was just made may not be seen yet. */
  readonly retryStatuses?: readonly number[]
  /** For one attempt. Default: 300. */
  readonly timeoutSeconds?: number
}

type Ports = Pick<GitHub, 'http' | 'retry' | 'clock'>

/** Fetches as a stranger, following redirects. Never rejects. */
export async function fetchAsStranger(
  ports: Ports,
  order: FetchOrder,
): Promise<Fetched> {
  try {
    const bytes = await downloadFile(ports, {
      ...order,
      fail: (words, cause) =>
        new ReleaseError('VERIFY_BROKEN', words, { cause }),
    })
    const start = Buffer.from(bytes.subarray(0, 256)).toString()
    return /^\s*<(?:!doctype\s+html|html|head|body)\b/i.test(
      start.replace(/^\uFEFF/, ''),
    )
      ? { state: 'page' }
      : { state: 'served', bytes }
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.cause : undefined
    if (!(cause instanceof StatusError)) return troubleOf(cause ?? thrown)
    const { status, headers } = cause.response
    const passing = judgeStatus(
      status,
      (name) => headers.get(name),
      ports.clock.now(),
    ).again
    const { message: words } = cause
    return passing
      ? { state: 'trouble', words, code: null }
      : { state: 'refused', status, words }
  }
}

/** `fetch` says that it failed; its cause says how. */
function troubleOf(thrown: unknown): Fetched {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  const { code } = (cause ?? thrown) as { readonly code?: unknown }
  const name = typeof code === 'string' ? code : null
  // Of several addresses that failed, only the code is told.
  const how = cause === undefined ? '' : messageOf(cause) || (name ?? '')
  return {
    state: 'trouble',
    words: how === '' ? messageOf(thrown) : `${messageOf(thrown)}: ${how}`,
    code: name,
  }
}

import { createHash } from 'node:crypto'
import type { Digest } from './model.ts'

/** The SHA-256 of these bytes. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** Is this `sha256:` and 64 lower-case hex digits? */
export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value)
}

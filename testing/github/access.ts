import { Refusal, notFound } from './answer.ts'
import type { Hub, Level, Scope } from './hub.ts'

/** Who asks: nobody known, or the holder of the token. */
export type Asker = 'anonymous' | 'token'

export interface Need {
  readonly scope: Scope
  readonly write: boolean
}

/** Reads the credentials in every form that GitHub takes; wrong ones are 401. */
export function identify(hub: Hub, authorization: string | undefined): Asker {
  if (authorization === undefined) return 'anonymous'
  const [scheme = '', value = ''] = authorization.split(' ', 2)
  const token = /^basic$/i.test(scheme)
    ? Buffer.from(value, 'base64').toString().split(':').slice(1).join(':')
    : value
  if (/^(basic|bearer|token)$/i.test(scheme) && token === hub.token)
    return 'token'
  throw new Refusal(401, 'Bad credentials')
}

/** Throws what GitHub answers somebody who may not do that. */
export function authorize(hub: Hub, asker: Asker, need: Need): void {
  if (asker === 'anonymous') {
    // The settings of Pages are never public, and a private repository must
    // not even be known to exist.
    if (hub.visibility !== 'public' || need.scope === 'pages') throw notFound()
    if (need.write) throw new Refusal(401, 'Requires authentication')
    return
  }
  // A job's token is asked for what everybody may read without one.
  const guarded = need.scope === 'pages' || need.scope === 'deployments'
  const readable = hub.visibility === 'public' && !guarded
  if (!need.write && readable) return
  if (!may(hub, need.scope, need.write ? 'write' : 'read'))
    throw new Refusal(403, 'Resource not accessible by integration')
}

/** May this asker push, and so see drafts? */
export function mayPush(hub: Hub, asker: Asker): boolean {
  return asker === 'token' && may(hub, 'contents', 'write')
}

function may(hub: Hub, scope: Scope, wanted: Level): boolean {
  const levels: readonly Level[] = ['none', 'read', 'write']
  const given = hub.permissions.get(scope) ?? 'none'
  return levels.indexOf(given) >= levels.indexOf(wanted)
}

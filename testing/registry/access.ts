import { randomBytes } from 'node:crypto'
import type { DoorRequest, DoorResponse } from '../door.ts'

/** Who may do what, as at ghcr.io. */
export interface AccessRules {
  readonly users: Readonly<Record<string, string>>
  /** Users who may pull everything but push nothing. */
  readonly readers: ReadonlySet<string>
  /** May strangers pull from it? Asked only of repositories that exist. */
  isPublic(repository: string): boolean
  exists(repository: string): Promise<boolean>
}

/** Token authentication: https://distribution.github.io/distribution/spec/auth/token/ */
export interface Access {
  /** Answers `GET /token`. */
  grant(request: DoorRequest): Promise<DoorResponse>
  /** A refusal, or `undefined` when this request may pass. */
  refuse(request: DoorRequest): DoorResponse | undefined
}

interface Granted {
  readonly repository: string
  readonly actions: ReadonlySet<string>
}

export function createAccess(rules: AccessRules): Access {
  const tokens = new Map<string, readonly Granted[]>()
  return {
    grant: async ({ url, headers }) => {
      const user = readUser(headers['authorization'], rules.users)
      if (user === 'wrong')
        return json(401, errors('UNAUTHORIZED', 'bad credentials'))
      const granted: Granted[] = []
      for (const scope of url.searchParams.getAll('scope')) {
        const wanted = /^repository:([^:]+):([a-z,*]+)$/.exec(scope)
        if (wanted === null) continue
        const [, repository = '', list = ''] = wanted
        const open =
          (await rules.exists(repository)) && rules.isPublic(repository)
        // A private package and a missing one are denied alike.
        if (user === undefined && !open)
          return json(403, errors('DENIED', 'requested access is denied'))
        const actions = list
          .split(',')
          .filter((action) =>
            action === 'pull'
              ? true
              : user !== undefined && !rules.readers.has(user),
          )
        granted.push({ repository, actions: new Set(actions) })
      }
      const token = randomBytes(16).toString('hex')
      tokens.set(token, granted)
      return json(200, { token, expires_in: 300 })
    },

    refuse: (request) => {
      const wanted = needs(request)
      const [, token = ''] =
        /^Bearer (\S+)$/i.exec(request.headers['authorization'] ?? '') ?? []
      const granted = tokens.get(token)
      if (wanted === undefined)
        return granted === undefined ? challenge(request, '') : undefined
      const allowed = granted?.some(
        ({ repository, actions }) =>
          repository === wanted.repository && actions.has(wanted.action),
      )
      if (allowed === true) return undefined
      return challenge(
        request,
        `,scope="repository:${wanted.repository}:${wanted.action === 'push' ? 'pull,push' : 'pull'}"`,
      )
    },
  }
}

function readUser(
  authorization: string | undefined,
  users: AccessRules['users'],
): string | undefined {
  const basic = /^Basic (\S+)$/i.exec(authorization ?? '')?.[1]
  if (basic === undefined) return undefined
  const text = Buffer.from(basic, 'base64').toString()
  const at = text.indexOf(':')
  const user = text.slice(0, at)
  return Object.hasOwn(users, user) && users[user] === text.slice(at + 1)
    ? user
    : 'wrong'
}

function needs({
  method,
  url,
}: DoorRequest):
  | { readonly repository: string; readonly action: 'pull' | 'push' }
  | undefined {
  const found = /^\/v2\/(.+?)\/(?:manifests|blobs|tags|referrers)\//.exec(
    url.pathname,
  )
  if (found === null) return undefined
  return {
    repository: found[1] as string,
    action: method === 'GET' || method === 'HEAD' ? 'pull' : 'push',
  }
}

function challenge(request: DoorRequest, scope: string): DoorResponse {
  const { origin, host } = request.url
  return {
    ...json(401, errors('UNAUTHORIZED', 'authentication required')),
    headers: {
      'content-type': 'application/json',
      'www-authenticate': `Bearer realm="${origin}/token",service="${host}"${scope}`,
    },
  }
}

function errors(code: string, message: string): object {
  return { errors: [{ code, message }] }
}

function json(status: number, body: object): DoorResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

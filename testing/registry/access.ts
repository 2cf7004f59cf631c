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
  /** A token or a refusal; `undefined` when this request may pass. */
  answer(request: DoorRequest): Promise<DoorResponse | undefined>
}

interface Token {
  /** `undefined`: a stranger's. */
  readonly user: string | undefined
  readonly scopes: readonly Scope[]
}

interface Scope {
  readonly repository: string
  /** What was asked for: more than is granted to some. */
  readonly asked: ReadonlySet<string>
}

export function createAccess(rules: AccessRules): Access {
  const tokens = new Map<string, Token>()

  const grant = async ({ url, headers }: DoorRequest) => {
    const user = readUser(headers['authorization'], rules.users)
    if (user === 'wrong') return json(403, errors('DENIED', 'denied'))
    const scopes = url.searchParams.getAll('scope').flatMap(readScope)
    for (const { repository } of scopes)
      // A private package and a missing one are denied alike.
      if (
        user === undefined &&
        !((await rules.exists(repository)) && rules.isPublic(repository))
      )
        return json(403, errors('DENIED', 'requested access is denied'))
    const token = randomBytes(16).toString('hex')
    tokens.set(token, { user, scopes })
    return json(200, { token, expires_in: 300 })
  }

  const refuse = (request: DoorRequest): DoorResponse | undefined => {
    const wanted = needs(request)
    const token = tokens.get(
      /^Bearer (\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1] ?? '',
    )
    if (wanted === undefined)
      return token === undefined ? challenge(request, '') : undefined
    const { repository, action } = wanted
    const scope = `,scope="repository:${repository}:${action === 'push' ? 'pull,push' : 'pull'}"`
    const asked = token?.scopes.some(
      (one) => one.repository === repository && one.asked.has(action),
    )
    // A token for less: the client shall come back with one for this.
    if (token === undefined || asked !== true) return challenge(request, scope)
    if (action === 'pull') return undefined
    if (token.user === undefined) return challenge(request, scope)
    return rules.readers.has(token.user)
      ? json(403, errors('DENIED', 'permission_denied: write_package'))
      : undefined
  }

  return {
    answer: async (request) => {
      if (request.url.pathname !== '/token') return refuse(request)
      // Helm 3 asks with OAuth2 first, which is no part of this: it then GETs.
      return request.method === 'GET' ? await grant(request) : { status: 405 }
    },
  }
}

/** A user, `undefined` without credentials, `wrong` for any that are not right. */
function readUser(
  authorization: string | undefined,
  users: AccessRules['users'],
): string | undefined {
  if (authorization === undefined) return undefined
  const basic = /^Basic (\S+)$/i.exec(authorization)?.[1] ?? ''
  const text = Buffer.from(basic, 'base64').toString()
  const at = text.indexOf(':')
  const user = text.slice(0, at)
  return users[user] === text.slice(at + 1) ? user : 'wrong'
}

function readScope(text: string): readonly Scope[] {
  const [, repository, list] =
    /^repository:([^:]+):([a-z,*]+)$/.exec(text) ?? []
  return repository === undefined || list === undefined
    ? []
    : [{ repository, asked: new Set(list.split(',')) }]
}

function needs({
  method,
  url,
}: DoorRequest):
  | { readonly repository: string; readonly action: 'pull' | 'push' }
  | undefined {
  const found = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(
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

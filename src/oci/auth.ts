import { ReleaseError } from '../errors.ts'
import { type Challenge, checkRealm, parseChallenges } from './challenge.ts'
import type { Credential, Credentials } from './credentials.ts'
import {
  type Access,
  refusedCredentials,
  type Refusal,
  wordsOf,
} from './denial.ts'
import type { Answer, Exchange } from './exchange.ts'
import { readObject } from './manifest.ts'
import { canonicalHost, type Repository } from './reference.ts'

/** `Authorization` headers for one registry after the other. */
export interface Authorizer {
  /** The header that an earlier challenge gave, if any. */
  current(at: Repository, access: Access): string | undefined
  /** Answers a 401's `WWW-Authenticate`; `undefined`: nothing to answer with. */
  answer(
    at: Repository,
    access: Access,
    challenge: string,
  ): Promise<string | undefined>
}

/**
 * The client's half of registry authentication: Basic, and tokens by
 * https://distribution.github.io/distribution/spec/auth/token/. A token is
 * kept for its repository and right. Throws `REGISTRY_AUTH` when the token
 * server refuses, or stands where no credentials may go.
 */
export function createAuthorizer(
  exchange: Exchange,
  credentials: Pick<Credentials, 'forHost'>,
): Authorizer {
  const headers = new Map<string, string>()
  const key = (at: Repository, access: Access): string =>
    `${canonicalHost(at.host)} ${at.name} ${access}`
  return {
    current: (at, access) => headers.get(key(at, access)),
    answer: async (at, access, challenge) => {
      const challenges = parseChallenges(challenge)
      const credential = credentials.forHost(at.host)
      const bearer = challenges.find(({ scheme }) => scheme === 'bearer')
      const header =
        bearer === undefined
          ? basicHeader(challenges, credential)
          : `Bearer ${await fetchToken(exchange, bearer, { at, access, credential })}`
      if (header !== undefined) headers.set(key(at, access), header)
      return header
    },
  }
}

function basicHeader(
  challenges: readonly Challenge[],
  credential: Credential | undefined,
): string | undefined {
  const asked = challenges.some(({ scheme }) => scheme === 'basic')
  return asked && credential !== undefined && credential.password !== ''
    ? basic(credential)
    : undefined
}

function basic({ username, password }: Credential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

async function fetchToken(
  exchange: Exchange,
  challenge: Challenge,
  wanted: Omit<Refusal, 'answer'>,
): Promise<string> {
  const { at, credential } = wanted
  const realm = challenge.parameters.get('realm')
  if (realm === undefined)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `${at.host} asks for a token but does not say where to get one (no realm in WWW-Authenticate).`,
    )
  const url = checkRealm(realm, at.host)
  const what = `token of ${at.host} for ${wanted.access} on ${at.name}`
  const answer = await exchange({
    what,
    ...tokenRequest(url, challenge.parameters.get('service'), wanted),
  })
  if (answer.status === 401 || answer.status === 403)
    throw refusedCredentials({ ...wanted, answer })
  // Not every token server knows the POST of an identity token.
  if (answer.status !== 200)
    throw new ReleaseError(
      'REGISTRY_FAILED',
      `${what}: ${url.host} answered ${wordsOf(answer)}${credential?.identityToken === undefined ? '' : ' to an identity token; log in to that registry with a username and a password instead'}.`,
    )
  return readToken(answer, what)
}

/** An identity token is a refresh token of OAuth 2 and goes by POST. */
function tokenRequest(
  realm: URL,
  service: string | undefined,
  { at, access, credential }: Omit<Refusal, 'answer'>,
): Pick<Parameters<Exchange>[0], 'url' | 'method' | 'headers' | 'body'> {
  const scope = `repository:${at.name}:${access}`
  if (credential?.identityToken !== undefined)
    return {
      url: realm,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'chart-release-action',
        service: service ?? at.host,
        scope,
        refresh_token: credential.identityToken,
      }).toString(),
    }
  const url = new URL(realm)
  if (service !== undefined) url.searchParams.set('service', service)
  url.searchParams.set('scope', scope)
  return {
    url,
    headers:
      credential === undefined ? {} : { authorization: basic(credential) },
  }
}

function readToken(answer: Answer, what: string): string {
  const found = readObject(answer.body)
  for (const token of [found?.['token'], found?.['access_token']])
    // What goes into a header must not end it.
    if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token
  throw new ReleaseError(
    'REGISTRY_FAILED',
    `${what}: the answer carries no token.`,
  )
}

import { ReleaseError } from '../errors.ts'
import type { HttpRequest } from '../http.ts'
import { isLoopback } from '../loopback.ts'
import type { Digest } from '../model.ts'
import { createAuthorizer } from './auth.ts'
import type { Credentials } from './credentials.ts'
import { type Access, noAccess, refusedCredentials } from './denial.ts'
import type { Answer, Exchange, Question } from './exchange.ts'
import { apiRoot, canonicalHost, type Repository } from './reference.ts'

/** One request to a repository's API. */
export interface Call extends Pick<
  Question,
  'what' | 'headers' | 'body' | 'limit' | 'timeoutSeconds'
> {
  readonly at: Repository
  readonly method: NonNullable<HttpRequest['method']>
  /** Below `/v2/NAME/`. */
  readonly path: string
  /** Default: `pull`. */
  readonly access?: Access
}

/** Requests with the right credentials, to the right hosts only. */
export interface Session {
  /**
   * The answer, once authentication is settled. Follows redirects of reading
   * requests. Throws `REGISTRY_AUTH` for a 401 or 403 that stays.
   */
  ask(call: Call): Promise<Answer>
  /** Ends an upload with all of its bytes, at the address that it was given. */
  upload(at: Repository, location: string, blob: Blob): Promise<Answer>
  /** Abandons an upload, when its address is the registry's own. */
  cancel(at: Repository, location: string): Promise<void>
}

/** What is uploaded in one request. */
export interface Blob {
  readonly digest: Digest
  readonly bytes: Uint8Array
}

const MOST_REDIRECTS = 5

export function createSession(options: {
  readonly exchange: Exchange
  readonly credentials: Pick<Credentials, 'forHost'>
  readonly mayPush: boolean
}): Session {
  const { exchange, credentials } = options
  const authorizer = createAuthorizer(exchange, credentials)
  /** Repositories where we may push: from then on we look with that right. */
  const pushable = new Set<string>()

  const authorized = async (
    at: Repository,
    access: Access,
    question: Question,
  ): Promise<Answer> => {
    const send = async (authorization: string | undefined): Promise<Answer> =>
      await exchange({
        ...question,
        headers: {
          ...question.headers,
          ...(authorization === undefined ? {} : { authorization }),
        },
      })
    const answer = await send(authorizer.current(at, access))
    const challenge = answer.header('www-authenticate')
    if (answer.status !== 401 || challenge === null) return answer
    const authorization = await authorizer.answer(at, access, challenge)
    return authorization === undefined ? answer : await send(authorization)
  }

  return {
    ask: async (call) => {
      const { at, method } = call
      const question: Question = {
        ...pickQuestion(call),
        what: `${method} ${call.what}`,
        url: new URL(`${at.name}/${call.path}`, apiRoot(at.host)),
      }
      const place = `${canonicalHost(at.host)}/${at.name}`
      const credential = credentials.forHost(at.host)
      let access: Access = pushable.has(place)
        ? 'pull,push'
        : (call.access ?? 'pull')
      let answer = await authorized(at, access, question)
      // The token server knew us, the registry says no: the repository is not
      // visible to us, or not there. Who may push is told which (P7).
      if (
        isDenied(answer) &&
        access === 'pull' &&
        options.mayPush &&
        credential !== undefined
      ) {
        access = 'pull,push'
        answer = await authorized(at, access, question)
      }
      if (isDenied(answer)) {
        // Basic credentials are judged by the registry itself, by its 401.
        const basic = /^basic\b/i.test(answer.header('www-authenticate') ?? '')
        const refuse =
          answer.status === 401 && basic ? refusedCredentials : noAccess
        throw refuse({ at, access, credential, answer })
      }
      if (access === 'pull,push') pushable.add(place)
      if (method !== 'GET' && method !== 'HEAD') return answer
      return await follow(answer, question, {
        own: async (next) => await authorized(at, access, next),
        foreign: exchange,
      })
    },
    upload: async (at, location, { digest, bytes }) => {
      const root = apiRoot(at.host)
      const url = new URL(location, root)
      const own = url.origin === root.origin
      if (!own && url.protocol !== 'https:' && !isPlain(url))
        throw new ReleaseError(
          'REGISTRY_FAILED',
          `${at.host} wants an upload to go to ${url.protocol}//${url.host}, which is not https.`,
        )
      const question: Question = {
        what: `PUT upload to ${at.host}/${at.name}`,
        method: 'PUT',
        // What stands in its query is the registry's, to the letter.
        url: new URL(
          `${url.href}${url.search === '' ? '?' : '&'}digest=${digest}`,
        ),
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes,
      }
      return own
        ? await authorized(at, 'pull,push', question)
        : await exchange(question)
    },
    cancel: async (at, location) => {
      const root = apiRoot(at.host)
      const url = new URL(location, root)
      if (url.origin !== root.origin) return
      await authorized(at, 'pull,push', {
        what: `DELETE upload to ${at.host}/${at.name}`,
        method: 'DELETE',
        url,
      })
    },
  }
}

function isDenied({ status }: Answer): boolean {
  return status === 401 || status === 403
}

function pickQuestion(call: Call): Omit<Question, 'what' | 'url'> {
  const { method, headers, body, limit, timeoutSeconds } = call
  return {
    method,
    headers: headers ?? {},
    ...(body === undefined ? {} : { body }),
    ...(limit === undefined ? {} : { limit }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  }
}

/**
 * Follows redirects to wherever the registry keeps its blobs: without the
 * credentials once it has left the registry, and never from https down to
 * plain HTTP.
 */
async function follow(
  first: Answer,
  question: Question,
  send: { readonly own: Exchange; readonly foreign: Exchange },
): Promise<Answer> {
  let answer = first
  let { url } = question
  let left = false
  for (let hops = 0; isRedirect(answer); hops++) {
    const location = answer.header('location')
    if (location === null || !URL.canParse(location, url.href)) return answer
    const next = new URL(location, url)
    left ||= next.origin !== url.origin
    if (hops >= MOST_REDIRECTS)
      throw new ReleaseError(
        'REGISTRY_FAILED',
        `${question.what}: over ${MOST_REDIRECTS} redirects.`,
      )
    if (next.protocol !== 'https:' && !(isPlain(next) && isPlain(question.url)))
      throw new ReleaseError(
        'REGISTRY_FAILED',
        `${question.what}: a redirect to ${next.protocol}//${next.host}, which is not https, is not followed.`,
      )
    url = next
    answer = await (left ? send.foreign : send.own)({
      ...question,
      what: `${question.what} (redirected to ${url.host})`,
      url,
    })
  }
  return answer
}

/** Plain HTTP, on this machine. */
function isPlain(url: URL): boolean {
  return url.protocol === 'http:' && isLoopback(url.host)
}

function isRedirect({ status }: Answer): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

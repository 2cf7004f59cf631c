import type { DoorRequest, DoorResponse } from '../door.ts'
import { identify, mayPush } from './access.ts'
import { Refusal } from './answer.ts'
import type { Hub } from './hub.ts'

/**
 * `git clone` and `git push` over HTTP, as git's own CGI program answers them
 * (https://git-scm.com/docs/git-http-backend). `null`: the request is none of
 * git's. Whoever may not do that is asked for a login, as GitHub does.
 */
export async function answerGit(
  hub: Hub,
  request: DoorRequest,
): Promise<DoorResponse | null> {
  const { pathname, searchParams } = request.url
  const [, owner, repo, place] =
    /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-(?:upload|receive)-pack)$/.exec(
      pathname,
    ) ?? []
  if (place === undefined || owner !== hub.owner || repo !== hub.repo)
    return null
  const service = searchParams.get('service') ?? place.slice(1)
  const user = userOf(hub, request)
  const allowed =
    service === 'git-receive-pack'
      ? user !== null
      : hub.visibility === 'public' || user !== null
  if (!allowed)
    return {
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="GitHub"' },
    }
  const answer = await hub.git(['http-backend'], {
    input: request.body,
    env: {
      GIT_PROJECT_ROOT: (await hub.git(['rev-parse', '--absolute-git-dir']))
        .toString()
        .trimEnd(),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: place,
      QUERY_STRING: request.url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: String(request.body.length),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      HTTP_GIT_PROTOCOL: request.headers['git-protocol'] ?? '',
      REMOTE_ADDR: '127.0.0.1',
      // With a name, that program lets push.
      ...(user === null ? {} : { REMOTE_USER: user }),
    },
  })
  return responseOf(answer)
}

/** Who may push; `null`: anybody else. */
function userOf(hub: Hub, { headers }: DoorRequest): string | null {
  try {
    const asker = identify(hub, headers['authorization'])
    return mayPush(hub, asker) ? hub.login : null
  } catch (thrown) {
    if (thrown instanceof Refusal) return null
    throw thrown
  }
}

/** Headers, an empty line and the body, as every CGI program writes them. */
function responseOf(answer: Buffer): DoorResponse {
  const end = answer.indexOf('\r\n\r\n')
  const headers = Object.fromEntries(
    answer
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => {
        const at = line.indexOf(':')
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
      }),
  )
  const { status = '200', ...rest } = headers
  return {
    status: Number.parseInt(status, 10),
    headers: rest,
    body: answer.subarray(end + 4),
  }
}

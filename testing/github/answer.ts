import type { DoorResponse } from '../door.ts'

/** How GitHub says no: thrown by whoever notices, answered by the front. */
export class Refusal extends Error {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.body = {
      message,
      ...more,
      documentation_url: 'https://docs.github.com/rest',
      status: String(status),
    }
  }
}

export interface Problem {
  readonly resource: 'PullRequest' | 'Release' | 'ReleaseAsset'
  readonly code: 'already_exists' | 'missing_field' | 'invalid' | 'custom'
  readonly field?: string
  readonly message?: string
}

/** 422 `Validation Failed`, with GitHub's list of what is wrong. */
export function validationFailed(problem: Problem): Refusal {
  return new Refusal(422, 'Validation Failed', { errors: [problem] })
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found')
}

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): DoorResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}

/**
 * A file's bytes. GitHub calls them UTF-8 whatever they are, so that octokit
 * makes text of them: without a byte order mark, and lossy when they are not.
 */
export function raw(content: Buffer): DoorResponse {
  const type = 'application/vnd.github.raw+json; charset=utf-8'
  return { status: 200, headers: { 'content-type': type }, body: content }
}

export function noContent(): DoorResponse {
  return { status: 204 }
}

export function refuse(refusal: Refusal): DoorResponse {
  return json(refusal.status, refusal.body)
}

import { randomBytes } from 'node:crypto'
import { mayPush } from './access.ts'
import { json, noContent, notFound, validationFailed } from './answer.ts'
import type { Hub } from './hub.ts'
import { generateNotes } from './notes.ts'
import { listRefs } from './refs.ts'
import { type MakeLatest, latestRelease } from './latest.ts'
import { releaseJson } from './release-json.ts'
import {
  type Release,
  type ReleaseFields,
  changeRelease,
  removeRelease,
  timestamp,
} from './release.ts'
import {
  type Call,
  type Route,
  bodyOf,
  flagField,
  invalidRequest,
  listPage,
  textField,
} from './route.ts'

/** https://docs.github.com/rest/releases/releases */
export const releaseRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/releases',
    scope: 'contents',
    handle: (hub, call) =>
      listPage(
        call,
        hub.releases
          .filter(({ draft }) => !draft || mayPush(hub, call.asker))
          .toSorted((a, b) => b.id - a.id)
          .map((release) => releaseJson(hub, release)),
      ),
  },
  {
    method: 'POST',
    path: '/releases',
    scope: 'contents',
    handle: async (hub, call) => {
      const body = bodyOf(call)
      const fields = fieldsOf(body)
      const release = await beginRelease(hub, fields)
      if (body['generate_release_notes'] === true) {
        const notes = await generateNotes(hub, {
          tag: release.tag,
          target: release.target,
        })
        release.name ??= notes.name
        release.body = [release.body, notes.body]
          .filter((part) => part !== null)
          .join('\n\n')
      }
      return json(201, releaseJson(hub, release), {
        location: String(releaseJson(hub, release)['url']),
      })
    },
  },
  {
    method: 'POST',
    path: '/releases/generate-notes',
    scope: 'contents',
    handle: async (hub, call) => {
      const body = bodyOf(call)
      const notes = await generateNotes(hub, {
        tag: textField(body, 'tag_name') ?? '',
        target: textField(body, 'target_commitish'),
        previous: textField(body, 'previous_tag_name'),
      })
      return json(200, notes)
    },
  },
  {
    method: 'GET',
    path: '/releases/latest',
    scope: 'contents',
    handle: (hub) => {
      const release = latestRelease(hub)
      if (release === null) throw notFound()
      return json(200, releaseJson(hub, release))
    },
  },
  {
    method: 'GET',
    path: '/releases/tags/{tag+}',
    scope: 'contents',
    handle: (hub, { params }) => {
      const release = hub.releases.find(
        ({ draft, tag }) => !draft && tag === params['tag'],
      )
      if (release === undefined) throw notFound()
      return json(200, releaseJson(hub, release))
    },
  },
  {
    method: 'GET',
    path: '/releases/{id}',
    scope: 'contents',
    handle: (hub, call) => json(200, releaseJson(hub, releaseOf(hub, call))),
  },
  {
    method: 'PATCH',
    path: '/releases/{id}',
    scope: 'contents',
    handle: async (hub, call) => {
      const release = releaseOf(hub, call)
      await changeRelease(hub, release, fieldsOf(bodyOf(call)))
      return json(200, releaseJson(hub, release))
    },
  },
  {
    method: 'DELETE',
    path: '/releases/{id}',
    scope: 'contents',
    handle: (hub, call) => {
      removeRelease(hub, releaseOf(hub, call))
      return noContent()
    },
  },
]

/** Creates a release, a draft or one published at once. */
export async function beginRelease(
  hub: Hub,
  fields: ReleaseFields,
): Promise<Release> {
  if (fields.tag === undefined || fields.tag === '')
    throw validationFailed({
      resource: 'Release',
      code: 'missing_field',
      field: 'tag_name',
    })
  if ((await listRefs(hub.git, 'refs/')).length === 0)
    throw validationFailed({
      resource: 'Release',
      code: 'custom',
      message: 'Repository is empty.',
    })
  const release: Release = {
    id: hub.nextId(),
    tag: fields.tag,
    target: hub.defaultBranch,
    name: null,
    body: null,
    draft: false,
    prerelease: false,
    immutable: false,
    createdAt: timestamp(),
    publishedAt: null,
    untagged: randomBytes(10).toString('hex'),
    assets: [],
  }
  await changeRelease(hub, release, fields)
  hub.releases.push(release)
  return release
}

/** The release of the path; a draft only for whoever may push. */
export function releaseOf(hub: Hub, { params, asker }: Call): Release {
  const release = hub.releases.find(({ id }) => String(id) === params['id'])
  if (release === undefined || (release.draft && !mayPush(hub, asker)))
    throw notFound()
  return release
}

function fieldsOf(body: Readonly<Record<string, unknown>>): ReleaseFields {
  const makeLatest = textField(body, 'make_latest')
  if (makeLatest !== undefined && !isMakeLatest(makeLatest))
    throw invalidRequest(
      'make_latest',
      makeLatest,
      'one of ["true","false","legacy"]',
    )
  return {
    tag: textField(body, 'tag_name'),
    target: textField(body, 'target_commitish'),
    name: textField(body, 'name'),
    body: textField(body, 'body'),
    draft: flagField(body, 'draft'),
    prerelease: flagField(body, 'prerelease'),
    makeLatest,
  }
}

function isMakeLatest(value: string): value is MakeLatest {
  return ['true', 'false', 'legacy'].includes(value)
}

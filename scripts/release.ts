/**
 * Releases this action; `.github/workflows/release.yml` says when. Of Node's own
 * modules only: no package of npm runs where the token may write.
 *
 *     node scripts/release.ts check           the tag, package.json, CHANGELOG.md
 *     node scripts/release.ts publish FILE …  the release, with these files
 *     node scripts/release.ts move            v1
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createApi } from './release/api.ts'
import { moveMajorTag } from './release/move.ts'
import { planRelease } from './release/plan.ts'
import { publishRelease } from './release/publish.ts'

const root = path.resolve(import.meta.dirname, '..')
const [task, ...files] = process.argv.slice(2)

try {
  console.log(await perform())
} catch (thrown) {
  console.error(`::error title=Release::${(thrown as Error).message}`)
  process.exitCode = 1
}

async function perform(): Promise<string> {
  const tag = variable('GITHUB_REF_NAME')
  const plan = planRelease({
    tag,
    packageVersion: (
      JSON.parse(read('package.json')) as { readonly version: string }
    ).version,
    changelog: read('CHANGELOG.md'),
  })
  switch (task) {
    case 'check':
      return `${tag}\n\n${plan.notes}`
    case 'publish':
      return await publishRelease(
        api(),
        plan,
        files.map((file) => ({
          name: path.basename(file),
          content: readFileSync(file),
        })),
      )
    case 'move':
      return await moveMajorTag(api(), {
        tag,
        // Of the commit, also where the tag is annotated.
        commit: execFileSync('git', ['rev-parse', 'HEAD'], {
          cwd: root,
          encoding: 'utf8',
        }).trim(),
      })
    case undefined:
    default:
      throw new Error('Usage: node scripts/release.ts check|publish|move')
  }
}

function api(): ReturnType<typeof createApi> {
  return createApi({
    apiUrl: variable('GITHUB_API_URL'),
    repository: variable('GITHUB_REPOSITORY'),
    token: variable('GITHUB_TOKEN'),
  })
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

function variable(name: string): string {
  const value = process.env[name] ?? ''
  if (value === '') throw new Error(`The variable ${name} is not set.`)
  return value
}

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Api, createApi } from '../../scripts/release/api.ts'
import { moveMajorTag } from '../../scripts/release/move.ts'
import {
  isHighest,
  leadsMajor,
  majorTag,
  planRelease,
} from '../../scripts/release/plan.ts'
import { publishRelease } from '../../scripts/release/publish.ts'
import { type GitHub, startGitHub } from '../../testing/github.ts'
import { gitIn } from '../../testing/git.ts'

const changelog =
  '# Changelog\n\n## [Unreleased]\n\n- Later\n\n## [1.2.0] - 2026-11-30\n\n### Added\n\n- This\n\n## [1.1.0]\n\n- That\n'

describe('a tag', () => {
  test('releases its section of the changelog', () => {
    expect(
      planRelease({ tag: 'v1.2.0', packageVersion: '1.2.0', changelog }),
    ).toEqual({ tag: 'v1.2.0', notes: '### Added\n\n- This' })
  })

  test.each([
    ['v1.2.0', '1.1.0', 'npm version --no-git-tag-version 1.2.0'],
    ['v1.3.0', '1.3.0', 'CHANGELOG.md has nothing under a heading for 1.3.0'],
    ['v1', '1.2.0', 'is not vX.Y.Z'],
    ['v1.2.0-rc.1', '1.2.0-rc.1', 'is not vX.Y.Z'],
    ['v01.2.0', '01.2.0', 'is not vX.Y.Z'],
  ])('%s with package.json at %s is refused', (tag, packageVersion, words) => {
    expect(() => planRelease({ tag, packageVersion, changelog })).toThrow(words)
  })

  test('is the latest, and leads its major version, when none is higher', () => {
    const released = ['v1.9.0', 'v1.10.0', 'v2.0.0', 'nightly', 'v3']
    expect(majorTag('v1.10.1')).toBe('v1')
    expect(leadsMajor('v1.10.1', released)).toBe(true)
    expect(leadsMajor('v1.9.1', released)).toBe(false)
    expect(isHighest('v1.10.1', released)).toBe(false)
    expect(isHighest('v2.0.1', released)).toBe(true)
    expect(isHighest('v2.0.0', released)).toBe(true)
  })
})

describe('at GitHub', () => {
  let github: GitHub
  let api: Api

  beforeEach(async () => {
    await start(true)
  })
  afterEach(async () => {
    await github.close()
  })

  async function start(immutable: boolean): Promise<void> {
    github = await startGitHub({ owner: 'pcp', repo: 'action', immutable })
    api = createApi({
      apiUrl: github.apiUrl,
      repository: 'pcp/action',
      token: github.token,
    })
    await github.commitToBranch('main', { 'README.md': '# Action\n' }, 'Begin')
  }

  const files = [
    { name: 'index.js', content: Buffer.from('run()') },
    { name: 'index.js.sigstore.json', content: Buffer.from('{}') },
  ]

  /** A commit of its own for every tag: its SHA. */
  async function tag(name: string): Promise<string> {
    await github.commitToBranch('main', { version: name }, name)
    const git = gitIn(github.gitDirectory)
    await git(['tag', name, 'main'])
    return (await git(['rev-parse', name])).toString().trim()
  }

  async function publish(name: string, with_ = files): Promise<string> {
    return await publishRelease(api, { tag: name, notes: 'Notes' }, with_)
  }

  async function majorAt(): Promise<string> {
    const git = gitIn(github.gitDirectory)
    return (await git(['rev-parse', 'refs/tags/v1'])).toString().trim()
  }

  test('a release is published with its files, immutable, and the tag moves', async () => {
    const first = await tag('v1.0.0')
    expect(await publish('v1.0.0')).toContain('v1.0.0')
    expect(github.releases()).toMatchObject([
      {
        tag: 'v1.0.0',
        name: 'v1.0.0',
        body: 'Notes',
        draft: false,
        immutable: true,
        latest: true,
        assets: [{ name: 'index.js' }, { name: 'index.js.sigstore.json' }],
      },
    ])
    await moveMajorTag(api, { tag: 'v1.0.0', commit: first })
    expect(await majorAt()).toBe(first)

    const second = await tag('v1.1.0')
    await publish('v1.1.0')
    expect(
      await moveMajorTag(api, { tag: 'v1.1.0', commit: second }),
    ).toContain(second)
    expect(await majorAt()).toBe(second)
    expect(github.releases()).toHaveLength(2)
  })

  test('a release of an older line is not the latest, and moves nothing back', async () => {
    for (const name of ['v1.1.0', 'v2.0.0']) {
      const commit = await tag(name)
      await publish(name)
      await moveMajorTag(api, { tag: name, commit })
    }
    const newest = await majorAt()
    const commit = await tag('v1.0.9')
    await publish('v1.0.9')
    expect(github.releases().filter(({ latest }) => latest)).toMatchObject([
      { tag: 'v2.0.0' },
    ])
    expect(await moveMajorTag(api, { tag: 'v1.0.9', commit })).toContain(
      'stays',
    )
    expect(await majorAt()).toBe(newest)
  })

  test.each([
    ['POST', /\/releases$/],
    ['POST', /\/assets/],
    ['PATCH', /\/releases\//],
  ])(
    'what lost the answer to %s %s is finished by the next run',
    async (method, at) => {
      await tag('v1.0.0')
      github.door.inject({
        method,
        path: at,
        effect: { kind: 'reset', when: 'after' },
      })
      await expect(publish('v1.0.0')).rejects.toThrow('fetch failed')
      const signedAgain = [
        files[0] as (typeof files)[number],
        { name: 'index.js.sigstore.json', content: Buffer.from('{"again":1}') },
      ]
      await publish('v1.0.0', signedAgain)
      const before = github.mutations().length
      await publish('v1.0.0', signedAgain)
      expect(github.mutations()).toHaveLength(before)
      expect(github.releases()).toMatchObject([
        { draft: false, immutable: true, assets: [{}, {}] },
      ])
    },
  )

  test('other files under a version that is out are refused', async () => {
    await tag('v1.0.0')
    await publish('v1.0.0')
    await expect(
      publish('v1.0.0', [{ name: 'index.js', content: Buffer.from('other') }]),
    ).rejects.toThrow('raise the version')
  })

  test('a release that stayed mutable says what to switch on', async () => {
    await github.close()
    await start(false)
    await tag('v1.0.0')
    await expect(publish('v1.0.0')).rejects.toThrow('release immutability')
  })

  test('the major tag moves to nothing unpublished, and has no release', async () => {
    const commit = await tag('v1.0.0')
    const move = moveMajorTag(api, { tag: 'v1.0.0', commit })
    await expect(move).rejects.toThrow('not published')
    await publish('v1.0.0')
    await github.createRelease({ tag: 'v1' })
    await expect(moveMajorTag(api, { tag: 'v1.0.0', commit })).rejects.toThrow(
      'There is a release v1',
    )
  })
})

test('no package of npm runs where the token may write', () => {
  const root = path.resolve(import.meta.dirname, '../..')
  const seen = new Set<string>()
  const foreign: string[] = []
  const follow = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    expect(existsSync(file)).toBe(true)
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(
      / from '([^']+)'/g,
    ))
      if (target.startsWith('.')) follow(path.join(path.dirname(file), target))
      else if (!target.startsWith('node:')) foreign.push(target)
  }
  follow(path.join(root, 'scripts/release.ts'))
  expect(seen.size).toBeGreaterThan(5)
  expect(foreign).toEqual([])
})

import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import {
  helmHomePaths,
  prepareHelmHome,
  userPlugins,
} from '../../src/helm/home.ts'
import {
  addRepositories,
  forgetRepositoryLogins,
} from '../../src/helm/repositories.ts'
import { inFolder, keepLog, writeFiles } from './fixtures.ts'

const users =
  'repositories:\n- name: mine\n  url: https://charts.example/a/\n  username: old\n  password: old\n  insecure_skip_tls_verify: true\n'

interface Entry {
  readonly name: string
  readonly url: string
  readonly username?: string
  readonly password?: string
}

async function repositoriesIn(home: string): Promise<readonly Entry[]> {
  const text = await readFile(helmHomePaths(home).repositories, 'utf8')
  return (parse(text) as { repositories: readonly Entry[] }).repositories
}

describe('prepareHelmHome', () => {
  const places = {
    HELM_REPOSITORY_CONFIG: 'given.yaml',
    HELM_CONFIG_HOME: 'given/repositories.yaml',
    XDG_CONFIG_HOME: 'xdg/helm/repositories.yaml',
    HOME: 'home/.config/helm/repositories.yaml',
  }
  const roots = {
    HELM_REPOSITORY_CONFIG: 'given.yaml',
    HELM_CONFIG_HOME: 'given',
    XDG_CONFIG_HOME: 'xdg',
    HOME: 'home',
  }
  test.each(Object.keys(places) as (keyof typeof places)[])(
    "copies the user's repositories.yaml, found by %s",
    async (variable) => {
      await inFolder(async (folder) => {
        await writeFiles(folder, { [places[variable]]: users })
        const home = path.join(folder, 'run')
        await prepareHelmHome({
          home,
          userEnvironment: { [variable]: path.join(folder, roots[variable]) },
          platform: 'linux',
        })
        const file = helmHomePaths(home).repositories
        expect(await readFile(file, 'utf8')).toBe(users)
        expect((await stat(file)).mode & 0o077).toBe(0)
      })
    },
  )

  test('a machine without one gets an empty home', async () => {
    await inFolder(async (folder) => {
      const home = path.join(folder, 'run')
      await prepareHelmHome({ home, userEnvironment: {}, platform: 'linux' })
      await expect(repositoriesIn(home)).rejects.toThrow('ENOENT')
    })
  })

  test('plugins are found where Helm keeps them', () => {
    const find = (
      platform: NodeJS.Platform,
      userEnvironment: Record<string, string>,
    ): string | null => userPlugins({ platform, userEnvironment })
    expect(find('linux', { HELM_PLUGINS: '/p', HOME: '/h' })).toBe('/p')
    expect(find('linux', { HOME: '/h' })).toBe('/h/.local/share/helm/plugins')
    expect(find('darwin', { HOME: '/h' })).toBe('/h/Library/helm/plugins')
    expect(find('linux', {})).toBeNull()
  })
})

test('P8: a chart that may be a stranger’s finds the repositories, and no login', async () => {
  await inFolder(async (home) => {
    await writeFiles(home, { 'config/repositories.yaml': users })
    await forgetRepositoryLogins(home)
    expect(await repositoriesIn(home)).toEqual([
      { name: 'mine', url: 'https://charts.example/a/' },
    ])
  })
})

describe('addRepositories', () => {
  /** Adds to a home that holds the user's file. */
  async function add(
    urls: readonly string[],
    host = 'none',
  ): Promise<{ entries: readonly Entry[]; warnings: readonly string[] }> {
    return await inFolder(async (home) => {
      await writeFiles(home, { 'config/repositories.yaml': users })
      const log = keepLog()
      const logins = [{ host, username: 'me', password: 'new: # pass' }]
      await addRepositories({ home, urls, logins, log })
      return { entries: await repositoriesIn(home), warnings: log.lines }
    })
  }

  test("what is not http(s) changes nothing, and the user's entries stay", async () => {
    const { entries } = await add(['oci://a/b', 'file://../c', '@mine', ''])
    expect(entries).toEqual(
      (parse(users) as { repositories: Entry[] }).repositories,
    )
  })

  test('each repository is added once, under a name of its own', async () => {
    const url = 'https://other.example/charts'
    const { entries } = await add([url, url, 'https://third.example'])
    expect(entries.map((entry) => entry.url)).toEqual([
      'https://charts.example/a/',
      url,
      'https://third.example',
    ])
    expect(new Set(entries.map(({ name }) => name)).size).toBe(3)
  })

  test('a login from the inputs wins over that of an earlier step', async () => {
    const { entries } = await add(
      ['https://charts.example/a'],
      'charts.example',
    )
    expect(entries).toEqual([
      expect.objectContaining({
        name: 'mine',
        username: 'me',
        password: 'new: # pass',
        insecure_skip_tls_verify: true,
      }),
    ])
  })

  test.each([
    ['https://sub.charts.example/x', 'charts.example'],
    ['https://charts.example:8443/x', 'charts.example'],
    ['https://charts.example.evil.test/x', 'charts.example'],
    ['http://charts.example/x', 'charts.example'],
  ])('P8: %s does not get the login of %s', async (url, host) => {
    const { entries } = await add([url], host)
    expect(entries.at(-1)).toEqual({ name: expect.any(String), url })
  })

  test('a login that plain HTTP would show is held back with a warning', async () => {
    const { warnings } = await add(
      ['http://charts.example/x'],
      'charts.example',
    )
    expect(warnings.join('\n')).toContain('https://')
  })
})

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type GitHub, startGitHub } from '../../testing/github.ts'
import { openTerminal, type Terminal } from '../../testing/terminal.ts'

let github: GitHub
let terminal: Terminal

async function openAs(token: string): Promise<Terminal> {
  const login = Buffer.from(`someone:${token}`).toString('base64')
  return await openTerminal({
    hosts: { 'https://github.com': github.serverUrl },
    environment: {
      GIT_CONFIG_COUNT: '3',
      GIT_CONFIG_KEY_0: 'http.extraHeader',
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${login}`,
      GIT_CONFIG_KEY_1: 'user.name',
      GIT_CONFIG_VALUE_1: 'Someone',
      GIT_CONFIG_KEY_2: 'user.email',
      GIT_CONFIG_VALUE_2: 'someone@example.com',
    },
  })
}

beforeEach(async () => {
  github = await startGitHub({ owner: 'acme', repo: 'charts' })
  await github.commitToBranch('main', { 'a.txt': 'one' })
  terminal = await openTerminal({
    hosts: { 'https://github.com': github.serverUrl },
  })
})
afterEach(async () => {
  await terminal.remove()
  await github.close()
})

test.each(['charts', 'charts.git'])(
  'anybody clones acme/%s, which changes nothing',
  async (name) => {
    await terminal.run(`git clone --depth 1 https://github.com/acme/${name} c`)
    const file = path.join(terminal.home, 'c', 'a.txt')
    expect(await readFile(file, 'utf8')).toBe('one')
    expect(github.mutations()).toEqual([])
  },
)

const push = `git clone https://github.com/acme/charts.git
cd charts
git commit -q --allow-empty -m two
git push origin main`

test('the holder of the token pushes', async () => {
  const person = await openAs(github.token)
  try {
    await person.run(push)
    expect(await github.branchCommits('main')).toHaveLength(2)
    expect(github.mutations()).toHaveLength(1)
  } finally {
    await person.remove()
  }
})

test('nobody else does', async () => {
  const person = await openAs('another')
  try {
    await expect(person.run(push)).rejects.toThrow('exit code 128')
    expect(await github.branchCommits('main')).toHaveLength(1)
  } finally {
    await person.remove()
  }
})

test('a private repository is nobody’s to see', async () => {
  github.setVisibility('private')
  await expect(
    terminal.run('git clone https://github.com/acme/charts.git'),
  ).rejects.toThrow('exit code 128')
})

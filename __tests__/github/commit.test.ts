import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type CommitOrder, commitFiles } from '../../src/github/commit.ts'
import { startGitHub } from '../../testing/github.ts'
import { type Site, place, startSite } from './site.ts'

let site: Site

beforeEach(async () => {
  site = await startSite()
})
afterEach(async () => {
  await site.close()
})

const branch = 'gh-pages'
const ref = /\/git\/refs/

/** Appends a line to a file, as the index gets an entry. */
function append(line: string, file = 'list.txt'): CommitOrder {
  return {
    branch,
    message: `Add ${line}`,
    edit: async (read) => {
      const before = (await read(file)) ?? Buffer.alloc(0)
      const text = Buffer.from(before).toString()
      return text.split('\n').includes(line)
        ? new Map()
        : new Map([[file, Buffer.from(`${text}${line}\n`)]])
    },
  }
}

async function lines(file = 'list.txt'): Promise<string> {
  return String(await site.server.readBranchFile(branch, file))
}

describe('a commit', () => {
  test('makes a branch that is not there, as its first, and signed', async () => {
    const commit = await commitFiles(site.github, append('one'))
    expect(await site.server.branchHead(branch)).toBe(commit)
    expect(await site.server.branchCommits(branch)).toMatchObject([
      { parents: [], message: 'Add one' },
    ])
    expect(await lines()).toBe('one\n')
    const { data } = await site.github.octokit.rest.git.getCommit({
      ...place,
      commit_sha: commit ?? '',
    })
    expect(data.verification.verified).toBe(true)
  })

  test('P6: leaves every other file as it is', async () => {
    const binary = Buffer.from([0, 255, 13, 10, 0xef, 0xbb, 0xbf])
    const others = {
      'b/c.bin': binary,
      'README.md': '# Read\r\n',
      CNAME: 'x.y',
    }
    const before = await site.server.commitToBranch(branch, others)
    const tree = async (): Promise<unknown[]> =>
      (
        await site.github.octokit.rest.git.getTree({
          ...place,
          tree_sha: branch,
          recursive: '1',
        })
      ).data.tree.filter(({ path }) => path !== 'list.txt')
    const listed = await tree()
    await commitFiles(site.github, append('one'))
    expect(await tree()).toEqual(listed)
    expect((await site.server.branchCommits(branch))[0]?.parents).toEqual([
      before,
    ])
  })

  test('is not made when there is nothing to do', async () => {
    await commitFiles(site.github, append('one'))
    site.forget()
    expect(await commitFiles(site.github, append('one'))).toBeNull()
    expect(site.mutations()).toEqual([])
  })

  test('is not made when the files are as they were', async () => {
    await commitFiles(site.github, append('one'))
    const head = await site.server.branchHead(branch)
    const files = new Map([['list.txt', Buffer.from('one\n')]])
    const edit = async (): Promise<typeof files> => await Promise.resolve(files)
    const order = { branch, message: 'Again', edit }
    expect(await commitFiles(site.github, order)).toBeNull()
    expect(await site.server.branchHead(branch)).toBe(head)
  })

  test('reads and writes bytes that are more than a megabyte, and no UTF-8', async () => {
    const big = Buffer.alloc(1_500_000, Buffer.from([0xef, 0xbb, 0xbf, 0xff]))
    await site.server.commitToBranch(branch, { 'a/big': big })
    await commitFiles(site.github, {
      branch,
      message: 'Copy',
      edit: async (read) =>
        new Map([['copy', (await read('a/big')) ?? Buffer.alloc(0)]]),
    })
    const copy = await site.server.readBranchFile(branch, 'copy')
    expect(copy?.equals(big)).toBe(true)
  })

  test('P6: replaces no folder by a file and no file by a folder', async () => {
    await site.server.commitToBranch(branch, { 'list.txt/x': 'x', charts: 'x' })
    const refusal = expect.objectContaining({
      code: 'PAGES_FAILED',
      message: expect.stringMatching(/is no plain (?:file|folder)/),
    })
    await expect(commitFiles(site.github, append('one'))).rejects.toThrow(
      refusal,
    )
    await expect(
      commitFiles(site.github, append('one', 'charts/list.txt')),
    ).rejects.toThrow(refusal)
  })
})

describe('another writer', () => {
  test('in between keeps what it wrote, and ours is added to it', async () => {
    await commitFiles(site.github, append('one'))
    let meddle = true
    const order = append('three')
    await commitFiles(site.github, {
      ...order,
      edit: async (read, head) => {
        const files = await order.edit(read, head)
        if (meddle)
          await site.server.commitToBranch(branch, {
            'list.txt': 'one\ntwo\n',
            'other.txt': 'other',
          })
        meddle = false
        return files
      },
    })
    expect(await lines()).toBe('one\ntwo\nthree\n')
    expect(await lines('other.txt')).toBe('other')
  })

  test('that makes the branch first is not overwritten', async () => {
    let meddle = true
    const order = append('two')
    await commitFiles(site.github, {
      ...order,
      edit: async (read, head) => {
        const files = await order.edit(read, head)
        if (meddle)
          await site.server.commitToBranch(branch, { 'list.txt': 'one\n' })
        meddle = false
        return files
      },
    })
    expect(await lines()).toBe('one\ntwo\n')
  })

  test('or many of them: no line is lost', async () => {
    const names = Array.from({ length: 5 }, (_, at) => `job-${at}`)
    await Promise.all(
      names.map(
        async (name) => await commitFiles(site.connect(), append(name)),
      ),
    )
    expect((await lines()).trim().split('\n').sort()).toEqual(names)
  })

  test('that wins every time ends in PAGES_REJECTED', async () => {
    let count = 0
    const order = append('mine')
    const writing = commitFiles(site.github, {
      ...order,
      edit: async (read, head) => {
        const files = await order.edit(read, head)
        await site.server.commitToBranch(branch, { other: `${++count}` })
        return files
      },
    })
    await expect(writing).rejects.toThrow(
      expect.objectContaining({ code: 'PAGES_REJECTED' }),
    )
    expect(count).toBe(20)
  })

  test('that GitHub shows late is waited for', async () => {
    await commitFiles(site.github, append('one'))
    site.server.door.inject({
      method: 'PATCH',
      path: ref,
      effect: {
        kind: 'status',
        status: 422,
        body: '{"message":"Update is not a fast forward"}',
        headers: { 'content-type': 'application/json' },
      },
    })
    await commitFiles(site.github, append('two'))
    expect(await lines()).toBe('one\ntwo\n')
  })
})

describe('P4: a lost answer', () => {
  const lost = [
    { kind: 'reset', when: 'after' },
    { kind: 'reset', when: 'before' },
    { kind: 'status', status: 502 },
    { kind: 'truncate' },
  ] as const

  test.each(lost)(
    'of the new ref is settled by its SHA: %j',
    async (effect) => {
      site.server.door.inject({ method: 'POST', path: ref, effect })
      const commit = await commitFiles(site.github, append('one'))
      expect(await site.server.branchHead(branch)).toBe(commit)
      expect(await site.server.branchCommits(branch)).toHaveLength(1)
      expect(await lines()).toBe('one\n')
    },
  )

  test.each(lost)(
    'of the moved ref is settled by its SHA: %j',
    async (effect) => {
      await commitFiles(site.github, append('one'))
      site.server.door.inject({ method: 'PATCH', path: ref, effect })
      const commit = await commitFiles(site.github, append('two'))
      expect(await site.server.branchHead(branch)).toBe(commit)
      expect(await site.server.branchCommits(branch)).toHaveLength(2)
      expect(await lines()).toBe('one\ntwo\n')
    },
  )

  test.each(['blobs', 'trees', 'commits'])(
    'of %s is asked for again: nobody sees them',
    async (kind) => {
      const path = new RegExp(`/git/${kind}$`)
      for (const effect of lost)
        site.server.door.inject({ method: 'POST', path, effect })
      await commitFiles(site.github, append('one'))
      expect(await lines()).toBe('one\n')
    },
  )
})

describe('a branch that may not be written', () => {
  test.each([
    [
      422,
      'Repository rule violations found\n\nChanges must be made through a pull request.\n\n',
    ],
    [403, "You're not authorized to push to this branch."],
  ])(
    'by its rules (%i) is PAGES_REJECTED with the remedy',
    async (status, message) => {
      await commitFiles(site.github, append('one'))
      const head = await site.server.branchHead(branch)
      site.server.door.inject({
        method: 'PATCH',
        path: ref,
        times: 99,
        effect: {
          kind: 'status',
          status,
          body: JSON.stringify({ message }),
          headers: { 'content-type': 'application/json' },
        },
      })
      await expect(commitFiles(site.github, append('two'))).rejects.toThrow(
        expect.objectContaining({
          code: 'PAGES_REJECTED',
          message: expect.stringMatching(/allow GitHub Actions to bypass/),
        }),
      )
      expect(await site.server.branchHead(branch)).toBe(head)
    },
  )

  test('by the token is PERMISSION_DENIED with the line to add', async () => {
    site.server.setPermission('contents', 'read')
    await expect(commitFiles(site.github, append('one'))).rejects.toThrow(
      expect.objectContaining({
        code: 'PERMISSION_DENIED',
        message: expect.stringContaining('contents: write'),
      }),
    )
  })

  test('in a repository without any commit says so', async () => {
    const empty = await startGitHub({ owner: 'acme', repo: 'empty' })
    try {
      const { apiUrl, token, repo } = empty
      const github = site.connect({ apiUrl, token, repo })
      await expect(commitFiles(github, append('one'))).rejects.toThrow(
        expect.objectContaining({
          code: 'PAGES_FAILED',
          message: expect.stringContaining('Git Repository is empty'),
        }),
      )
    } finally {
      await empty.close()
    }
  })
})

describe('P7: what cannot be read is not missing', () => {
  test.each([
    ['the branch', /\/git\/ref\/heads/],
    ['its commit', /\/git\/commits\//],
    ['a folder', /\/git\/trees\//],
    ['a file', /\/git\/blobs\//],
  ])('%s', async (_, path) => {
    await commitFiles(site.github, append('one'))
    const head = await site.server.branchHead(branch)
    for (const status of [500, 401, 403]) {
      site.server.door.clear()
      site.server.door.inject({
        method: 'GET',
        path,
        times: 99,
        effect: { kind: 'status', status },
      })
      await expect(commitFiles(site.github, append('two'))).rejects.toThrow(
        expect.objectContaining({
          code: status === 401 ? 'PERMISSION_DENIED' : 'PAGES_FAILED',
        }),
      )
    }
    expect(await site.server.branchHead(branch)).toBe(head)
  })
})

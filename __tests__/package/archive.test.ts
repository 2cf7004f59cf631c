import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { packTar, type TarEntry } from 'modern-tar'
import { compareArchives, readArchive } from '../../src/package/archive.ts'

type Files = Readonly<Record<string, string>>

async function pack(entries: readonly TarEntry[]): Promise<Uint8Array> {
  return gzipSync(await packTar([...entries]))
}

function entriesOf(files: Files, mtime = new Date(0)): TarEntry[] {
  return Object.entries(files).map(([name, body]) => ({
    header: { name, size: Buffer.byteLength(body), mtime },
    body,
  }))
}

const base: Files = {
  'demo/Chart.yaml': 'name: demo\n',
  'demo/Chart.lock':
    'dependencies:\n- name: lib\ndigest: sha256:1\ngenerated: "2026-01-01T00:00:00Z"\n',
  'demo/templates/a.yaml': 'kind: A\n',
  'demo/charts/lib/Chart.yaml': 'name: lib\n',
}

describe('readArchive', () => {
  test('gives the bytes of every file, folders aside', async () => {
    const archive = await pack([
      { header: { name: 'demo/', type: 'directory', size: 0 } },
      ...entriesOf(base),
    ])
    const files = await readArchive(archive)
    expect([...files.keys()]).toEqual(Object.keys(base))
    expect(Buffer.from(files.get('demo/Chart.yaml') ?? []).toString()).toBe(
      'name: demo\n',
    )
  })

  test.each([
    '/etc/passwd',
    '../up',
    'demo/../../up',
    'demo//a',
    'C:/a',
    String.raw`demo\a`,
    'demo/a\u001b[1m',
  ])('P11: refuses the path %j', async (name) => {
    await expect(
      readArchive(await pack(entriesOf({ [name]: '' }))),
    ).rejects.toMatchObject({ code: 'CHART_INVALID' })
  })

  test.each(['symlink', 'link', 'fifo', 'character-device'] as const)(
    'P11: refuses a %s',
    async (type) => {
      const archive = await pack([
        { header: { name: 'demo/a', type, size: 0, linkname: 'demo/b' } },
      ])
      await expect(readArchive(archive)).rejects.toMatchObject({
        code: 'CHART_INVALID',
        message: expect.stringContaining(type),
      })
    },
  )

  test('P11: a bomb is refused before it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(257 * 1024 * 1024))
    await expect(readArchive(bomb)).rejects.toMatchObject({
      code: 'CHART_INVALID',
    })
  })

  test('refuses what is no archive, and one cut short', async () => {
    const archive = await pack(entriesOf(base))
    for (const bytes of [
      Buffer.from('<html>'),
      gzipSync('no tar at all'.repeat(100)),
      archive.subarray(0, archive.length - 20),
    ])
      await expect(readArchive(bytes)).rejects.toMatchObject({
        code: 'CHART_INVALID',
      })
  })

  test('refuses one path with two contents, not one content twice', async () => {
    const once = entriesOf({ 'demo/a': 'one' })
    const twice = await pack([...once, ...once])
    expect((await readArchive(twice)).size).toBe(1)
    const two = await pack([...once, ...entriesOf({ 'demo/a': 'two' })])
    await expect(readArchive(two)).rejects.toMatchObject({
      code: 'CHART_INVALID',
    })
  })
})

describe('compareArchives', () => {
  const compare = async (a: Files, b: Files): Promise<string> =>
    await compareArchives(await pack(entriesOf(a)), await pack(entriesOf(b)))

  test('times, modes, order and compression do not count', async () => {
    const other = entriesOf(base, new Date(1e12)).toReversed()
    const odd = other.map(({ header, body }) => ({
      header: { ...header, mode: 0o600, uname: 'someone' },
      body,
    })) as TarEntry[]
    const archive = gzipSync(await packTar(odd), { level: 1 })
    expect(await compareArchives(await pack(entriesOf(base)), archive)).toBe(
      'equal',
    )
  })

  test('when a lock was written does not count, what it locks does', async () => {
    const lock = base['demo/Chart.lock'] as string
    const later = lock.replace('2026', '2027')
    expect(await compare(base, { ...base, 'demo/Chart.lock': later })).toBe(
      'equal',
    )
    const moved = lock.replace('sha256:1', 'sha256:2')
    expect(await compare(base, { ...base, 'demo/Chart.lock': moved })).toBe(
      'dependencies',
    )
  })

  test('another or a further dependency is a difference of dependencies', async () => {
    const lib = 'demo/charts/lib/Chart.yaml'
    expect(await compare(base, { ...base, [lib]: 'name: new\n' })).toBe(
      'dependencies',
    )
    expect(await compare(base, { ...base, 'demo/charts/b/x': '' })).toBe(
      'dependencies',
    )
  })

  test('P5: any other byte or path is a difference', async () => {
    const template = 'demo/templates/a.yaml'
    expect(await compare(base, { ...base, [template]: 'kind: B\n' })).toBe(
      'different',
    )
    expect(await compare(base, { ...base, 'demo/new': '' })).toBe('different')
    const { [template]: _, ...without } = base
    expect(await compare(without, base)).toBe('different')
    const data = 'demo/files/Chart.lock'
    expect(
      await compare(
        { ...base, [data]: 'generated: 1\n' },
        { ...base, [data]: 'generated: 2\n' },
      ),
    ).toBe('different')
  })

  test('what cannot be read is different', async () => {
    const archive = await pack(entriesOf(base))
    expect(await compareArchives(archive, Buffer.from('<html>'))).toBe(
      'different',
    )
  })
})

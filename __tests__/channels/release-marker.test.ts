import { describe, expect, test } from '@jest/globals'
import {
  markBody,
  readMarker,
  type ReleaseMarker,
  writeMarker,
} from '../../src/channels/release-marker.ts'
import { digestOf } from '../../src/digest.ts'

const marker: ReleaseMarker = {
  commit: 'a'.repeat(40),
  packages: [{ name: 'demo', version: '1.2.3', digest: digestOf('x') }],
}

test.each(['--> <b>', '-->', '--!>', '<!--', '---', '$& $1', '\n-->\n', '"}'])(
  'P11: a name like %j does not end the comment, and reads back',
  (name) => {
    const hostile = {
      ...marker,
      packages: [{ name, version: '1.0.0-x--y', digest: digestOf('x') }],
    }
    const written = writeMarker(hostile)
    expect(written.slice(4, -3)).not.toMatch(/--|[<>\n]/)
    expect(readMarker(`before\n${written}\nafter`)).toEqual(hostile)
  },
)

describe('the text of a release', () => {
  test('P6: keeps every character around the marker', () => {
    const text = 'Über\r\n\r\n--> $& <!-- other -->\n'
    const once = markBody(text, marker) ?? ''
    expect(once.startsWith(`${text}\n\n<!-- chart-release: `)).toBe(true)
    const other = { ...marker, commit: 'b'.repeat(40) }
    expect(markBody(`${once}\r\nadded`, other)).toBe(
      `${text}\n\n${writeMarker(other)}\r\nadded`,
    )
    expect(markBody(once, marker)).toBe(once)
  })

  test('is not marked where there is no room', () => {
    expect(markBody('x'.repeat(124_999), marker)).toBeNull()
    expect(markBody(null, marker)).toBe(writeMarker(marker))
  })
})

test.each([
  null,
  '',
  'words',
  '<!-- chart-release: {} -->',
  '<!-- chart-release: {"commit":1} -->',
  '<!-- chart-release: {"commit": -->',
])('%j is not marked by us', (body) => {
  expect(readMarker(body)).toBeNull()
})

test('what is no package in a marker is left out', () => {
  const packages = [{ name: 'demo' }, null, 'x', ...marker.packages]
  const body = `<!-- chart-release: ${JSON.stringify({ ...marker, packages })} -->`
  expect(readMarker(body)).toEqual(marker)
})

import { describe, expect, test } from '@jest/globals'
import { digestOf } from '../../src/digest.ts'
import {
  defuseMarkers,
  findSection,
  isOutdated,
  replaceSection,
  writeInstallSection,
} from '../../src/release-notes/install-section.ts'

const facts = {
  name: 'demo',
  version: '1.2.3',
  digest: digestOf('x'),
  isLibrary: false,
  commands: [
    {
      channel: 'oci',
      lines: ['helm install demo oci://r.example/demo --version 1.2.3'],
    },
    { channel: 'pages', lines: ['helm repo add c https://e', 'helm install'] },
  ],
} as const

const section = writeInstallSection(facts)
const begin = '<!-- chart-release:install demo -->'
const end = '<!-- /chart-release:install demo -->'

test('the section has the commands and the digest, between two markers', () => {
  const lines = section.text.split('\n')
  expect([lines[0], lines.at(-1)]).toEqual([begin, end])
  expect(section.text).toContain('### Install demo 1.2.3\n')
  for (const { lines: commands } of facts.commands)
    expect(section.text).toContain(`\`\`\`sh\n${commands.join('\n')}\n\`\`\``)
  expect(section.text).toContain(facts.digest)
  expect(writeInstallSection({ ...facts, isLibrary: true }).text).toContain(
    '### Get demo 1.2.3\n',
  )
})

test('P11: no name ends the comment, and each has markers of its own', () => {
  for (const chart of ['my--chart', 'a.b_c', 'x-->y', '$&', 'demo -->'])
    for (const text of [
      section.text,
      writeInstallSection({ ...facts, name: chart }).text,
    ]) {
      const found = findSection(text, chart)
      expect(found.state).toBe(text === section.text ? 'absent' : 'intact')
      for (const [, inside] of text.matchAll(/<!--(.*?)-->/g))
        expect(inside).not.toMatch(/--|[<>]/)
    }
})

describe('P6: a section in a text', () => {
  const around = ['Über\r\n$& ', '\r\n\r\nAfter <!-- mine -->\n'] as const

  test('is found, and nothing around it changes', () => {
    const body = around.join(section.text)
    const place = findSection(body, 'demo')
    expect(place).toEqual({
      state: 'intact',
      from: around[0].length,
      to: around[0].length + section.text.length,
    })
    expect(isOutdated(body, section)).toBe(false)
    const newer = writeInstallSection({ ...facts, commands: [] })
    expect(isOutdated(body, newer)).toBe(true)
    expect(
      replaceSection(body, place as { from: number; to: number }, newer.text),
    ).toBe(around.join(newer.text))
  })

  test('keeps the line ends of GitHub’s web editor, and then needs nothing', () => {
    const edited = `Notes\n\n${section.text}\n\nMore`.replaceAll('\n', '\r\n')
    expect(isOutdated(edited, section)).toBe(false)
    const newer = writeInstallSection({ ...facts, commands: [] })
    const place = findSection(edited, 'demo') as { from: number; to: number }
    const replaced = replaceSection(edited, place, newer.text)
    expect(replaced.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(isOutdated(replaced, newer)).toBe(false)
  })

  test.each([
    ['no end', `a ${begin} b`],
    ['no beginning', `a ${end} b`],
    ['the wrong order', `a ${end} b ${begin}`],
    ['two', `${begin} a ${end} b ${begin} c ${end}`],
    ['two beginnings', `${begin} a ${begin} b ${end}`],
    ['two ends', `${begin} a ${end} b ${end}`],
    [
      'another chart’s between',
      `${begin} <!-- chart-release:install other --> ${end}`,
    ],
    ['our marker between', `${begin} <!-- chart-release: {} --> ${end}`],
  ])('with damaged markers is left alone: %s', (_, body) => {
    expect(findSection(body, 'demo')).toEqual({ state: 'damaged' })
    expect(isOutdated(body, section)).toBe(false)
  })
})

test('P11: text that looks like our markers no longer does', () => {
  const text = `${begin}\n${end}\n<!-- chart-release: {"commit":"a"} -->\n<!--chart-release:install demo-->\n<!-- chart-releaser -->`
  const defused = defuseMarkers(text)
  expect(findSection(defused, 'demo')).toEqual({ state: 'absent' })
  expect(defused).not.toMatch(/<!--\s*\/?chart-release\b/)
  expect(defused).toContain('<!-- chart-releaser -->')
})

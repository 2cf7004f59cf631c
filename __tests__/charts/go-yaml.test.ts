import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { goText, parseGoYaml } from '../../src/charts/go-yaml.ts'
import { createExec } from '../../src/exec.ts'
import { helmBinary } from '../../testing/helm.ts'

const exec = createExec(process.env)
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'go-yaml-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

function read(text: string): unknown {
  return parseGoYaml(text, 'Chart.yaml').value
}

describe('a plain appVersion', () => {
  const written =
    '1.10 1e3 1e6 1e21 0x1F 010 09 0o10 -0b11 1_000 1_0.5_0 +1 -0.0 .5 1. yes N on Null 1:30 2024-01-01 0x1.8p1 3.14159265358979 9007199254740993 18446744073709551615 20240101123456789012 1000000.5 123456.5 999999.9 0.0001 0.00001 1e400 1.2.3 "1.10" v1 _1'.split(
      ' ',
    )

  test.each(written)('is read as Helm reads it: %s', async (value) => {
    const chart = path.join(folder, encodeURIComponent(value))
    const text = `apiVersion: v2\nname: demo\nversion: 1.2.3\nappVersion: ${value}\n`
    await mkdir(path.join(chart, 'templates'), { recursive: true })
    await writeFile(path.join(chart, 'Chart.yaml'), text)
    const { stdout } = await exec(
      await helmBinary(4),
      ['show', 'chart', chart],
      { env: { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder } },
    )
    const line = /^appVersion: (.*)$/m.exec(stdout)?.[1] ?? ''
    const found = read(text) as { appVersion: unknown }
    expect(goText(found.appVersion)).toBe(line.replaceAll(/^"|"$/g, ''))
  })
})

test('merges, repeated keys and a second document are what they are to Helm', () => {
  expect(
    read('a: &x {q: b}\nm: {<<: *x, z: c}\na: d\n---\na: of another\n'),
  ).toEqual({ a: 'd', m: { q: 'b', z: 'c' } })
})

test('a key that JavaScript treats specially is a key', () => {
  const value = read('__proto__: {polluted: yes}\n') as object
  expect(Object.keys(value)).toEqual(['__proto__'])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test('a fault of the syntax is CHART_INVALID at its line', () => {
  expect(() => read('name: demo\r\nversion: "1.2.3\r\n')).toThrow(
    expect.objectContaining({
      code: 'CHART_INVALID',
      at: { file: 'Chart.yaml', line: 3 },
    }),
  )
})

test('P11: aliases that would expand without end are refused', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let at = 1; at < 9; at++) {
    const uses = Array(10)
      .fill(`*a${at - 1}`)
      .join(', ')
    lines.push(`a${at}: &a${at} [${uses}]`)
  }
  expect(() => read(lines.join('\n'))).toThrow(/Excessive alias count/)
})

test('P11: a text nested a hundred thousand deep is refused and not a crash', () => {
  expect(() => read(`a: ${'['.repeat(100_000)}`)).toThrow(
    expect.objectContaining({ code: 'CHART_INVALID' }),
  )
})

import { describe, expect, test } from '@jest/globals'
import { doCases } from './bench.ts'
import { pick } from './collect.ts'
import { faultCases } from './fault-cases.ts'
import { killCases } from './kill-cases.ts'
import { readOptions } from './options.ts'
import { createRandom, sample } from './random.ts'
import type { Recording } from './recording.ts'
import { kindOf, namePoint, pointsOf } from './request-kind.ts'
import { differences } from './state.ts'
import { renderTable, repeatCommand } from './table.ts'
import { type Case, untidiness, type Verdict } from './verdict.ts'

const fine: Verdict = { ending: 'at once', words: [], met: true }

function caseOf(name: string, verdict: Partial<Verdict> = {}): Case {
  return {
    group: name.split(':')[0] ?? '',
    name,
    run: async () => await Promise.resolve({ ...fine, ...verdict }),
  }
}

describe('chance', () => {
  test('is the same for the same seed, and another for another', () => {
    const numbers = (seed: number): number[] => {
      const random = createRandom(seed)
      return Array.from({ length: 20 }, random)
    }
    expect(numbers(7)).toEqual(numbers(7))
    expect(numbers(7)).not.toEqual(numbers(8))
    for (const number of numbers(7)) {
      expect(number).toBeGreaterThanOrEqual(0)
      expect(number).toBeLessThan(1)
    }
  })

  test('takes each at most once, in order, and all when there are too few', () => {
    const all = Array.from({ length: 50 }, (_, at) => at)
    const some = sample(all, 10, createRandom(1))
    expect(some).toHaveLength(10)
    expect(some).toEqual([...new Set(some)].toSorted((a, b) => a - b))
    expect(sample(all, Infinity, createRandom(1))).toEqual(all)
  })
})

describe('a request', () => {
  test.each([
    ['/api/v3/repos/o/r/releases/12/assets', '/releases/{number}/assets'],
    [
      '/api/uploads/repos/o/r/releases/1/assets?name=x',
      '/releases/{number}/assets',
    ],
    ['/api/v3/repos/o/r/git/ref/heads%2Fgh-pages', '/git/ref/heads/gh-pages'],
    [`/api/v3/repos/o/r/git/trees/${'a'.repeat(40)}`, '/git/trees/{sha}'],
    [`/v2/o/r/demo/blobs/sha256:${'a'.repeat(64)}`, '/demo/blobs/{digest}'],
    [
      '/v2/o/r/demo/blobs/uploads/5f56ba4f-a46f-4373-ba29-b4301d22469a?_state=x',
      '/demo/blobs/uploads/{id}',
    ],
    [
      '/token?scope=repository%3Ao%2Fr%3Apull%2Cpush&service=s',
      '/token pull,push',
    ],
    ['/r/index.yaml?look=x-1', '/r/index.yaml'],
  ])('%s is of the kind %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind)
  })

  test('is counted among those of its kind and method', () => {
    const asked = ['GET /a', 'GET /b', 'PUT /a', 'GET /a'].map((line) => {
      const [method = '', path = ''] = line.split(' ')
      return { method, path }
    })
    expect(pointsOf('door', asked).map(namePoint)).toEqual([
      'door GET /a',
      'door GET /b',
      'door PUT /a',
      'door GET /a #2',
    ])
  })
})

describe('the matrices', () => {
  const recording = {
    setting: 'later',
    points: pointsOf('github', [
      { method: 'GET', path: '/a' },
      { method: 'POST', path: '/a' },
    ]),
    milliseconds: 1000,
  } as unknown as Recording

  test('have every fault for every request, each under a name of its own', () => {
    const cases = faultCases([recording])
    expect(cases).toHaveLength(16)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(16)
    expect(cases[0]?.name).toBe('500: later release, github GET /a')
  })

  test('leave notes out of what an outage must not cost', () => {
    const path = '/api/v3/repos/o/r/releases/generate-notes'
    const points = pointsOf('github', [{ method: 'POST', path }])
    const names = faultCases([{ ...recording, points }]).map(({ name }) => name)
    expect(names).toHaveLength(7)
    expect(names.join()).not.toContain('from then on')
  })

  test('repeat of a second release only what is new, or changes something', () => {
    const other = { ...recording, setting: 'first' } as Recording
    const names = faultCases([recording, other]).map(({ name }) => name)
    expect(names.filter((name) => name.includes('first'))).toHaveLength(8)
    expect(names.join()).not.toContain('first release, github GET')
  })

  test('kill after every request, and at the same moments for the same seed', () => {
    const names = (seed: number): string[] =>
      killCases(recording, createRandom(seed)).map(({ name }) => name)
    expect(names(1)).toContain('kill job: after request 1')
    expect(names(1)).toContain('kill machine: after request 2')
    expect(names(1)).toEqual(names(1))
    expect(names(1)).not.toEqual(names(2))
  })
})

describe('the choice of cases', () => {
  const all = ['a: one', 'a: one more', 'b: one'].map((name) => caseOf(name))
  const random = createRandom(1)
  const named = (only: string): string[] =>
    pick(all, { count: 0, only, random }).map(({ name }) => name)

  test('is by name, or by a part of it where that is no name', () => {
    expect(named('a: one')).toEqual(['a: one'])
    expect(named('one')).toEqual(['a: one', 'a: one more', 'b: one'])
    expect(pick(all, { count: 2, only: undefined, random })).toHaveLength(2)
  })

  test('is everything, unless something is asked for', () => {
    expect(readOptions([])).toMatchObject({
      faults: Infinity,
      kills: Infinity,
      cancels: Infinity,
      races: true,
    })
    expect(readOptions(['--faults', '30', '--seed', '7'])).toMatchObject({
      faults: 30,
      kills: 0,
      cancels: 0,
      races: false,
      seed: 7,
    })
    expect(() => readOptions(['--kills', 'many'])).toThrow('--kills')
    expect(() => readOptions(['--fault', '1'])).toThrow('--fault')
  })
})

describe('two states', () => {
  const wanted = new Map([
    ['registry demo:1.2.3', 'sha256:a'],
    ['pages index.yaml', 'one\ntwo'],
  ])

  test('that are equal differ in nothing', () => {
    expect(differences(new Map(wanted), wanted)).toEqual([])
  })

  test('differ in what is missing, other or too much', () => {
    const found = new Map([
      ['pages index.yaml', 'one\nthree'],
      ['release v1.2.3 #2', '{}'],
    ])
    expect(differences(found, wanted)).toEqual([
      'missing: registry demo:1.2.3',
      'other: pages index.yaml: "three" instead of "two"',
      'too much: release v1.2.3 #2',
    ])
  })
})

describe('a run that failed', () => {
  const annotation = {
    level: 'error',
    message: 'no',
    properties: { title: 'REGISTRY_FAILED' },
  } as const
  const run = { exitCode: 1, log: 'no', annotations: [annotation] }

  test('is tidy with a code and no stack', () => {
    expect(untidiness(run)).toEqual([])
  })

  test.each([
    [{ exitCode: null }, 'exit code null'],
    [{ annotations: [] }, 'without a word'],
    [
      { annotations: [{ ...annotation, properties: { title: 'INTERNAL' } }] },
      '"INTERNAL"',
    ],
    [{ log: 'Error: no\n    at run (file:///x.js:1:2)\n' }, 'a stack'],
  ])('is not with %j', (change, words) => {
    expect(untidiness({ ...run, ...change }).join()).toContain(words)
  })
})

describe('the table', () => {
  test('counts the endings of each group, and says what never came', async () => {
    const cases = [
      caseOf('500: a'),
      caseOf('500: b', { ending: 'by re-run', met: false }),
      {
        ...caseOf('kill: c'),
        run: async () => await Promise.reject(new Error('x')),
      },
    ]
    const told: string[] = []
    const results = await doCases(cases, 2, (result) => {
      told.push(result.case.name)
    })
    expect(told.toSorted()).toEqual(['500: a', '500: b', 'kill: c'])
    expect(renderTable(results)).toBe(
      [
        '      cases  at once  by re-run  lost',
        '500       2        1          1     0',
        'kill      1        0          0     1',
        'all       3        1          1     1',
        'In 1 of them the moment never came: the run asked otherwise.',
      ].join('\n'),
    )
  })

  test('comes with the command that does a case again', () => {
    expect(repeatCommand('500: later release, github GET /a #2', 7)).toBe(
      'npm run faults -- --seed 7 --only "500: later release, github GET /a #2"',
    )
  })
})

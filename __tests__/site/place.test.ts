import { describe, expect, test } from '@jest/globals'
import { judgePlace, type SitePlace } from '../../src/site/place.ts'

function judge(place: Partial<SitePlace>): ReturnType<typeof judgePlace> {
  const { names = [] } = place
  return judgePlace({
    mode: 'auto',
    isNewBranch: false,
    names,
    rootNames: names,
    directory: '.',
    hasOwnPage: false,
    ...place,
  })
}

const ours = [
  '.nojekyll',
  'index.yaml',
  'demo-1.2.3.tgz',
  'demo-1.2.3.tgz.prov',
]

describe('auto', () => {
  test.each<[string, Partial<SitePlace>]>([
    ['a new branch', { isNewBranch: true }],
    ['a page of its own', { names: ['README.md'], hasOwnPage: true }],
    ['a branch with its own files only', { names: ours }],
    ['the same with a domain', { names: [...ours, 'CNAME'] }],
    [
      'a folder of such a branch',
      { names: ['index.yaml'], rootNames: ['.nojekyll', 'x'], directory: 'x' },
    ],
  ])('writes to %s', (_, place) => {
    expect(judge(place)).toEqual({ write: true })
  })

  test.each<[string, Partial<SitePlace>]>([
    ['a branch that Jekyll builds', { names: ['index.yaml'] }],
    ['one with a page', { names: [...ours, 'index.html'] }],
    ['one with a README', { names: [...ours, 'README.md'] }],
    ['one with anything else', { names: [...ours, 'notes.txt'] }],
    [
      'one whose page was taken away',
      { names: [...ours, 'landing-page.json'] },
    ],
    [
      'a folder beside somebody’s site',
      {
        names: ['index.yaml'],
        rootNames: ['.nojekyll', 'x', 'index.html'],
        directory: 'x',
      },
    ],
  ])('leaves %s alone', (_, place) => {
    expect(judge(place)).toEqual({ write: false, home: null })
  })
})

describe('true', () => {
  test('writes to an older branch', () => {
    const names = ['index.yaml', 'demo.tgz', 'notes.txt', 'readme-images']
    expect(judge({ mode: 'true', names })).toEqual({ write: true })
  })

  test.each([
    'index.html',
    'index.md',
    'INDEX.HTM',
    'README.md',
    'README',
    'readme.markdown',
    '_config.yml',
    '_config.yaml',
  ])('never beside %s', (name) => {
    expect(judge({ mode: 'true', names: ['index.yaml', name] })).toEqual({
      write: false,
      home: name,
    })
  })
})

import {
  afterEach,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals'
import * as fc from 'fast-check'
import { workflowLog } from '../../src/log.ts'
import { readCommands } from '../../testing/commands.ts'

let printed: string

beforeEach(() => {
  printed = ''
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk)
    return true
  })
})
afterEach(() => {
  jest.restoreAllMocks()
})

const hostile = [
  '::set-output name=released::true',
  '::add-mask::a',
  '  ::stop-commands::x',
  '\u0085::add-mask::a',
  '\u00a0::add-mask::a',
  '\u2028::add-mask::a',
  'harmless\r::add-mask::a',
  'harmless\n\t::add-mask::a',
  '##[add-mask]a',
  'harmless ##[add-mask]a',
  '###[set-env name=PATH]/tmp',
  ':::add-mask::a',
  ': ::add-mask::a',
]

describe('P11: text of the repository in the log', () => {
  test.each(hostile)('%j is no command of the runner', async (text) => {
    workflowLog.info(text)
    expect(readCommands(printed)).toEqual([])
    printed = ''
    await workflowLog.group(text, async () => {
      workflowLog.notice(text)
      workflowLog.warning(text)
      workflowLog.error(text, 'TITLE')
      workflowLog.debug(text)
      await Promise.resolve()
    })
    expect(readCommands(printed).map(({ name }) => name)).toEqual([
      'group',
      'notice',
      'warning',
      'error',
      'debug',
      'endgroup',
    ])
  })

  test('whatever it is, it adds no command', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '::',
        ':',
        '##[',
        '#',
        '[',
        ']',
        'add-mask',
        'debug',
        '\r',
        '\n',
        ' ',
        '\u0085',
        '\u2028',
        '\u200b',
        '\ufeff',
        '\0',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        printed = ''
        workflowLog.info(parts.join(''))
        expect(readCommands(printed)).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  test('no escape reaches the terminal, and nothing turns around', () => {
    const escape = '\u001b[2J\u001b]8;;http://evil.example\u0007x\u202egnp.exe'
    workflowLog.info(escape)
    workflowLog.warning(escape)
    // oxlint-disable-next-line no-control-regex
    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(printed).toContain(String.raw`\u001b[2J`)
  })

  test('plain text stays as it is', () => {
    workflowLog.info('Größe: 5 kB\n\t- :thumbsup: 👩‍💻 # [1]')
    expect(printed).toBe('Größe: 5 kB\n\t- :thumbsup: 👩‍💻 # [1]\n')
  })
})

import { describe, expect, test } from '@jest/globals'
import { checkLint, readFindings } from '../../src/helm/lint.ts'
import type { Chart } from '../../src/model.ts'
import { quietLog } from '../../testing/log.ts'

const chart = { name: 'demo', directory: 'charts/demo' } as Chart

describe('what helm lint says', () => {
  test('of a folder is told with its name, at the chart', async () => {
    const warnings: unknown[] = []
    const output =
      '==> Linting /tmp/staged/demo\n[WARNING] templates/: directory does not exist\n\n1 chart(s) linted, 0 chart(s) failed\n'
    await checkLint(
      { passed: true, findings: readFindings(output), output },
      {
        chart,
        strict: false,
        log: quietLog({
          warning: (message, at) => void warnings.push([message, at]),
        }),
      },
    )
    expect(warnings).toEqual([
      [
        'demo: templates/: directory does not exist',
        { file: 'charts/demo/Chart.yaml' },
      ],
    ])
  })

  test('of the whole chart is told without the folder that it was staged in', async () => {
    const output =
      '[ERROR] /tmp/staged/demo: chart metadata is missing these dependencies: sub\n'
    await expect(
      checkLint(
        { passed: false, findings: readFindings(output), output },
        { chart, strict: false, log: quietLog() },
      ),
    ).rejects.toMatchObject({
      code: 'LINT_FAILED',
      message: expect.not.stringContaining('/tmp/staged'),
      at: { file: 'charts/demo/Chart.yaml' },
    })
  })
})

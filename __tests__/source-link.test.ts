import { describe, expect, test } from '@jest/globals'
import type { Chart } from '../src/model.ts'
import type { Request } from '../src/request.ts'
import { warnAboutSource } from '../src/source-link.ts'

function chartWith(more: Partial<Chart>): Chart {
  return {
    name: 'pcp',
    version: '1.0.1',
    apiVersion: 'v2',
    type: 'application',
    dependencies: [],
    sources: [],
    annotations: {},
    directory: 'pcp',
    versionAt: { file: 'pcp/Chart.yaml', line: 5 },
    locked: false,
    ...more,
  }
}

function requestTo(host: string): Request {
  return {
    inputs: {
      registries: [{ host, path: 'a', optional: false, private: false }],
    },
    event: {
      serverUrl: 'https://github.com',
      owner: 'performancecopilot',
      repo: 'helm-charts',
    },
  } as unknown as Request
}

const elsewhere = 'https://github.com/performancecopilot/pcp'
const here = 'https://github.com/performancecopilot/helm-charts'

describe('what ghcr.io links a package to', () => {
  test('sources[0] of another repository is warned about, with what to write', () => {
    const chart = chartWith({ sources: [elsewhere, here] })
    const warning = warnAboutSource(chart, requestTo('ghcr.io'))
    expect(warning).toContain(elsewhere)
    expect(warning).toContain(
      `Put ${here} first in "sources:" of pcp/Chart.yaml`,
    )
  })

  test.each([
    [{ sources: [here, elsewhere] }],
    [{ sources: [`${here}.git`] }],
    [{ sources: [`${here}.git/`] }],
    [{ sources: [`${here}/tree/main/charts/pcp`] }],
    [{ sources: [`${here.replace('pilot/', 'Pilot/')}/`] }],
    [{ sources: [] }],
    [
      {
        sources: [elsewhere],
        annotations: { 'org.opencontainers.image.source': here },
      },
    ],
  ])('%o needs no word', (more) => {
    expect(warnAboutSource(chartWith(more), requestTo('ghcr.io'))).toBeNull()
  })

  test('other registries do not look at it', () => {
    const chart = chartWith({ sources: [elsewhere] })
    expect(warnAboutSource(chart, requestTo('quay.io'))).toBeNull()
  })
})

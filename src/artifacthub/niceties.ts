import { readFields, textIn } from '../charts/fields.ts'
import type { Chart } from '../model.ts'

export interface ChartPages {
  /** Of `Chart.yaml`. */
  readonly text: string
  /** Names of the files in the chart's directory. */
  readonly files: readonly string[]
}

/**
 * What the chart's page at ArtifactHub would lack, as one line; `null`: nothing.
 */
export function findMissingNiceties(
  chart: Chart,
  { text, files }: ChartPages,
): string | null {
  const { file } = chart.versionAt
  const fields = readFields(text, file)
  const maintainers = Array.isArray(fields.raw('maintainers'))
    ? fields.maps('maintainers')
    : []
  const lacks = Object.entries({
    description: chart.description !== undefined,
    icon: fields.has('icon'),
    'home or sources': fields.has('home') || chart.sources.length > 0,
    'maintainers with an email (those without are not shown)': maintainers.some(
      (one) => (textIn(one, 'email') ?? '') !== '',
    ),
    kubeVersion: chart.kubeVersion !== undefined,
    'a licence (a file LICENSE, or the annotation artifacthub.io/license)':
      files.includes('LICENSE') ||
      Object.hasOwn(chart.annotations, 'artifacthub.io/license'),
    'a README.md': files.includes('README.md'),
  })
    .filter(([, there]) => !there)
    .map(([what]) => what)
  return lacks.length === 0
    ? null
    : `The page of ${chart.name} at ArtifactHub would lack: ${lacks.join(', ')}. Nothing depends on it.`
}

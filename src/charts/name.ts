import type { Fields } from './fields.ts'

/**
 * A part of an OCI repository's name, which a chart's name becomes:
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 * Whatever fits is a name to Helm too (which only refuses paths).
 */
const ociComponent = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/

/** Helm's limit: https://github.com/helm/helm/blob/v4.2.3/pkg/chart/v2/util/create.go */
const LONGEST = 250

/** The chart's name. Throws `CHART_INVALID` for one that cannot be published. */
export function checkChartName(fields: Fields): string {
  const name = fields.text('name')
  if (name === '')
    throw fields.fault('name', 'the chart has no name. Add "name: …".')
  if (name.length > LONGEST)
    throw fields.fault(
      'name',
      `the chart's name has ${name.length} characters, at most ${LONGEST} are possible.`,
    )
  if (ociComponent.test(name)) return name
  const shown = JSON.stringify(name)
  throw fields.fault(
    'name',
    ociComponent.test(name.toLowerCase())
      ? `the chart's name ${shown} has capital letters, which no OCI registry accepts. Write "name: ${name.toLowerCase()}".`
      : `the chart's name ${shown} cannot be published: write lower-case letters and digits, with single ".", "_" or dashes only between them.`,
  )
}

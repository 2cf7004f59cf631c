import type { Chart } from './model.ts'
import { isSameRepository } from './repository-url.ts'
import type { Request } from './request.ts'

const SOURCE_ANNOTATION = 'org.opencontainers.image.source'

/**
 * A warning when ghcr.io will link the package to another repository than this
 * one. `helm push` writes `sources[0]` into the manifest's annotation
 * `org.opencontainers.image.source`, an annotation of that name in `Chart.yaml`
 * overrides it, and ghcr.io takes the package's repository from there:
 * https://docs.github.com/packages/learn-github-packages/connecting-a-repository-to-a-package
 */
export function warnAboutSource(
  chart: Chart,
  { inputs, event }: Request,
): string | null {
  if (!inputs.registries.some(({ host }) => host === 'ghcr.io')) return null
  const source = chart.annotations[SOURCE_ANNOTATION] ?? chart.sources[0]
  if (source === undefined) return null
  const here = `${event.serverUrl}/${event.owner}/${event.repo}`
  if (isSameRepository(source, here)) return null
  return `ghcr.io links the package of ${chart.name} to ${source}, not to this repository, so this repository's settings and permissions do not apply to it. Put ${here} first in "sources:" of ${chart.versionAt.file}, or set the annotation "${SOURCE_ANNOTATION}: ${here}".`
}

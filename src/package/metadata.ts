import type { ArchiveFiles } from './archive.ts'
import { parseGoYaml } from '../charts/go-yaml.ts'
import { ReleaseError } from '../errors.ts'
import type { Json, JsonObject } from '../model.ts'

/** 2 MiB: `Chart.yaml` is read up to one, and Helm writes it anew. */
const LONGEST = 2 * 1024 * 1024

/**
 * A YAML text as Helm's parser reads it, as JSON. An integer beyond JSON's
 * precision becomes its digits. Throws `CHART_INVALID` with the `file`'s name.
 */
export function parseAsHelm(text: string, file: string): Json {
  return JSON.parse(
    JSON.stringify(
      parseGoYaml(text, file).value ?? null,
      (_key, value: unknown) =>
        typeof value !== 'bigint'
          ? value
          : Number.isSafeInteger(Number(value))
            ? Number(value)
            : String(value),
    ),
  ) as Json
}

/** Is this a mapping? */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * What `helm repo index` would write of a packaged chart: its `Chart.yaml`,
 * which Helm rewrote while packaging. Dependencies of an `apiVersion: v1` chart
 * come from `requirements.yaml` (helm/helm, `pkg/chart/loader`).
 *
 * Throws `CHART_INVALID` when the archive holds no such chart.
 */
export function readMetadata(files: ArchiveFiles, chart: string): JsonObject {
  const metadata = read(files, `${chart}/Chart.yaml`)
  if (metadata === null)
    throw new ReleaseError(
      'CHART_INVALID',
      `The archive holds no ${chart}/Chart.yaml.`,
    )
  const { apiVersion = 'v1' } = metadata
  if (apiVersion !== 'v1') return metadata
  const requirements = read(files, `${chart}/requirements.yaml`)
  const dependencies = requirements?.['dependencies']
  return {
    ...metadata,
    apiVersion,
    ...(dependencies === undefined ? {} : { dependencies }),
  }
}

function read(files: ArchiveFiles, name: string): JsonObject | null {
  const bytes = files.get(name)
  if (bytes === undefined) return null
  if (bytes.length > LONGEST)
    throw new ReleaseError(
      'CHART_INVALID',
      `${name} has ${bytes.length} bytes, at most ${LONGEST} are read.`,
    )
  const value = parseAsHelm(Buffer.from(bytes).toString('utf8'), name)
  if (isObject(value)) return value
  throw new ReleaseError('CHART_INVALID', `${name} is no mapping.`)
}

import type { Chart, ChartDependency } from '../model.ts'
import {
  explainVersion,
  isStrictVersion,
  suggestVersion,
} from '../strict-version.ts'
import { kindOf, readFields, textIn, type Fields } from './fields.ts'
import { checkChartName } from './name.ts'

/** The files that say what a chart is; `file` is relative to the workspace. */
export interface ChartSource {
  readonly directory: string
  readonly chartFile: TextFile
  /** `requirements.yaml`, of the days of `apiVersion: v1`. */
  readonly requirements?: TextFile | undefined
  readonly locked: boolean
}

export interface TextFile {
  readonly file: string
  readonly text: string
}

/** How strictly to read. */
export interface ChartRules {
  /** `false` with `version-from: tag`: the version there is replaced. */
  readonly strictVersion: boolean
  /** Refuse what `helm lint` refuses. */
  readonly lint: boolean
}

/**
 * A chart as Helm reads it from its files. Throws `CHART_INVALID`, with file
 * and line, for what Helm or an OCI registry would refuse later:
 * https://github.com/helm/helm/blob/v4.2.3/pkg/chart/v2/metadata.go
 */
export function parseChart(source: ChartSource, rules: ChartRules): Chart {
  const { text, file } = source.chartFile
  const fields = readFields(text, file)
  const apiVersion = readApiVersion(fields, rules)
  const name = checkChartName(fields)
  const version = readVersion(fields, rules)
  const appVersion = readAppVersion(fields, rules)
  const kubeVersion = fields.text('kubeVersion')
  const description = fields.text('description')
  return {
    name,
    version,
    ...(appVersion === '' ? {} : { appVersion }),
    ...(kubeVersion === '' ? {} : { kubeVersion }),
    apiVersion,
    type: readType(fields),
    ...(description === '' ? {} : { description }),
    dependencies: readDependencies(fields, source.requirements),
    sources: fields.texts('sources'),
    annotations: fields.textMap('annotations'),
    directory: source.directory,
    versionAt: fields.at('version'),
    locked: source.locked,
  }
}

/** Whatever name and version can be made out in a `Chart.yaml` that is invalid. */
export function identifyChart({ text, file }: TextFile): {
  readonly name?: string
  readonly version?: string
} {
  try {
    const fields = readFields(text, file)
    const [name, version] = [fields.text('name'), fields.text('version')]
    return {
      ...(name === '' ? {} : { name }),
      ...(version === '' ? {} : { version }),
    }
  } catch {
    return {}
  }
}

function readApiVersion(
  fields: Fields,
  { lint }: ChartRules,
): Chart['apiVersion'] {
  const found = fields.text('apiVersion')
  // "helm package" takes such a chart for one of Helm 2; its lint does not.
  if (found === '' && !lint) return 'v1'
  if (found === 'v1' || found === 'v2') return found
  throw fields.fault(
    'apiVersion',
    found === ''
      ? 'the chart has no apiVersion. Add "apiVersion: v2" (v1 for a chart of Helm 2).'
      : `apiVersion is ${JSON.stringify(found)}, and Helm reads v1 and v2. Write "apiVersion: v2".`,
  )
}

function readType(fields: Fields): Chart['type'] {
  const found = fields.text('type')
  if (found === '') return 'application'
  if (found === 'application' || found === 'library') return found
  throw fields.fault(
    'type',
    `type is ${JSON.stringify(found)}, and a chart is an "application" or a "library".`,
  )
}

/** What Helm's own, lenient parser lets pass. */
const lenientVersion =
  /^v?(?:0|[1-9]\d*|0\d+)(?:\.\d+)?(?:\.\d+)?(?:-[\w.-]+)?(?:\+[\w.-]+)?$/

function readVersion(fields: Fields, { strictVersion }: ChartRules): string {
  const found = fields.text('version')
  if (found === '')
    throw fields.fault(
      'version',
      'the chart has no version. Add one like "version: 1.2.3".',
    )
  if (isStrictVersion(found)) return found
  if (!strictVersion && lenientVersion.test(found)) return found
  const meant = suggestVersion(found)
  const fix =
    meant === undefined
      ? 'Write one like "version: 1.2.3".'
      : `Write "version: ${meant}".`
  const why = /^v\d/i.test(found)
    ? ', and the version ranges of "helm install --version" cannot see such a version in an OCI registry: they look at strict SemVer tags only. The git tag may keep its "v"'
    : ''
  throw fields.fault(
    'version',
    `the version ${JSON.stringify(found)} is no strict SemVer 2.0.0: ${explainVersion(found)}${why}. ${fix}`,
  )
}

/** `helm package` takes a number and changes it; `helm lint` refuses it. */
function readAppVersion(fields: Fields, { lint }: ChartRules): string {
  const found = fields.text('appVersion')
  const raw = fields.raw('appVersion')
  if (!lint || !fields.has('appVersion') || typeof raw === 'string')
    return found
  throw fields.fault(
    'appVersion',
    raw === null
      ? 'appVersion is there without a value, which "helm lint" refuses. Give it one in quotes, or remove the line.'
      : `appVersion is ${kindOf(raw)} and no text, so "helm lint" refuses it: Helm would read it as ${JSON.stringify(found)}. Put the value in quotes: appVersion: ${JSON.stringify(fields.source('appVersion') ?? found)}.`,
  )
}

/**
 * Helm reads a `requirements.yaml` into the same fields, after `Chart.yaml`:
 * what is listed there wins.
 */
function readDependencies(
  chart: Fields,
  requirements: TextFile | undefined,
): readonly ChartDependency[] {
  const old =
    requirements === undefined
      ? undefined
      : readFields(requirements.text, requirements.file)
  const fields = old?.has('dependencies') === true ? old : chart
  return fields
    .maps('dependencies')
    .map((one) =>
      readDependency(one, (why) => fields.fault('dependencies', why)),
    )
}

function readDependency(
  map: Readonly<Record<string, unknown>>,
  fault: (why: string) => Error,
): ChartDependency {
  const text = (name: string): string => {
    const found = textIn(map, name)
    if (found !== undefined) return found
    throw fault(`"${name}" of a dependency must be text.`)
  }
  const [name, repository] = [text('name'), text('repository')]
  if (name === '') throw fault('a dependency has no name.')
  return {
    name,
    version: text('version'),
    ...(repository === '' ? {} : { repository }),
  }
}

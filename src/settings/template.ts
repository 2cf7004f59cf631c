import { isStrictVersion } from '../strict-version.ts'
import { expandAlias, ociTag } from '../version.ts'
import {
  invalid,
  parseLine,
  parseLines,
  quote,
  type Setting,
} from './values.ts'

/** `auto`, or a template with `{version}` once and `{chart}` at most once. */
export function parseTagFormat(setting: Setting): string {
  const { name, value } = setting
  if (value === 'auto') return value
  const used = placeholders(setting, ['version', 'chart'])
  if (used.filter((one) => one === 'version').length !== 1)
    throw invalid(
      name,
      `${quote(value)} must hold {version} once, like helm-chart-{version}, or be auto.`,
    )
  if (used.filter((one) => one === 'chart').length > 1)
    throw invalid(name, `${quote(value)} holds {chart} more than once.`)
  // What git allows in a ref, without the rare: https://git-scm.com/docs/git-check-ref-format
  const literal = value.replaceAll(/\{\w+\}/g, '')
  if (!/^[\w.@/+=-]*$/.test(literal) || /^\/|\/\/|\.\.|\/$/.test(value))
    throw invalid(
      name,
      `${quote(value)} can be no git tag. Write letters, digits and - _ . / @ + = around its placeholders.`,
    )
  return value
}

/** One line of text with placeholders of a release. */
export function parseReleaseName(setting: Setting): string {
  const value = parseLine(setting)
  placeholders(setting, ['tag', 'chart', 'version', 'app-version'])
  return value
}

/**
 * The templates of extra OCI tags. One that could be a chart's version is
 * refused: Helm and ArtifactHub would list it as a version of its own.
 */
export function parseAliases({ name, value }: Setting): readonly string[] {
  const templates = [...new Set(parseLines(value))]
  for (const template of templates) {
    placeholders({ name, value: template }, ['version', 'major', 'minor'])
    const sample = ociTag(expandAlias(template, '1.2.3'))
    if (!/^\w[\w.-]{0,127}$/.test(sample))
      throw invalid(
        name,
        `${quote(template)} gives ${quote(sample)}, which can be no OCI tag: at most 128 letters, digits, "_", "." and "-", and none of the last two in front.`,
      )
    if (isStrictVersion(sample))
      throw invalid(
        name,
        `${quote(template)} gives ${quote(sample)}, which reads as a version of its own. Write one like v{version}, {major}.{minor} or latest.`,
      )
    if (sample === 'artifacthub.io')
      throw invalid(
        name,
        '"artifacthub.io" is the tag of ArtifactHub\'s own file. Write another one.',
      )
  }
  return templates
}

/** The placeholders in use. Throws for one that is not known. */
function placeholders(
  { name, value }: Setting,
  known: readonly string[],
): readonly string[] {
  const shown = known.map((one) => `{${one}}`).join(', ')
  const used = [...value.matchAll(/\{([^{}]*)\}/g)].map(([, one = '']) => one)
  const odd = used.find((one) => !known.includes(one))
  if (odd !== undefined)
    throw invalid(
      name,
      `{${odd}} in ${quote(value)} is no placeholder. There are ${shown}.`,
    )
  if (/[{}]/.test(value.replaceAll(/\{[^{}]*\}/g, '')))
    throw invalid(
      name,
      `${quote(value)} has a brace without its other one. Placeholders are ${shown}.`,
    )
  return used
}

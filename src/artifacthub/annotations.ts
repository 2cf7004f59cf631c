import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { ReleaseError } from '../errors.ts'
import type { Chart } from '../model.ts'
import { rules } from './rules.ts'

const PREFIX = 'artifacthub.io/'

/**
 * What ArtifactHub would drop this version for, each `METADATA_INVALID` at the
 * line of its annotation. `text` is that of `Chart.yaml`.
 */
export function checkAnnotations(
  chart: Pick<Chart, 'annotations' | 'versionAt'>,
  text: string,
): readonly ReleaseError[] {
  const { file } = chart.versionAt
  const failures: ReleaseError[] = []
  let lines: ReadonlyMap<string, number> | undefined
  for (const [name, rule] of Object.entries(rules)) {
    const key = `${PREFIX}${name}`
    if (!Object.hasOwn(chart.annotations, key)) continue
    const why = rule(chart.annotations[key] ?? '')
    if (why === null) continue
    lines ??= annotationLines(text)
    const line = lines.get(key)
    failures.push(
      new ReleaseError(
        'METADATA_INVALID',
        `${file}${line === undefined ? '' : `, line ${line}`}: ArtifactHub would refuse the annotation ${key}, and with it this version: ${why}. Correct it, or take it out.`,
        { at: { file, ...(line === undefined ? {} : { line }) } },
      ),
    )
  }
  return failures
}

/** The line, from 1, of each key below `annotations:`. */
function annotationLines(text: string): ReadonlyMap<string, number> {
  const lines = new LineCounter()
  const { contents } = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    logLevel: 'silent',
  })
  const annotations = isMap(contents) ? contents.get('annotations') : undefined
  const found = new Map<string, number>()
  if (isMap(annotations))
    for (const { key } of annotations.items)
      if (isScalar(key) && key.range != null)
        found.set(String(key.value), lines.linePos(key.range[0]).line)
  return found
}

/** What our drafts carry, so that a later run knows them again. */
export interface ReleaseMarker {
  /** The commit that the packages were made from. */
  readonly commit: string
}

const form = /<!-- chart-release: (\{.*?\}) -->/

/**
 * A comment that nobody sees in the rendered notes. What is in it cannot end
 * it: JSON can spell the brackets in another way.
 */
export function writeMarker(marker: ReleaseMarker): string {
  const json = JSON.stringify(marker)
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('>', String.raw`\u003e`)
  return `<!-- chart-release: ${json} -->`
}

/** The marker in a release's text; `null`: the release is not ours. */
export function readMarker(
  body: string | null | undefined,
): ReleaseMarker | null {
  const json = form.exec(body ?? '')?.[1]
  if (json === undefined) return null
  try {
    const { commit } = JSON.parse(json) as Partial<ReleaseMarker>
    return typeof commit === 'string' ? { commit } : null
  } catch {
    return null
  }
}

/** The text with our marker in it, instead of an older one of ours. */
export function markBody(
  body: string | null | undefined,
  marker: ReleaseMarker,
): string {
  const text = body ?? ''
  const written = writeMarker(marker)
  if (form.test(text)) return text.replace(form, () => written)
  return text === '' ? written : `${text}\n\n${written}`
}

import type { ArchiveFiles } from './archive.ts'

/** 1 MiB: a chart travels whole into a Kubernetes secret of that size. */
const LARGE = 1024 * 1024

/**
 * Warnings about what hardly belongs into a package: archives outside
 * `charts/`, the `index.yaml` of a Helm repository, files over 1 MiB. Each
 * names the line for the chart's `.helmignore` that keeps it out.
 */
export function findPackageWarnings(
  files: ArchiveFiles,
  chart: { readonly name: string; readonly directory: string },
): readonly string[] {
  const warnings: string[] = []
  for (const [entry, bytes] of files) {
    const file = entry.slice(entry.indexOf('/') + 1)
    const what = describe(file, bytes)
    if (what === null) continue
    const found = `The package of ${chart.name} holds ${file}, ${what}.`
    const ignore =
      chart.directory === '.' ? '.helmignore' : `${chart.directory}/.helmignore`
    warnings.push(
      file.startsWith('charts/')
        ? `${found} It comes with a dependency: exclude it in that chart's .helmignore.`
        : `${found} If it does not belong there, add this line to ${ignore}: ${ignoreLine(file)}`,
    )
  }
  return warnings
}

function describe(file: string, bytes: Uint8Array): string | null {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const ownFile = !file.startsWith('charts/')
  if (ownFile && /\.(tgz|tgz\.prov|prov)$/i.test(name))
    return name.endsWith('.prov')
      ? 'a stray provenance file'
      : 'a stray archive'
  if (ownFile && name === 'index.yaml' && isIndex(file, bytes))
    return 'the index of a Helm repository'
  if (ownFile && /^artifacthub-repo\.ya?ml$/.test(file))
    return "ArtifactHub's file about the repository"
  if (bytes.length > LARGE)
    return `a file of ${(bytes.length / LARGE).toFixed(1)} MiB`
  return null
}

/** `templates/index.yaml` may well be a template. */
function isIndex(file: string, bytes: Uint8Array): boolean {
  return (
    file === 'index.yaml' ||
    /^entries:/m.test(Buffer.from(bytes).toString('latin1'))
  )
}

/**
 * Exactly this file: Helm matches a rule with a leading slash against the path
 * from the chart's root, by Go's `filepath.Match` (helm/helm,
 * `internal/ignore/rules.go`). A wildcard would hit `charts/*.tgz` too.
 */
function ignoreLine(file: string): string {
  return `/${file.replaceAll(/[\\*?[]/g, String.raw`\$&`)}`
}

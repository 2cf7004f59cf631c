import { ReleaseError } from '../errors.ts'
import type { ExecResult } from '../exec.ts'

/** Helm's own words: secrets only ever reach it through files. */
export function wordsOf({ stdout, stderr, exitCode }: ExecResult): string {
  const words = (stderr.trim() || stdout.trim()).replace(/^Error: /, '')
  return words === '' ? `exit code ${exitCode}` : words
}

/** Why `helm dependency` failed, and what helps: `DEPENDENCY_FAILED`. */
export function dependencyFailure(
  verb: 'build' | 'update',
  result: ExecResult,
): ReleaseError {
  return new ReleaseError(
    'DEPENDENCY_FAILED',
    `helm dependency ${verb} failed: ${wordsOf(result)}${dependencyRemedy(result)}`,
  )
}

/**
 * Tells a registry that refuses us (`REGISTRY_AUTH`) from every other failure of
 * a push (`REGISTRY_FAILED`).
 */
export function pushFailure(
  result: ExecResult,
  repository: string,
): ReleaseError {
  const words = wordsOf(result)
  // A chart or a repository may well be called "denied".
  const plain = words.replaceAll(/\S*\/\S*/g, '')
  const refused =
    /\bstatus(?: code)?:? 40[13]\b|\b40[13] (?:unauthorized|forbidden)|unauthorized|denied|forbidden|credentials? not found|no basic auth credentials/i.test(
      plain,
    )
  return refused
    ? new ReleaseError(
        'REGISTRY_AUTH',
        `The registry refuses a push to oci://${repository}: ${words}. Check the credentials for its host (registry-credentials, or "packages: write" for ghcr.io) and what they may do.`,
      )
    : new ReleaseError(
        'REGISTRY_FAILED',
        `helm push to oci://${repository} failed: ${words}`,
      )
}

function dependencyRemedy({ stderr }: ExecResult): string {
  if (/out of sync/i.test(stderr))
    return '. Run "helm dependency update" in the chart and commit its lock, or set "dependencies: update".'
  if (
    /no repository definition for @|no repository definition.*alias/i.test(
      stderr,
    )
  )
    return '. An "@name" or "alias:name" repository must be added by an earlier step with "helm repo add", or be named by its URL in Chart.yaml.'
  if (/could not find protocol handler/i.test(stderr))
    return '. This kind of repository needs a Helm plugin: install Helm and the plugin in an earlier step and set "helm-version: installed".'
  if (/\b40[13]\b|unauthorized|forbidden/i.test(stderr))
    return '. List the host in registry-credentials: "host username password".'
  return ''
}

import { parse } from 'semver'
import { invalid, quote, type Setting } from './values.ts'

/** An exact version with its `v`, or `installed`. */
export function parseHelmVersion({ name, value }: Setting): string {
  const version = value.replace(/^v/, '')
  const found = parse(version)
  if (value === 'installed') return value
  if (found?.version === version && found.major >= 3) return `v${version}`
  throw invalid(
    name,
    `${quote(value)} is no exact version of Helm 3 or later. Write one like v4.2.4, or installed for the one on PATH.`,
  )
}

import type { ChartRelease } from './model.ts'

/**
 * The name of a new GitHub Release: a template of the input `release-name`,
 * its placeholders filled in once (what they stand for is not read again).
 */
export function releaseTitle(
  template: string,
  { chart, version, tag }: ChartRelease,
  appVersion: string | undefined,
): string {
  const values: Readonly<Record<string, string | undefined>> = {
    tag: tag.name,
    chart: chart.name,
    version,
    'app-version': appVersion ?? chart.appVersion,
  }
  return template.replaceAll(
    /\{([a-z-]+)\}/g,
    (_, name: string) => values[name] ?? '',
  )
}

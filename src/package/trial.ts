import { parse } from 'yaml'
import { ReleaseError } from '../errors.ts'
import type { Stranger } from '../helm/stranger.ts'
import type { ChartRelease, Package } from '../model.ts'

/** What Helm says is shortened to this: a failing template prints all it knows. */
const LONGEST = 600

/** What a user's Helm makes of a package, whichever channel it came through. */
export interface Trial {
  /** The package is of no use: `VERIFY_BROKEN`. */
  readonly failure?: ReleaseError
  readonly warning?: string
}

/**
 * Reads a package as a stranger's Helm does, and renders it with its default
 * values, which needs no cluster. That rendering fails is a warning: many
 * charts want values. A library chart is never rendered.
 */
export async function tryPackage(
  stranger: Stranger,
  { chart, version }: ChartRelease,
  { path, fileName }: Package,
): Promise<Trial> {
  const shown = await stranger.showChart(path)
  const broken = (words: string): Trial => ({
    failure: new ReleaseError(
      'VERIFY_BROKEN',
      `${fileName} is published, but a user's Helm does not read it as ${chart.name} ${version}: ${words}. Raise the chart's version and release it again.`,
    ),
  })
  if (!shown.ok)
    return shown.passing
      ? {
          warning: `Whether a user's Helm reads ${fileName} could not be tried: ${shorten(shown.words)}. Re-run this job: it will only verify.`,
        }
      : broken(shorten(shown.words))
  const found = readVersion(shown.value)
  if (found !== version) return broken(`"helm show chart" says ${found}`)
  if (chart.type === 'library') return {}
  const rendered = await stranger.template(path)
  if (rendered.ok) return {}
  if (rendered.passing)
    return {
      warning: `Whether ${fileName} can be rendered could not be tried: ${shorten(rendered.words)}. Re-run this job: it will only verify.`,
    }
  return {
    warning: `${fileName} cannot be rendered with its default values: ${shorten(rendered.words)}. A user must set values to install it: say so in the chart's README, or give it defaults.`,
  }
}

/** Helm writes what it read anew, as plain YAML. */
function readVersion(text: string): string {
  try {
    const { version } = (parse(text) ?? {}) as { readonly version?: unknown }
    return String(version)
  } catch {
    return 'something that is no YAML'
  }
}

function shorten(words: string): string {
  const line = words.replaceAll(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}

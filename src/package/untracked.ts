import path from 'node:path'
import { noForeignConfig } from '../checkout.ts'
import type { ArchiveFiles } from './archive.ts'
import type { Exec } from '../exec.ts'
import type { Chart } from '../model.ts'

/**
 * A warning that names what a package holds although git does not track it:
 * the tag does not vouch for these files. Ignored files count; fetched
 * dependencies do not. `null` when there are none, or no git checkout.
 */
export async function warnAboutUntracked(question: {
  readonly chart: Chart
  readonly workspace: string
  readonly files: ArchiveFiles
  readonly exec: Exec
}): Promise<string | null> {
  const { chart, workspace, files, exec } = question
  const result = await exec(
    'git',
    [
      '--literal-pathspecs',
      '-c',
      'safe.directory=*',
      ...noForeignConfig,
      'ls-files',
      '--others',
      '-z',
      '--',
      chart.directory,
    ],
    {
      cwd: workspace,
      env: { GIT_CEILING_DIRECTORIES: path.dirname(workspace) },
    },
  ).catch(() => null)
  if (result?.exitCode !== 0) return null
  const prefix = chart.directory === '.' ? '' : `${chart.directory}/`
  const packaged = result.stdout
    .split('\0')
    .filter((file) => file.startsWith(prefix) && file !== '')
    .map((file) => file.slice(prefix.length))
    .filter(
      (file) =>
        !file.startsWith('charts/') && files.has(`${chart.name}/${file}`),
    )
  if (packaged.length === 0) return null
  const shown = packaged.slice(0, 10).join(', ')
  const more = packaged.length > 10 ? ` and ${packaged.length - 10} more` : ''
  return `The package of ${chart.name} holds ${packaged.length === 1 ? 'a file that is' : 'files that are'} not in git: ${shown}${more} (in ${chart.directory}). Commit ${packaged.length === 1 ? 'it' : 'them'}, or exclude ${packaged.length === 1 ? 'it' : 'them'} in .helmignore.`
}

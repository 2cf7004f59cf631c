import type { ChannelKind } from '../model.ts'
import { codeBlock, inlineCode } from './escape.ts'
import type { InstallCommand } from './install.ts'

const ways: Readonly<Record<ChannelKind, string>> = {
  oci: 'From the OCI registry',
  pages: 'From the Helm repository',
  'github-release': 'By direct download',
}

/**
 * Commands to copy, as GitHub's Markdown: for the release notes and the job
 * summary alike. Each is a code block of its own, because GitHub puts a copy
 * button on every block, in the order given (`installCommands` puts OCI first).
 * Without a heading, and empty when there are no commands.
 */
export function renderInstallBlock(
  commands: readonly InstallCommand[],
): string {
  return commands.map((command) => renderCommand(command)).join('\n\n')
}

/** One command to copy; `condition` says when it works, e.g. `once it is served`. */
export function renderCommand(
  { channel, lines, login }: InstallCommand,
  condition?: string,
): string {
  const words = [
    ways[channel],
    ...(login === undefined
      ? []
      : [`after ${inlineCode(`helm registry login ${login}`)}`]),
    ...(condition === undefined ? [] : [condition]),
  ]
  return `${words.join(', ')}:\n\n${codeBlock(lines.join('\n'), 'sh')}`
}

/** What the runner takes for a command in the log of a step. */
export interface WorkflowCommand {
  readonly name: string
  readonly data: string
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
const known = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
])

/** What `String.TrimStart` takes away in .NET, which is not quite `\s`. */
const white =
  /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/

/**
 * The commands of a log as the runner finds them, in its two forms:
 * https://github.com/actions/runner/blob/v2.336.0/src/Runner.Common/ActionCommand.cs
 */
export function readCommands(log: string): readonly WorkflowCommand[] {
  return log
    .split(/\r\n|\r|\n/)
    .flatMap((line) => inFront(line.replace(white, '')) ?? anywhere(line) ?? [])
}

/** `::name properties::data` */
function inFront(line: string): WorkflowCommand | undefined {
  if (!line.startsWith('::')) return undefined
  const end = line.indexOf('::', 2)
  return end < 0
    ? undefined
    : commandOf(line.slice(2, end), line.slice(end + 2))
}

/** `##[name properties]data` */
function anywhere(line: string): WorkflowCommand | undefined {
  const start = line.indexOf('##[')
  const end = line.indexOf(']', start)
  return start < 0 || end < 0
    ? undefined
    : commandOf(line.slice(start + 3, end), line.slice(end + 1))
}

function commandOf(info: string, data: string): WorkflowCommand | undefined {
  const [name = ''] = info.split(' ')
  return known.has(name) ? { name, data } : undefined
}

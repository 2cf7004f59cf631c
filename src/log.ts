import * as core from '@actions/core'
import type { FilePosition } from './model.ts'

/** Where the run talks: the workflow log, with GitHub's annotations. */
export interface Log {
  debug(message: string): void
  info(message: string): void
  notice(message: string, at?: FilePosition): void
  warning(message: string, at?: FilePosition): void
  error(message: string, title: string, at?: FilePosition): void
  /** Runs `work` inside a foldable group of the log. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>
  /** Hides this value from everything that is logged from now on. */
  mask(secret: string): void
}

/** The log of a job on GitHub; `core` escapes what could be a workflow command. */
export const workflowLog: Log = {
  debug: core.debug,
  info: (message) => core.info(inert(message)),
  notice: (message, at) => core.notice(message, properties(at)),
  warning: (message, at) => core.warning(message, properties(at)),
  error: (message, title, at) =>
    core.error(message, { title, ...properties(at) }),
  group: core.group,
  mask: (secret) => {
    if (secret !== '') core.setSecret(secret)
  },
}

/**
 * `core.info` prints as it is, and the runner obeys `::command::` and
 * `##[command]` at the start of any line: a zero-width space makes it text.
 */
function inert(message: string): string {
  return message.replaceAll(/^(\s*)(::|##\[)/gm, '$1\u200b$2')
}

function properties(at: FilePosition | undefined): core.AnnotationProperties {
  if (at === undefined) return {}
  return at.line === undefined
    ? { file: at.file }
    : { file: at.file, startLine: at.line }
}

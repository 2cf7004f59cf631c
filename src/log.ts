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

/**
 * The log of a job on GitHub. `core` writes one line that is a command for each
 * of these but `info`, and escapes what could end it.
 */
export const workflowLog: Log = {
  debug: (message) => core.debug(visible(message)),
  info: (message) => core.info(inert(visible(message))),
  notice: (message, at) => core.notice(visible(message), properties(at)),
  warning: (message, at) => core.warning(visible(message), properties(at)),
  error: (message, title, at) =>
    core.error(visible(message), { title, ...properties(at) }),
  group: async (title, work) => await core.group(visible(title), work),
  mask: (secret) => {
    if (secret !== '') core.setSecret(secret)
  },
}

/**
 * `core.info` prints as it is, and the runner obeys `::command::` at the start
 * of any line and `##[command]` anywhere in it. A zero-width space makes both
 * text:
 * https://github.com/actions/runner/blob/v2.336.0/src/Runner.Common/ActionCommand.cs
 */
function inert(message: string): string {
  return message
    .replaceAll(/^(\s*):(?=:)/gm, '$1\u200b:')
    .replaceAll('##[', '#\u200b#[')
}

/**
 * What a terminal obeys (ANSI escapes) and what turns text around as its code,
 * so that nothing of a line hides. Line breaks are line feeds, and no others.
 */
function visible(message: string): string {
  return message
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(
      /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
      (character) =>
        `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
    )
}

function properties(at: FilePosition | undefined): core.AnnotationProperties {
  if (at === undefined) return {}
  const file = visible(at.file)
  return at.line === undefined ? { file } : { file, startLine: at.line }
}

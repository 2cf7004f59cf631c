import type { GitHub } from './client.ts'
import {
  type PagesSettings,
  readHasPages,
  readPagesSettings,
  type SettingsAnswer,
} from './pages-settings.ts'
import { pagesUrl } from './pages-url.ts'

/** What is known of a repository's Pages. */
export type PagesState =
  | { readonly kind: 'on'; readonly settings: PagesSettings }
  | { readonly kind: 'off' }
  /** On, but this token may not see how. */
  | { readonly kind: 'hidden' }

/**
 * GitHub Pages of a repository. Methods throw `PAGES_FAILED` and
 * `PERMISSION_DENIED` when GitHub does not say.
 */
export interface PagesSite {
  /** Where it serves a folder of its branch, without `/` at the end. */
  urlOf(directory: string): Promise<string>
  /** By what the settings were when they were first asked for. */
  known(): Promise<PagesState>
  /** By what they are now. */
  now(): Promise<PagesState>
}

/** One request for the settings serves whoever asks first. */
export function createPagesSite(github: GitHub): PagesSite {
  let asked: Promise<SettingsAnswer> | undefined
  const first = async (): Promise<SettingsAnswer> =>
    await (asked ??= readPagesSettings(github))
  return {
    urlOf: async (directory) => pagesUrl(github, directory, await first()),
    known: async () => await stateOf(github, await first()),
    now: async () => await stateOf(github, await readPagesSettings(github)),
  }
}

/** "Not found" may also mean that this token must not know. */
async function stateOf(
  github: GitHub,
  answer: SettingsAnswer,
): Promise<PagesState> {
  if (typeof answer !== 'string') return { kind: 'on', settings: answer }
  return (await readHasPages(github)) ? { kind: 'hidden' } : { kind: 'off' }
}

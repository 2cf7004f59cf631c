import type { Served } from './served-index.ts'

/** What a stranger meets, and what the maintainer does about it. */
export interface Explanation {
  readonly reason: string
  readonly remedy: string
}

/** What a re-run does, at the end of every remedy. */
export const again = 'then re-run this job: it will only verify.'

/** A server's words on one line, not too many, and without a full stop. */
export function plain(words: string): string {
  const line = words
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .replace(/\.+$/, '')
  return line.length > 500 ? `${line.slice(0, 500)}…` : line
}

/** What a stranger meets at the address of the index, as a part of a sentence. */
export function sightOf(served: Served, baseUrl: string): string {
  const url = `${baseUrl}/index.yaml`
  switch (served.state) {
    case 'index':
      return `the index at ${url} does not list this version`
    case 'page':
      return `a stranger finds a page for people at ${url}, and no index`
    case 'no index':
      return `what is at ${url} cannot be read as an index: ${plain(served.words)}`
    case 'refused':
      return `a stranger finds no index: ${plain(served.words)}`
    case 'trouble':
      return `the index at ${url} could not be fetched: ${plain(served.words)}`
  }
}

export function sentence(part: string): string {
  return `${part.slice(0, 1).toUpperCase()}${part.slice(1)}.`
}

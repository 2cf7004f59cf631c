/**
 * Do both URLs lead into the same repository of a GitHub server? Its own page,
 * its clone URL and the pages below it (`/tree/main/charts/x`) all do, in any
 * case of letters.
 */
export function isSameRepository(one: string, other: string): boolean {
  return essence(one) === essence(other)
}

/** `host/owner/repo`, or the URL itself when it is none of a repository. */
function essence(url: string): string {
  const lower = url.toLowerCase()
  const [, place, owner, name] =
    /^[a-z]+:\/\/([^/]+)\/([^/]+)\/([^/?#]+)/.exec(lower) ?? []
  return name === undefined
    ? lower.replace(/\/+$/, '')
    : `${place}/${owner}/${name.replace(/\.git$/, '')}`
}

/** What lies where a landing page would be written. */
export interface SitePlace {
  /** `auto`: only where nobody else can have made a home. */
  readonly mode: 'auto' | 'true'
  /** The branch is made by this very commit. */
  readonly isNewBranch: boolean
  /** What lies beside the index. */
  readonly names: readonly string[]
  /** What lies at the root of the branch; the same, when the index does. */
  readonly rootNames: readonly string[]
  /** Of the index on the branch; `.` for its root. */
  readonly directory: string
  /** Is `index.html` there, and did this action write it? */
  readonly hasOwnPage: boolean
}

/** May the page be written? If not: what keeps it from that; `null`: the mode. */
export type Judgement =
  | { readonly write: true }
  | { readonly write: false; readonly home: string | null }

/** Files that this action writes to a branch that it made, and nobody's home. */
const own =
  /^(?:\.nojekyll|CNAME|index\.yaml|artifacthub-repo\.ya?ml|[\w.+-]+\.tgz(?:\.prov)?)$/

/** A home page, or what Jekyll makes one of. */
const home = /^(?:index\.(?!yaml$).*|readme(?:\..*)?|_config\.(?:ya?ml|toml))$/i

/**
 * A page is never written over, or beside, the home page of somebody else
 * (P6). By itself (`auto`), one is only begun on a branch that holds nothing but
 * what this action put there.
 */
export function judgePlace(place: SitePlace): Judgement {
  const { mode, names, hasOwnPage } = place
  if (hasOwnPage || place.isNewBranch) return { write: true }
  const found = names.find((name) => home.test(name))
  if (mode === 'true')
    return found === undefined ? { write: true } : { write: false, home: found }
  return isMadeByUs(place) ? { write: true } : { write: false, home: null }
}

/** Jekyll is switched off there, and nothing lies there but our own files. */
function isMadeByUs({ names, rootNames, directory }: SitePlace): boolean {
  return (
    rootNames.includes('.nojekyll') &&
    names.every((name) => own.test(name)) &&
    rootNames.every((name) => own.test(name) || name === directory)
  )
}
